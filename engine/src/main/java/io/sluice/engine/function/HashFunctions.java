package io.sluice.engine.function;

import io.sluice.engine.function.kernel.RowDigests;
import io.sluice.engine.type.SqlType;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * SHA-256 of whole rows, in the form that docs/content-hash.md describes. Any number of arguments
 * of any types, NULLs among them.
 */
final class HashFunctions {
  private HashFunctions() {}

  static List<ScalarFunction> all() {
    FunctionFamily family = new FunctionFamily("Hashes");
    family.add(
        "content_hash",
        1,
        Integer.MAX_VALUE,
        "content_hash(a, b, ...)",
        "SHA-256 of the row of these cells, of 32 bytes; never NULL.",
        "to_hex(content_hash(1)) ="
            + " 'b3844634762d8e075473fc1cd774d0f251c6512e27e67e43e7b9ae69efff56f3'",
        types -> digest("content_hash", types, 0, SqlType.VARBINARY, RowDigests.Result.DIGEST));
    family.add(
        "sample_hash",
        2,
        Integer.MAX_VALUE,
        "sample_hash(seed, a, b, ...)",
        "A number in [0, 1) that depends on the seed and the cells alone; integers of all types are"
            + " the same.",
        "sample_hash(1, 'a') = 0.5994691305133426",
        types -> digest("sample_hash", types, 1, SqlType.DOUBLE, RowDigests.Result.UNIT));
    family.add(
        "sample_order",
        2,
        Integer.MAX_VALUE,
        "sample_order(seed, a, b, ...)",
        "A BIGINT that orders rows as sample_hash does, with all 64 bits.",
        "sample_order(1, 'a') = 1834881593814046381",
        types -> digest("sample_order", types, 1, SqlType.BIGINT, RowDigests.Result.ORDER));
    return family.functions();
  }

  /**
   * @param seeds how many BIGINT arguments come before the cells
   */
  private static @Nullable BoundFunction digest(
      String name, List<SqlType> types, int seeds, SqlType result, RowDigests.Result what) {
    List<SqlType> converted = new ArrayList<>(types);
    if (seeds > 0) {
      if (!ImplicitTypes.convertible(types.getFirst(), SqlType.BIGINT)) {
        return null;
      }
      converted.set(0, SqlType.BIGINT);
    }
    return new BoundFunction(
        name, converted, result, false, true, (type, environment) -> new RowDigests(what));
  }
}
