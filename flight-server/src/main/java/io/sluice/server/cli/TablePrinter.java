package io.sluice.server.cli;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;

/** Aligned columns. Widths come from the first rows; later ones that are wider stand out. */
final class TablePrinter implements RowPrinter {
  private static final int ROWS_TO_MEASURE = 1000;

  private final PrintStream out;
  private final List<List<String>> waiting = new ArrayList<>();
  private List<Field> columns = List.of();
  private int[] widths = {};
  private boolean measured;

  TablePrinter(PrintStream out) {
    this.out = out;
  }

  @Override
  public void begin(List<Field> fields) {
    columns = fields;
    widths = new int[fields.size()];
    for (int i = 0; i < widths.length; i++) {
      widths[i] = width(fields.get(i).getName());
    }
  }

  @Override
  public void rows(List<FieldVector> vectors, int rows) {
    for (int row = 0; row < rows; row++) {
      List<String> cells = new ArrayList<>(vectors.size());
      for (int i = 0; i < vectors.size(); i++) {
        String text = oneLine(CellValue.text(CellValue.of(vectors.get(i), row)));
        cells.add(text);
        if (!measured) {
          widths[i] = Math.max(widths[i], width(text));
        }
      }
      if (measured) {
        print(cells);
      } else {
        waiting.add(cells);
        if (waiting.size() == ROWS_TO_MEASURE) {
          flush();
        }
      }
    }
  }

  @Override
  public void end() {
    if (!measured) {
      flush();
    }
  }

  private void flush() {
    measured = true;
    print(columns.stream().map(Field::getName).toList());
    StringBuilder line = new StringBuilder();
    for (int i = 0; i < widths.length; i++) {
      line.append(i == 0 ? "" : "+").append("-".repeat(widths[i] + 2));
    }
    out.println(line);
    waiting.forEach(this::print);
    waiting.clear();
  }

  private void print(List<String> cells) {
    StringBuilder line = new StringBuilder();
    for (int i = 0; i < cells.size(); i++) {
      String padding = " ".repeat(Math.max(0, widths[i] - width(cells.get(i))));
      line.append(i == 0 ? " " : " | ");
      line.append(isNumber(i) ? padding + cells.get(i) : cells.get(i) + padding);
    }
    out.println(line.toString().stripTrailing());
  }

  private boolean isNumber(int column) {
    ArrowType type = columns.get(column).getType();
    return type instanceof ArrowType.Int
        || type instanceof ArrowType.FloatingPoint
        || type instanceof ArrowType.Decimal;
  }

  private static int width(String text) {
    return text.codePointCount(0, text.length());
  }

  private static String oneLine(String text) {
    return text.replace("\r", "\\r").replace("\n", "\\n").replace("\t", "\\t");
  }
}
