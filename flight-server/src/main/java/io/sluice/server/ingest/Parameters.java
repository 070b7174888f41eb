package io.sluice.server.ingest;

import io.sluice.engine.EngineException;
import io.sluice.engine.expression.Expression;
import io.sluice.engine.type.SqlType;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.flight.FlightStream;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;

/**
 * Values that a client has bound.
 *
 * @param types by position; NULL where the client sends a column of nothing but NULL
 * @param rows one list of values for each execution
 */
public record Parameters(List<SqlType> types, List<List<Expression.Literal>> rows) {
  public Parameters {
    types = List.copyOf(types);
    rows = List.copyOf(rows);
  }

  /**
   * Reads the stream to its end.
   *
   * @param nanoDigits of timestamps
   */
  public static Parameters read(FlightStream stream, int nanoDigits) {
    boolean more = stream.next();
    if (!stream.hasRoot()) {
      return new Parameters(List.of(), List.of());
    }
    List<Field> fields = stream.getRoot().getSchema().getFields();
    IngestTypes arrowTypes = new IngestTypes(stream.getDictionaryProvider(), nanoDigits);
    List<SqlType> types = new ArrayList<>();
    List<CellReader> readers = new ArrayList<>();
    for (Field field : fields) {
      SqlType type =
          field.getType() instanceof ArrowType.Null ? SqlType.NULL : arrowTypes.sqlType(field);
      types.add(type);
      readers.add(
          type == SqlType.NULL
              ? (vector, row) -> null
              : CellReader.of(field, type, stream.getDictionaryProvider()));
    }
    List<List<Expression.Literal>> rows = new ArrayList<>();
    while (more) {
      append(stream.getRoot(), types, readers, rows);
      more = stream.next();
    }
    return new Parameters(types, rows);
  }

  private static void append(
      VectorSchemaRoot root,
      List<SqlType> types,
      List<CellReader> readers,
      List<List<Expression.Literal>> rows) {
    for (int row = 0; row < root.getRowCount(); row++) {
      List<Expression.Literal> values = new ArrayList<>(types.size());
      for (int i = 0; i < types.size(); i++) {
        FieldVector vector = root.getVector(i);
        try {
          values.add(new Expression.Literal(readers.get(i).read(vector, row), types.get(i)));
        } catch (ConversionProblem problem) {
          throw new EngineException(
              problem.code(),
              "parameter " + (i + 1) + ", row " + rows.size() + ": " + problem.getMessage());
        }
      }
      rows.add(values);
    }
  }
}
