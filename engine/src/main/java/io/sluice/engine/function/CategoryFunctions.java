package io.sluice.engine.function;

import io.sluice.engine.function.kernel.CategoryCodes;
import io.sluice.engine.type.SqlType;
import java.util.Collections;
import java.util.List;

/** Categories as numbers, for models: the fitted forms of label_encode and one_hot. */
final class CategoryFunctions {
  private static final SqlType SLOTS = new SqlType.Array(SqlType.REAL);

  private CategoryFunctions() {}

  static List<ScalarFunction> all() {
    FunctionFamily family = new FunctionFamily("Categories");
    family.add(
        "category_code",
        1,
        Integer.MAX_VALUE,
        "category_code(x, a, b, ...)",
        "The place of x among the constant categories, from 0; their number where x is none of them"
            + " or NULL.",
        "category_code('b', 'a', 'b') = 1",
        types -> bound("category_code", types.size(), SqlType.BIGINT));
    family.add(
        "one_hot",
        1,
        Integer.MAX_VALUE,
        "one_hot(x, a, b, ...)",
        "An array of REAL, one slot for each constant category and a last one for any other value or"
            + " NULL: 1 in the slot of x, 0 elsewhere.",
        "CAST(one_hot('b', 'a', 'b') AS VARCHAR) = '[0.0, 1.0, 0.0]'",
        types -> bound("one_hot", types.size(), SLOTS));
    return family.functions();
  }

  private static BoundFunction bound(String name, int arguments, SqlType result) {
    return new BoundFunction(
        name,
        Collections.nCopies(arguments, SqlType.VARCHAR),
        result,
        false,
        true,
        (type, environment) -> new CategoryCodes());
  }
}
