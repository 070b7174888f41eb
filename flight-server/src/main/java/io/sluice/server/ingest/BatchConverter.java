package io.sluice.server.ingest;

import io.sluice.engine.EngineConfig;
import io.sluice.engine.EngineException;
import io.sluice.engine.ErrorCode;
import io.sluice.engine.batch.Batch;
import io.sluice.engine.batch.Column;
import io.sluice.engine.batch.FlatColumn;
import io.sluice.engine.batch.Vectors;
import io.sluice.engine.connector.ColumnDefinition;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.dictionary.DictionaryProvider;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;
import org.jspecify.annotations.Nullable;

/**
 * Turns record batches of a client into batches for a table: columns are matched by name, those
 * that the client does not send are NULL.
 */
final class BatchConverter {
  private final List<Target> targets;
  private long rows;

  /**
   * A column of the table, and what fills it.
   *
   * @param source place in the client's batches, or -1
   */
  private record Target(ColumnDefinition column, int source, @Nullable ColumnConverter converter) {}

  /**
   * @throws EngineException where names or types do not go together
   */
  BatchConverter(Schema sent, List<ColumnDefinition> columns, DictionaryProvider dictionaries) {
    List<String> names = sent.getFields().stream().map(Field::getName).toList();
    requireKnown(names, columns);
    List<Target> matched = new ArrayList<>();
    for (ColumnDefinition column : columns) {
      int source = ColumnMatch.find(names, column.name());
      if (source < 0 && !column.nullable()) {
        throw new EngineException(
            ErrorCode.NOT_NULL_VIOLATION,
            "column '" + column.name() + "' is NOT NULL and is not among those sent: " + names);
      }
      matched.add(
          new Target(
              column,
              source,
              source < 0
                  ? null
                  : new ColumnConverter(
                      sent.getFields().get(source), column.type(), dictionaries)));
    }
    this.targets = List.copyOf(matched);
  }

  private static void requireKnown(List<String> names, List<ColumnDefinition> columns) {
    List<String> known = columns.stream().map(ColumnDefinition::name).toList();
    for (int i = 0; i < names.size(); i++) {
      String name = names.get(i);
      if (ColumnMatch.find(known, name) < 0) {
        throw new EngineException(
            ErrorCode.UNKNOWN_COLUMN, "the table has no column '" + name + "'; it has " + known);
      }
      if (names.indexOf(name) != i) {
        throw new EngineException(
            ErrorCode.AMBIGUOUS_NAME, "column '" + name + "' is sent more than once");
      }
    }
  }

  /** Gives the consumer the rows in batches of a size that the engine takes. */
  void convert(VectorSchemaRoot root, BufferAllocator allocator, Consumer<Batch> consumer) {
    for (int start = 0; start < root.getRowCount(); start += EngineConfig.MAX_BATCH_ROWS) {
      int count = Math.min(EngineConfig.MAX_BATCH_ROWS, root.getRowCount() - start);
      consumer.accept(batch(root, start, count, allocator));
      rows += count;
    }
  }

  private Batch batch(VectorSchemaRoot root, int start, int count, BufferAllocator allocator) {
    List<Column> columns = new ArrayList<>(targets.size());
    try {
      for (Target target : targets) {
        ColumnDefinition column = target.column();
        ColumnConverter converter = target.converter();
        FieldVector vector =
            converter == null
                ? Vectors.nulls(column.type(), count, allocator)
                : converter.convert(root.getVector(target.source()), start, count, rows, allocator);
        columns.add(new FlatColumn(column.type(), vector));
        if (!column.nullable()) {
          requireNoNulls(column, vector);
        }
      }
      return new Batch(columns, count);
    } catch (RuntimeException | Error failure) {
      columns.forEach(Column::close);
      throw failure;
    }
  }

  private void requireNoNulls(ColumnDefinition column, FieldVector vector) {
    if (vector.getNullCount() == 0) {
      return;
    }
    for (int i = 0; i < vector.getValueCount(); i++) {
      if (vector.isNull(i)) {
        throw new EngineException(
            ErrorCode.NOT_NULL_VIOLATION,
            "column '"
                + column.name()
                + "', row "
                + (rows + i)
                + " (the first is 0): NULL in a column that is NOT NULL");
      }
    }
  }
}
