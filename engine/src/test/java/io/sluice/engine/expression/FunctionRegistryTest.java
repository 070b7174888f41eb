package io.sluice.engine.expression;

import static io.sluice.engine.expression.Expressions.literal;
import static io.sluice.engine.expression.Expressions.value;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.engine.function.BoundFunction;
import io.sluice.engine.function.FunctionDoc;
import io.sluice.engine.function.FunctionRegistry;
import io.sluice.engine.type.SqlType;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class FunctionRegistryTest {
  private static final FunctionRegistry FUNCTIONS = FunctionRegistry.standard();

  @Test
  void everyFunctionIsDocumented() {
    Set<String> names = new HashSet<>();
    for (FunctionDoc doc : FUNCTIONS.all()) {
      assertTrue(names.add(doc.name()), doc.name());
      assertEquals(doc.name().toLowerCase(java.util.Locale.ROOT), doc.name());
      assertTrue(doc.text().endsWith("."), doc.name());
      assertTrue(doc.example().contains(" = "), doc.name());
      assertFalse(doc.syntax().isBlank());
      assertTrue(doc.minArguments() <= doc.maxArguments());
    }
  }

  @Test
  void strictFunctionsOfNullGiveNull() {
    for (FunctionDoc doc : FUNCTIONS.all()) {
      int count = Math.max(doc.minArguments(), 0);
      if (count == 0) {
        continue;
      }
      List<SqlType> types = Collections.nCopies(count, SqlType.NULL);
      Optional<BoundFunction> bound = FUNCTIONS.bind(doc.name(), types);
      if (bound.isPresent() && bound.get().strict()) {
        List<Expression> arguments =
            new ArrayList<>(Collections.nCopies(count, literal(SqlType.NULL, null)));
        assertNull(
            value(new Expression.Call(doc.name(), arguments, bound.get().type())), doc.name());
      }
    }
  }

  @Test
  void argumentsAreConvertedToWhatTheyHaveInCommon() {
    assertEquals(
        List.of(SqlType.BIGINT, SqlType.BIGINT),
        FUNCTIONS
            .resolve("add", List.of(SqlType.TINYINT, SqlType.BIGINT))
            .orElseThrow()
            .argumentTypes());
    assertEquals(
        SqlType.TINYINT,
        FUNCTIONS.resolve("add", List.of(SqlType.TINYINT, SqlType.TINYINT)).orElseThrow().type());
    assertTrue(FUNCTIONS.resolve("lt", List.of(SqlType.TIMESTAMP, SqlType.TIMESTAMP_TZ)).isEmpty());
    assertTrue(FUNCTIONS.resolve("upper", List.of(SqlType.INTEGER)).isEmpty());
    assertTrue(FUNCTIONS.resolve("no_such_function", List.of()).isEmpty());
  }
}
