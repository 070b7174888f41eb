package io.sluice.server.cli;

import java.io.PrintStream;
import java.util.List;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.types.pojo.Field;

/** A JSON array with one object for each row. */
final class JsonPrinter implements RowPrinter {
  private final PrintStream out;
  private List<Field> columns = List.of();
  private boolean any;

  JsonPrinter(PrintStream out) {
    this.out = out;
  }

  @Override
  public void begin(List<Field> fields) {
    columns = fields;
    any = false;
    out.print("[");
  }

  @Override
  public void rows(List<FieldVector> vectors, int rows) {
    for (int row = 0; row < rows; row++) {
      StringBuilder line = new StringBuilder(any ? ",\n{" : "\n{");
      for (int i = 0; i < vectors.size(); i++) {
        line.append(i == 0 ? "" : ",")
            .append(CellValue.quote(columns.get(i).getName()))
            .append(':')
            .append(CellValue.json(CellValue.of(vectors.get(i), row)));
      }
      out.print(line.append('}'));
      any = true;
    }
  }

  @Override
  public void end() {
    out.println(any ? "\n]" : "]");
  }
}
