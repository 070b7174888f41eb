package io.sluice.engine.function;

import io.sluice.engine.function.transform.BucketIndexes;
import io.sluice.engine.function.transform.CategoryCodes;
import io.sluice.engine.type.SqlType;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What makes model input of columns. All arguments but the first are constants. */
final class TransformFunctions {
  /** What numpy and torch compute with, and exact for 0 and 1. */
  private static final SqlType SLOTS = new SqlType.Array(SqlType.REAL);

  private TransformFunctions() {}

  static List<ScalarFunction> all() {
    FunctionFamily family = new FunctionFamily("Transforms");
    family.add(
        "category_code",
        1,
        Integer.MAX_VALUE,
        "category_code(x, 'a', 'b', ...)",
        "The place of x among n constant categories, from 0; n for any other value and for NULL.",
        "category_code('b', 'a', 'b') = 1",
        types -> categories("category_code", types, SqlType.BIGINT, CategoryCodes.Result.CODE));
    family.add(
        "one_hot",
        1,
        Integer.MAX_VALUE,
        "one_hot(x, 'a', 'b', ...)",
        "An array of n + 1 REALs, 1 at the place that category_code gives and 0 elsewhere.",
        "CAST(one_hot('b', 'a', 'b') AS VARCHAR) = '[0.0, 1.0, 0.0]'",
        types -> categories("one_hot", types, SLOTS, CategoryCodes.Result.ONE_HOT));
    family.add(
        "bucket",
        2,
        Integer.MAX_VALUE,
        "bucket(x, b0, b1, ..., bn)",
        "The i for which x is in [bi, bi+1), of constant ascending bounds; -1 below b0, n from bn"
            + " on.",
        "bucket(2.5, 1, 2, 3) = 1",
        TransformFunctions::bucket);
    return family.functions();
  }

  private static @Nullable SqlType common(List<SqlType> types) {
    SqlType common = ImplicitTypes.common(types);
    if (common == null || common.isNested()) {
      return null;
    }
    return common.kind() == SqlType.Kind.NULL ? SqlType.VARCHAR : common;
  }

  private static @Nullable BoundFunction categories(
      String name, List<SqlType> types, SqlType result, CategoryCodes.Result what) {
    SqlType common = common(types);
    if (common == null) {
      return null;
    }
    List<SqlType> all = Collections.nCopies(types.size(), common);
    return new BoundFunction(
        name, all, result, false, false, (type, environment) -> new CategoryCodes(name, what));
  }

  private static @Nullable BoundFunction bucket(List<SqlType> types) {
    SqlType common = common(types);
    if (common == null) {
      return null;
    }
    List<SqlType> all = Collections.nCopies(types.size(), common);
    return new BoundFunction(
        "bucket",
        all,
        SqlType.BIGINT,
        true,
        false,
        (type, environment) -> new BucketIndexes("bucket"));
  }
}
