package io.sluice.server.cli;

import java.io.PrintStream;
import java.util.List;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.types.pojo.Field;

/** Comma-separated values (RFC 4180) with a header; NULL is empty, the empty text is quoted. */
final class CsvPrinter implements RowPrinter {
  private final PrintStream out;

  CsvPrinter(PrintStream out) {
    this.out = out;
  }

  @Override
  public void begin(List<Field> columns) {
    StringBuilder line = new StringBuilder();
    for (Field column : columns) {
      line.append(line.isEmpty() ? "" : ",").append(quote(column.getName()));
    }
    out.println(line);
  }

  @Override
  public void rows(List<FieldVector> columns, int rows) {
    StringBuilder line = new StringBuilder();
    for (int row = 0; row < rows; row++) {
      line.setLength(0);
      for (int i = 0; i < columns.size(); i++) {
        Object value = CellValue.of(columns.get(i), row);
        line.append(i == 0 ? "" : ",");
        line.append(value == null ? "" : quote(CellValue.text(value)));
      }
      out.println(line);
    }
  }

  @Override
  public void end() {
    out.flush();
  }

  private static String quote(String text) {
    boolean plain = !text.isEmpty() && text.chars().noneMatch(c -> "\",\r\n".indexOf(c) >= 0);
    return plain ? text : '"' + text.replace("\"", "\"\"") + '"';
  }
}
