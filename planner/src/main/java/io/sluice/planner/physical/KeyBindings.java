package io.sluice.planner.physical;

import io.sluice.engine.expression.Expression;
import io.sluice.engine.type.SqlType;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The keys that a condition asks for: {@code k = ?}, {@code k IN (...)}, the same with AND over the
 * columns of a key, and OR over all of it.
 *
 * @param rows values of the key's columns, in their order and types; empty where the condition does
 *     not bind the whole key
 * @param rest what else has to be true
 * @param unbound names of the key's columns that the condition does not bind
 */
record KeyBindings(List<List<Expression>> rows, @Nullable Expression rest, List<String> unbound) {
  private static final int MOST_ROWS = 10_000;

  /** A key's columns among those of a scan: by name, -1 where the scan does not read one. */
  record Key(List<String> names, List<Integer> columns, List<SqlType> types) {
    Key {
      names = List.copyOf(names);
      columns = List.copyOf(columns);
      types = List.copyOf(types);
    }
  }

  /** What one conjunct binds: alternatives, each of values by place in the key. */
  private record Choices(List<Map<Integer, Expression>> alternatives, boolean exact) {}

  static KeyBindings of(@Nullable Expression condition, Key key) {
    List<Map<Integer, Expression>> rows = new ArrayList<>(List.of(Map.of()));
    Expression rest = null;
    for (Expression conjunct : conjuncts(condition)) {
      Choices choices = choices(conjunct, key);
      boolean used = false;
      if (choices != null && addsToAll(choices, rows)) {
        rows = product(rows, choices.alternatives());
        used = choices.exact();
      }
      if (!used) {
        rest = rest == null ? conjunct : TranslateFilter.and(rest, conjunct);
      }
    }
    Set<Integer> bound = new HashSet<>();
    for (int i = 0; i < key.names().size(); i++) {
      int place = i;
      if (rows.stream().allMatch(row -> row.containsKey(place))) {
        bound.add(i);
      }
    }
    List<String> unbound = new ArrayList<>();
    for (int i = 0; i < key.names().size(); i++) {
      if (!bound.contains(i)) {
        unbound.add(key.names().get(i));
      }
    }
    return unbound.isEmpty()
        ? new KeyBindings(ordered(rows, key.names().size()), rest, unbound)
        : new KeyBindings(List.of(), condition, unbound);
  }

  boolean isWhole() {
    return unbound.isEmpty();
  }

  private static List<List<Expression>> ordered(List<Map<Integer, Expression>> rows, int columns) {
    List<List<Expression>> ordered = new ArrayList<>();
    for (Map<Integer, Expression> row : rows) {
      List<Expression> values = new ArrayList<>();
      for (int i = 0; i < columns; i++) {
        values.add(java.util.Objects.requireNonNull(row.get(i)));
      }
      ordered.add(values);
    }
    return ordered;
  }

  static List<Expression> conjuncts(@Nullable Expression condition) {
    List<Expression> parts = new ArrayList<>();
    if (condition instanceof Expression.Call call && call.function().equals("and")) {
      call.arguments().forEach(argument -> parts.addAll(conjuncts(argument)));
    } else if (condition != null) {
      parts.add(condition);
    }
    return parts;
  }

  /** Whether the choices bind nothing that is bound already, and the rows stay few. */
  private static boolean addsToAll(Choices choices, List<Map<Integer, Expression>> rows) {
    if ((long) rows.size() * choices.alternatives().size() > MOST_ROWS) {
      return false;
    }
    for (Map<Integer, Expression> row : rows) {
      for (Map<Integer, Expression> alternative : choices.alternatives()) {
        if (alternative.keySet().stream().anyMatch(row::containsKey)) {
          return false;
        }
      }
    }
    return true;
  }

