package io.sluice.connectors.parquet;

import io.sluice.engine.type.SqlType;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Where a nested value, or a part of one, is in a file. */
public sealed interface NestedSource {
  SqlType type();

  /**
   * Which of a leaf's levels are values of a node, empty ones and NULLs included.
   *
   * @param slot least definition level of a value
   * @param present least definition level of a value that is not NULL
   * @param repetition greatest repetition level that begins a value
   */
  record Levels(int slot, int present, int repetition) {}

  /** Values of a leaf. */
  record Leaf(ParquetColumn column, Levels levels, SqlType type) implements NestedSource {}

  /**
   * A field that the file lacks.
   *
   * @param constant its value everywhere, in the form of {@code Expression.Literal}
   */
  record Absent(SqlType type, @Nullable Object constant) implements NestedSource {}

  /**
   * A row, or a map's entries.
   *
   * @param shape a leaf below it, whose levels tell its NULLs
   */
  record Fields(SqlType type, Levels levels, ParquetColumn shape, List<NestedSource> fields)
      implements NestedSource {
    public Fields {
      fields = List.copyOf(fields);
    }
  }

  /**
   * An array or a map.
   *
   * @param shape a leaf below it, whose levels tell its lengths and NULLs
   */
  record Repeated(SqlType type, Levels levels, ParquetColumn shape, NestedSource element)
      implements NestedSource {}

  /** The leaves that are read, each once. */
  default List<ParquetColumn> columns() {
    List<ParquetColumn> columns = new ArrayList<>();
    collect(this, columns);
    return columns.stream().distinct().toList();
  }

  /** The leaves of which values are read. */
  default List<Leaf> leaves() {
    return switch (this) {
      case Leaf leaf -> List.of(leaf);
      case Absent ignored -> List.of();
      case Fields fields ->
          fields.fields().stream().flatMap(field -> field.leaves().stream()).toList();
      case Repeated repeated -> repeated.element().leaves();
    };
  }

  private static void collect(NestedSource source, List<ParquetColumn> columns) {
    switch (source) {
      case Leaf leaf -> columns.add(leaf.column());
      case Absent ignored -> {}
      case Fields fields -> {
        columns.add(fields.shape());
        fields.fields().forEach(field -> collect(field, columns));
      }
      case Repeated repeated -> {
        columns.add(repeated.shape());
        collect(repeated.element(), columns);
      }
    }
  }
}
