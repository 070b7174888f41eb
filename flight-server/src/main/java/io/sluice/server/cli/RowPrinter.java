package io.sluice.server.cli;

import java.io.PrintStream;
import java.util.List;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.types.pojo.Field;

/** Writes the rows of one result. */
interface RowPrinter {
  void begin(List<Field> columns);

  void rows(List<FieldVector> columns, int rows);

  void end();

  /** The forms to choose from. */
  enum Format {
    TABLE,
    CSV,
    JSON;

    RowPrinter printer(PrintStream out) {
      return switch (this) {
        case TABLE -> new TablePrinter(out);
        case CSV -> new CsvPrinter(out);
        case JSON -> new JsonPrinter(out);
      };
    }
  }
}