  private static List<Map<Integer, Expression>> product(
      List<Map<Integer, Expression>> rows, List<Map<Integer, Expression>> alternatives) {
    List<Map<Integer, Expression>> product = new ArrayList<>();
    for (Map<Integer, Expression> row : rows) {
      for (Map<Integer, Expression> alternative : alternatives) {
        Map<Integer, Expression> both = new LinkedHashMap<>(row);
        both.putAll(alternative);
        product.add(both);
      }
    }
    return product;
  }

  private static @Nullable Choices choices(Expression condition, Key key) {
    if (!(condition instanceof Expression.Call call)) {
      return null;
    }
    return switch (call.function()) {
      case "eq" -> equality(call, key);
      case "or" -> either(call, key);
      case "and" -> all(call, key);
      default -> null;
    };
  }

  private static @Nullable Choices either(Expression.Call call, Key key) {
    List<Map<Integer, Expression>> alternatives = new ArrayList<>();
    boolean exact = true;
    Set<Integer> columns = null;
    for (Expression argument : call.arguments()) {
      Choices choices = choices(argument, key);
      if (choices == null) {
        return null;
      }
      for (Map<Integer, Expression> alternative : choices.alternatives()) {
        columns = columns == null ? alternative.keySet() : columns;
        if (!columns.equals(alternative.keySet())) {
          return null;
        }
      }
      alternatives.addAll(choices.alternatives());
      exact &= choices.exact();
    }
    return alternatives.size() > MOST_ROWS ? null : new Choices(alternatives, exact);
  }

  private static @Nullable Choices all(Expression.Call call, Key key) {
    List<Map<Integer, Expression>> rows = new ArrayList<>(List.of(Map.of()));
    boolean exact = true;
    boolean any = false;
    for (Expression argument : call.arguments()) {
      Choices choices = choices(argument, key);
      if (choices != null && addsToAll(choices, rows)) {
        rows = product(rows, choices.alternatives());
        exact &= choices.exact();
        any = true;
      } else {
        exact = false;
      }
    }
    return any ? new Choices(rows, exact) : null;
  }

  private static @Nullable Choices equality(Expression.Call call, Key key) {
    Expression a = call.arguments().get(0);
    Expression b = call.arguments().get(1);
    Choices choices = equality(a, b, key);
    return choices == null ? equality(b, a, key) : choices;
  }

  private static @Nullable Choices equality(Expression column, Expression value, Key key) {
    Set<Integer> read = new HashSet<>();
    References.collect(value, read);
    if (!read.isEmpty()) {
      return null;
    }
    int place = place(column, key);
    if (place >= 0) {
      return new Choices(List.of(Map.of(place, value)), true);
    }
    // a wider value, as of a BIGINT parameter for an INTEGER key: what does not fit is not there
    if (column instanceof Expression.Cast cast && !cast.safe()) {
      int inner = place(cast.input(), key);
      if (inner >= 0 && isWidening(key.types().get(inner), cast.type())) {
        Expression fitted = new Expression.Cast(value, key.types().get(inner), true);
        return new Choices(List.of(Map.of(inner, fitted)), false);
      }
    }
    return null;
  }

  private static int place(Expression column, Key key) {
    return column instanceof Expression.InputRef ref ? key.columns().indexOf(ref.column()) : -1;
  }

  /** Whether equal values of the narrow type are equal in the wide one, and others are not. */
  static boolean isWidening(SqlType narrow, SqlType wide) {
    return (narrow.isInteger() && (wide.isInteger() || wide.kind() == SqlType.Kind.DECIMAL))
        || (narrow.kind() == SqlType.Kind.DECIMAL && wide.kind() == SqlType.Kind.DECIMAL)
        || (narrow.kind() == SqlType.Kind.TIMESTAMP && wide.kind() == SqlType.Kind.TIMESTAMP)
        || (narrow.kind() == SqlType.Kind.TIMESTAMP_TZ && wide.kind() == SqlType.Kind.TIMESTAMP_TZ);
  }
}
