package io.sluice.server.ingest;

import io.sluice.engine.EngineException;
import io.sluice.engine.ErrorCode;
import io.sluice.engine.type.SqlType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.complex.FixedSizeListVector;
import org.apache.arrow.vector.complex.LargeListVector;
import org.apache.arrow.vector.complex.ListVector;
import org.apache.arrow.vector.complex.MapVector;
import org.apache.arrow.vector.complex.StructVector;
import org.apache.arrow.vector.dictionary.DictionaryProvider;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.jspecify.annotations.Nullable;

/** Readers of lists, structs and maps. */
final class NestedReaders {
  private NestedReaders() {}

  /** A reader, or null where such values never fit. */
  static @Nullable CellReader of(Field source, SqlType target, DictionaryProvider dictionaries) {
    return switch (target) {
      case SqlType.Array array -> array(source, array, dictionaries);
      case SqlType.Row row -> row(source, row, dictionaries);
      case SqlType.Map map -> map(source, map, dictionaries);
      case SqlType.Simple ignored -> null;
      case SqlType.Decimal ignored -> null;
      case SqlType.Timestamp ignored -> null;
    };
  }

  private static @Nullable CellReader array(
      Field source, SqlType.Array target, DictionaryProvider dictionaries) {
    if (source.getType() instanceof ArrowType.Map
        || !(source.getType() instanceof ArrowType.List
            || source.getType() instanceof ArrowType.LargeList
            || source.getType() instanceof ArrowType.FixedSizeList)) {
      return null;
    }
    CellReader element = CellReader.of(source.getChildren().get(0), target.element(), dictionaries);
    return (vector, row) ->
        switch (vector) {
          case ListVector list ->
              elements(
                  list.getDataVector(),
                  list.getElementStartIndex(row),
                  list.getElementEndIndex(row),
                  element);
          case LargeListVector list ->
              elements(
                  list.getDataVector(),
                  Math.toIntExact(list.getElementStartIndex(row)),
                  Math.toIntExact(list.getElementEndIndex(row)),
                  element);
          case FixedSizeListVector list ->
              elements(
                  list.getDataVector(),
                  list.getElementStartIndex(row),
                  list.getElementEndIndex(row),
                  element);
          default -> throw new AssertionError(vector.getField());
        };
  }

  private static List<@Nullable Object> elements(
      FieldVector vector, int start, int end, CellReader element) {
    List<@Nullable Object> values = new ArrayList<>(end - start);
    for (int i = start; i < end; i++) {
      values.add(element.read(vector, i));
    }
    return values;
  }

  private static @Nullable CellReader row(
      Field source, SqlType.Row target, DictionaryProvider dictionaries) {
    if (!(source.getType() instanceof ArrowType.Struct)) {
      return null;
    }
    List<Field> children = source.getChildren();
    int[] positions = new int[target.fields().size()];
    List<CellReader> readers = new ArrayList<>();
    int found = 0;
    for (int i = 0; i < positions.length; i++) {
      SqlType.Row.Field field = target.fields().get(i);
      positions[i] = ColumnMatch.find(children.stream().map(Field::getName).toList(), field.name());
      if (positions[i] < 0) {
        readers.add((vector, row) -> null);
      } else {
        found++;
        readers.add(CellReader.of(children.get(positions[i]), field.type(), dictionaries));
      }
    }
    if (found < children.size()) {
      throw new EngineException(
          ErrorCode.TYPE_MISMATCH,
          "column '" + source.getName() + "' has fields that " + target.sql() + " has not");
    }
    return (vector, row) -> {
      StructVector struct = (StructVector) vector;
      List<@Nullable Object> values = new ArrayList<>(positions.length);
      for (int i = 0; i < positions.length; i++) {
        values.add(
            positions[i] < 0
                ? null
                : readers.get(i).read((FieldVector) struct.getChildByOrdinal(positions[i]), row));
      }
      return values;
    };
  }

  private static @Nullable CellReader map(
      Field source, SqlType.Map target, DictionaryProvider dictionaries) {
    if (!(source.getType() instanceof ArrowType.Map)) {
      return null;
    }
    List<Field> entry = source.getChildren().get(0).getChildren();
    CellReader key = CellReader.of(entry.get(0), target.key(), dictionaries);
    CellReader value = CellReader.of(entry.get(1), target.value(), dictionaries);
    return (vector, row) -> {
      MapVector map = (MapVector) vector;
      StructVector entries = (StructVector) map.getDataVector();
      FieldVector keys = (FieldVector) entries.getChildByOrdinal(0);
      FieldVector values = (FieldVector) entries.getChildByOrdinal(1);
      Map<@Nullable Object, @Nullable Object> read = new LinkedHashMap<>();
      for (int i = map.getElementStartIndex(row); i < map.getElementEndIndex(row); i++) {
        Object name = key.read(keys, i);
        if (read.containsKey(name)) {
          throw new ConversionProblem(
              ErrorCode.INVALID_ARGUMENT, "the map has the key " + name + " twice");
        }
        read.put(name, value.read(values, i));
      }
      return read;
    };
  }
}
