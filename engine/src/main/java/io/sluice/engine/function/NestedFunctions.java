package io.sluice.engine.function;

import io.sluice.engine.function.kernel.Kernel;
import io.sluice.engine.function.kernel.NestedKernels;
import io.sluice.engine.type.SqlType;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Arrays, rows and maps. A row's field, {@code s.f}, is a call that names its place. */
final class NestedFunctions {
  /** What the fields of a row without names are called. */
  private static final String UNNAMED = "EXPR$";

  private NestedFunctions() {}

  static List<ScalarFunction> all() {
    FunctionFamily family = new FunctionFamily("Arrays, rows and maps");
    family.add(
        "array",
        1,
        Integer.MAX_VALUE,
        "ARRAY[a, b, ...]",
        "An array of values of one type.",
        "CAST(ARRAY[1, 2] AS VARCHAR) = '[1, 2]'",
        NestedFunctions::array);
    family.add(
        "map",
        2,
        Integer.MAX_VALUE,
        "MAP[k, v, ...]",
        "A map of keys and values in turn. Keys are not NULL and all different.",
        "MAP['a', 1, 'b', 2]['b'] = 2",
        NestedFunctions::map);
    family.add(
        "row",
        1,
        Integer.MAX_VALUE,
        "ROW(a, b, ...)",
        "A row of the values; CAST(... AS ROW(x INTEGER, ...)) names its fields.",
        "CAST(ROW(1, 'x') AS ROW(a INTEGER, b VARCHAR)).b = 'x'",
        NestedFunctions::row);
    family.add(
        "element_at",
        2,
        2,
        "a[i], element_at(a, i)",
        "The element at a place of an array, from 1, or from the end where negative; or the value"
            + " of a key of a map. NULL where there is none.",
        "ARRAY['a', 'b'][2] = 'b'",
        NestedFunctions::element);
    family.add(
        "cardinality",
        1,
        1,
        "cardinality(a)",
        "How many elements an array has, or entries a map.",
        "cardinality(ARRAY[1, 2, NULL]) = 3",
        NestedFunctions::cardinality);
    family.add(
        "map_keys",
        1,
        1,
        "map_keys(m)",
        "The keys of a map as an array.",
        "map_keys(MAP['a', 1])[1] = 'a'",
        types ->
            types.getFirst() instanceof SqlType.Map map
                ? bound("map_keys", types, new SqlType.Array(map.key()), NestedKernels::keys)
                : null);
    family.add(
        "map_values",
        1,
        1,
        "map_values(m)",
        "The values of a map as an array, in the order of map_keys.",
        "map_values(MAP['a', 1])[1] = 1",
        types ->
            types.getFirst() instanceof SqlType.Map map
                ? bound("map_values", types, new SqlType.Array(map.value()), NestedKernels::values)
                : null);
    return family.functions();
  }

  private static BoundFunction bound(
      String name, List<SqlType> arguments, SqlType result, Kernel kernel) {
    return new BoundFunction(
        name, arguments, result, !result.isNested(), true, KernelFactory.of(kernel));
  }

  private static @Nullable BoundFunction array(List<SqlType> types) {
    SqlType element = ImplicitTypes.common(types);
    if (element == null || element.kind() == SqlType.Kind.NULL) {
      return null;
    }
    return new BoundFunction(
        "array",
        Collections.nCopies(types.size(), element),
        new SqlType.Array(element),
        false,
        true,
        KernelFactory.of(NestedKernels::array));
  }

  private static @Nullable BoundFunction map(List<SqlType> types) {
    if (types.size() % 2 != 0) {
      return null;
    }
    List<SqlType> keys = new ArrayList<>();
    List<SqlType> values = new ArrayList<>();
    for (int i = 0; i < types.size(); i += 2) {
      keys.add(types.get(i));
      values.add(types.get(i + 1));
    }
    SqlType key = ImplicitTypes.common(keys);
    SqlType value = ImplicitTypes.common(values);
    if (key == null || !isKey(key) || value == null || value.kind() == SqlType.Kind.NULL) {
      return null;
    }
    List<SqlType> all = new ArrayList<>();
    for (int i = 0; i < keys.size(); i++) {
      all.add(key);
      all.add(value);
    }
    return new BoundFunction(
        "map",
        all,
        new SqlType.Map(key, value),
        false,
        false,
        KernelFactory.of(NestedKernels::map));
  }

  private static boolean isKey(SqlType type) {
    return !type.isNested() && !type.isFloating() && type.kind() != SqlType.Kind.NULL;
  }

  private static BoundFunction row(List<SqlType> types) {
    List<SqlType.Row.Field> fields = new ArrayList<>();
    for (SqlType type : types) {
      fields.add(new SqlType.Row.Field(UNNAMED + fields.size(), type));
    }
    return new BoundFunction(
        "row", types, new SqlType.Row(fields), false, true, KernelFactory.of(NestedKernels::row));
  }

  private static @Nullable BoundFunction element(List<SqlType> types) {
    SqlType at = types.get(1);
    return switch (types.get(0)) {
      case SqlType.Array array when ImplicitTypes.convertible(at, SqlType.BIGINT) ->
          lenient(List.of(array, SqlType.BIGINT), array.element(), NestedKernels::element);
      case SqlType.Map map when isKey(map.key()) && ImplicitTypes.convertible(at, map.key()) ->
          lenient(List.of(map, map.key()), map.value(), NestedKernels::value);
      default -> null;
    };
  }

  private static BoundFunction lenient(List<SqlType> arguments, SqlType result, Kernel kernel) {
    return new BoundFunction(
        "element_at", arguments, result, false, true, KernelFactory.of(kernel));
  }

  private static @Nullable BoundFunction cardinality(List<SqlType> types) {
    return switch (types.getFirst()) {
      case SqlType.Array ignored ->
          bound("cardinality", types, SqlType.BIGINT, NestedKernels::cardinality);
      case SqlType.Map ignored ->
          bound("cardinality", types, SqlType.BIGINT, NestedKernels::cardinality);
      default -> null;
    };
  }
}
