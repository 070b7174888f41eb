package io.sluice.connectors.iceberg.write;

import io.sluice.connectors.iceberg.write.NestedSinks.Child;
import java.util.ArrayList;
import java.util.List;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Types;
import org.apache.parquet.column.ColumnWriteStore;
import org.apache.parquet.schema.GroupType;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.Type.Repetition;

/** Builds the sinks of one row group. */
final class RowSinks {
  private final MessageType message;
  private final ColumnWriteStore store;
  private final List<String> path = new ArrayList<>();

  private RowSinks(MessageType message, ColumnWriteStore store) {
    this.message = message;
    this.store = store;
  }

  /** One sink per stored column, in order. */
  static List<ValueSink> of(
      List<Types.NestedField> columns, MessageType message, ColumnWriteStore store) {
    RowSinks builder = new RowSinks(message, store);
    List<ValueSink> sinks = new ArrayList<>(columns.size());
    for (int i = 0; i < columns.size(); i++) {
      sinks.add(builder.sink(columns.get(i).type(), message.getType(i), 0, 0));
    }
    return sinks;
  }

  private ValueSink sink(
      Type type, org.apache.parquet.schema.Type stored, int parentDefinition, int repetition) {
    path.add(stored.getName());
    int definition = parentDefinition + (stored.isRepetition(Repetition.OPTIONAL) ? 1 : 0);
    ValueSink sink =
        switch (type.typeId()) {
          case STRUCT ->
              row(type.asStructType().fields(), stored.asGroupType(), definition, repetition);
          case LIST -> {
            GroupType repeated = stored.asGroupType().getType(0).asGroupType();
            path.add(repeated.getName());
            ValueSink element =
                sink(
                    type.asListType().elementType(),
                    repeated.getType(0),
                    definition + 1,
                    repetition + 1);
            path.removeLast();
            yield new NestedSinks.RepeatedSink(
                new Child(element, definition + 1), definition, repetition + 1);
          }
          case MAP -> {
            GroupType repeated = stored.asGroupType().getType(0).asGroupType();
            path.add(repeated.getName());
            ValueSink entry =
                row(type.asMapType().fields(), repeated, definition + 1, repetition + 1);
            path.removeLast();
            yield new NestedSinks.RepeatedSink(
                new Child(entry, definition + 1), definition, repetition + 1);
          }
          default ->
              LeafSinks.of(
                  stored.asPrimitiveType(),
                  store.getColumnWriter(message.getColumnDescription(path.toArray(String[]::new))),
                  definition);
        };
    path.removeLast();
    return sink;
  }

  private ValueSink row(
      List<Types.NestedField> fields, GroupType stored, int definition, int repetition) {
    List<Child> children = new ArrayList<>(fields.size());
    for (int i = 0; i < fields.size(); i++) {
      children.add(
          new Child(
              sink(fields.get(i).type(), stored.getType(i), definition, repetition), definition));
    }
    return new NestedSinks.RowSink(children);
  }
}
