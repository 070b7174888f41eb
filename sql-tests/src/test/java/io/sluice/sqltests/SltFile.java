package io.sluice.sqltests;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A test file in the format of sqllogictest, rows written one a line with tabs between cells.
 *
 * <pre>
 * statement ok [duckdb]          the statement succeeds (in DuckDB too)
 * statement error PATTERN        it fails with a message that matches
 * query [rowsort] [duckdb]       rows follow after ----; DuckDB must give the same
 * skipif MODE REASON             leaves out the next record in a mode
 * </pre>
 *
 * <p>NULL is NULL, the empty string is (empty).
 */
final class SltFile {
  private final Path path;
  private final List<String> lines;
  private final List<Record> records = new ArrayList<>();

  private SltFile(Path path, List<String> lines) {
    this.path = path;
    this.lines = lines;
  }

  static SltFile read(Path path) throws IOException {
    SltFile file = new SltFile(path, Files.readAllLines(path));
    file.parse();
    return file;
  }

  List<Record> records() {
    return records;
  }

  private void parse() {
    List<String> skips = new ArrayList<>();
    int i = 0;
    while (i < lines.size()) {
      String line = lines.get(i);
      if (line.isBlank() || line.startsWith("#")) {
        i++;
        continue;
      }
      String[] words = line.trim().split("\\s+", 3);
      if (words[0].equals("skipif")) {
        if (words.length < 3) {
          throw bad(i, "skipif needs a mode and a reason");
        }
        skips.add(words[1]);
        i++;
        continue;
      }
      i = parseRecord(i, line.trim(), List.copyOf(skips));
      skips.clear();
    }
  }

  private int parseRecord(int start, String header, List<String> skips) {
    int i = start + 1;
    StringBuilder sql = new StringBuilder();
    while (i < lines.size() && !lines.get(i).isBlank() && !lines.get(i).equals("----")) {
      sql.append(sql.isEmpty() ? "" : "\n").append(lines.get(i++));
    }
    List<String> expected = new ArrayList<>();
    if (i < lines.size() && lines.get(i).equals("----")) {
      i++;
      while (i < lines.size() && !lines.get(i).isEmpty()) {
        expected.add(lines.get(i++));
      }
    }
    List<String> words = List.of(header.split("\\s+"));
    boolean duckdb = words.contains("duckdb");
    boolean sorted = words.contains("rowsort");
    String text = sql.toString();
    if (header.startsWith("statement ok")) {
      records.add(
          new Record(start + 1, Record.Kind.STATEMENT, false, duckdb, skips, null, text, expected));
    } else if (header.startsWith("statement error ")) {
      String pattern = header.substring("statement error ".length());
      records.add(
          new Record(start + 1, Record.Kind.ERROR, false, false, skips, pattern, text, expected));
    } else if (words.get(0).equals("query")) {
      records.add(
          new Record(start + 1, Record.Kind.QUERY, sorted, duckdb, skips, null, text, expected));
    } else {
      throw bad(start, "unknown record: " + header);
    }
    return i;
  }

  /** The file's lines with the results of queries replaced, in record order. */
  List<String> complete(List<List<String>> results) {
    List<String> out = new ArrayList<>();
    int next = 0;
    for (int r = 0; r < records.size(); r++) {
      Record record = records.get(r);
      int end = r + 1 < records.size() ? records.get(r + 1).line() - 1 : lines.size();
      if (record.kind() != Record.Kind.QUERY) {
        out.addAll(lines.subList(next, end));
        next = end;
        continue;
      }
      int i = next;
      while (i < end && !(i >= record.line() && lines.get(i).equals("----"))) {
        if (i >= record.line() && lines.get(i).isBlank()) {
          break;
        }
        out.add(lines.get(i++));
      }
      out.add("----");
      out.addAll(results.get(r));
      while (i < end && !lines.get(i).isEmpty()) {
        i++;
      }
      out.addAll(lines.subList(i, end));
      next = end;
    }
    return out;
  }

  private IllegalArgumentException bad(int index, String message) {
    return new IllegalArgumentException(path + ":" + (index + 1) + ": " + message);
  }
}
