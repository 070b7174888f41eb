package io.sluice.engine.operator.asof;

import io.sluice.engine.connector.HiddenColumn;
import io.sluice.engine.expression.Expression;
import io.sluice.engine.plan.AsofBound;
import io.sluice.engine.plan.AsofDirection;
import io.sluice.engine.plan.OutputColumn;
import io.sluice.engine.plan.PhysicalPlan;
import io.sluice.engine.testing.MemoryTable;
import io.sluice.engine.type.SqlType;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * One random join and its result by the definition. Both sides have their key columns, then their
 * deciding operands, then the bounds' operands, then a number and a payload.
 */
final class AsofCase {
  private static final List<SqlType> KEY_TYPES =
      List.of(
          SqlType.BIGINT,
          SqlType.INTEGER,
          SqlType.VARCHAR,
          SqlType.SMALLINT,
          SqlType.DATE,
          SqlType.DOUBLE,
          SqlType.UUID,
          new SqlType.Decimal(10, 2),
          new SqlType.Decimal(30, 2));

  private static final List<SqlType> DIRECT_MATCH_TYPES =
      List.of(
          SqlType.TIMESTAMP,
          SqlType.BIGINT,
          SqlType.INTEGER,
          SqlType.DATE,
          SqlType.DOUBLE,
          SqlType.TIMESTAMP_TZ,
          new SqlType.Decimal(12, 2),
          new SqlType.Timestamp(9, false));

  private static final List<SqlType> OTHER_MATCH_TYPES =
      List.of(SqlType.VARCHAR, new SqlType.Decimal(30, 3));

  /** Bounds that fall while the deciding operand grows are this minus the operand. */
  private static final long FALL_FROM = 40;

  final Random random;
  final List<SqlType> keyTypes = new ArrayList<>();
  final List<SqlType> matchTypes = new ArrayList<>();
  final int boundCount;
  final boolean boundsFollowMatch;
  final boolean boundsFall;
  final AsofDirection direction;
  final boolean outer;
  final boolean scan;
  final boolean residual;
  final long tolerance;
  final boolean[] strict;
  final List<List<@Nullable Object>> left = new ArrayList<>();
  final List<List<@Nullable Object>> right = new ArrayList<>();
  final MemoryTable leftTable;
  final MemoryTable rightTable;

  /** Of right rows, sequence number and row id, where these order the rows; else empty. */
  final List<List<@Nullable Object>> identities = new ArrayList<>();

  AsofCase(long seed) {
    random = new Random(seed);
    int keys = random.nextInt(4);
    for (int k = 0; k < keys; k++) {
      keyTypes.add(pick(KEY_TYPES));
    }
    boolean tuple = random.nextInt(8) == 0;
    boolean other = random.nextInt(8) == 0;
    for (int m = 0; m < (tuple ? 2 : 1); m++) {
      matchTypes.add(pick(other ? OTHER_MATCH_TYPES : DIRECT_MATCH_TYPES));
    }
    boolean whole = matchTypes.equals(List.of(SqlType.BIGINT));
    boundCount = random.nextInt(3) == 0 ? 1 + random.nextInt(2) : 0;
    boundsFollowMatch = matchTypes.size() == 1 && random.nextInt(4) > 0;
    boundsFall = boundsFollowMatch && whole && random.nextBoolean();
    strict = new boolean[boundCount];
    for (int b = 0; b < boundCount; b++) {
      strict[b] = random.nextBoolean();
    }
    direction = AsofDirection.values()[random.nextInt(4)];
    outer = random.nextBoolean();
    scan = random.nextInt(3) > 0;
    residual = random.nextInt(4) == 0;
    tolerance = whole && random.nextBoolean() ? random.nextInt(20) : -1;
    int distinct = 1 + random.nextInt(6);
    int span = 2 + random.nextInt(60);
    fill(left, pickSize(), distinct, span, boundsFollowMatch);
    fill(right, pickSize(), distinct, span, false);
    Random later = new Random(seed + 1);
    if (later.nextInt(3) == 0) {
      // so that whole splits are skipped
      right.sort(Comparator.comparing(row -> String.valueOf(row.get(keys))));
    }
    if (scan && later.nextInt(3) == 0) {
      for (int i = 0; i < right.size(); i++) {
        identities.add(
            Arrays.asList(
                later.nextInt(20) == 0 ? null : (Object) (long) later.nextInt(3),
                later.nextInt(20) == 0 ? null : (Object) (long) later.nextInt(20)));
      }
    }
    leftTable = table("l", left, random.nextInt(5) + 1);
    rightTable = rightTable(random.nextInt(7) + 1);
  }

  private int pickSize() {
    return random.nextInt(6) == 0 ? random.nextInt(2) : random.nextInt(120);
  }

  private <T> T pick(List<T> choices) {
    return choices.get(random.nextInt(choices.size()));
  }

  List<SqlType> types() {
    List<SqlType> types = new ArrayList<>(keyTypes);
    types.addAll(matchTypes);
    for (int b = 0; b < boundCount; b++) {
      types.add(matchTypes.getFirst());
    }
    types.add(SqlType.INTEGER);
    types.add(SqlType.VARCHAR);
    return types;
  }

  private void fill(
      List<List<@Nullable Object>> rows, int count, int distinct, int span, boolean follow) {
    for (int i = 0; i < count; i++) {
      List<@Nullable Object> row = new ArrayList<>();
      for (SqlType type : keyTypes) {
        row.add(random.nextInt(15) == 0 ? null : value(type, random.nextInt(distinct)));
      }
      int first = random.nextInt(span);
      for (SqlType type : matchTypes) {
        row.add(random.nextInt(15) == 0 ? null : value(type, first));
        first = random.nextInt(3);
      }
      Object decides = row.get(keyTypes.size());
      for (int b = 0; b < boundCount; b++) {
        boolean missing = random.nextInt(15) == 0;
        row.add(
            follow ? decides : missing ? null : value(matchTypes.getFirst(), random.nextInt(span)));
      }
      row.add((long) random.nextInt(10));
      row.add(random.nextInt(10) == 0 ? null : "p" + random.nextInt(30));
      rows.add(row);
    }
  }

  private Object value(SqlType type, int number) {
    return switch (type.kind()) {
      case TINYINT, SMALLINT, INTEGER, BIGINT, DATE, TIMESTAMP, TIMESTAMP_TZ -> (long) number;
      case DOUBLE ->
          number == 0
              ? (random.nextBoolean() ? 0.0 : -0.0)
              : number == 1 ? Double.NaN : (number - 2) / 4.0 - 1;
      case DECIMAL ->
          new BigDecimal(BigInteger.valueOf(number * 25L - 50), ((SqlType.Decimal) type).scale());
      case VARCHAR -> number == 0 ? "" : "v" + (char) ('a' + number % 26) + number;
      case UUID -> new java.util.UUID(number, 7);
      default -> throw new AssertionError(type);
    };
  }

  private Map<String, SqlType> columns() {
    Map<String, SqlType> columns = new LinkedHashMap<>();
    List<SqlType> types = types();
    for (int c = 0; c < types.size(); c++) {
      columns.put("c" + c, types.get(c));
    }
    return columns;
  }

  private MemoryTable rightTable(int splits) {
    if (identities.isEmpty()) {
      return table("r", right, splits);
    }
    Map<String, SqlType> columns = columns();
    columns.put(HiddenColumn.LAST_UPDATED_SEQUENCE_NUMBER.columnName(), SqlType.BIGINT);
    columns.put(HiddenColumn.ROW_ID.columnName(), SqlType.BIGINT);
    List<List<@Nullable Object>> rows = new ArrayList<>();
    for (int i = 0; i < right.size(); i++) {
      List<@Nullable Object> row = new ArrayList<>(right.get(i));
      row.addAll(identities.get(i));
      rows.add(row);
    }
    return forms(MemoryTable.of("r", columns, rows, splits).withIdentity());
  }

  private MemoryTable table(String name, List<List<@Nullable Object>> rows, int splits) {
    return forms(MemoryTable.of(name, columns(), rows, splits));
  }

  private MemoryTable forms(MemoryTable plain) {
    MemoryTable table = plain;
    table = random.nextBoolean() ? table.withDictionaries() : table;
    return random.nextInt(4) == 0 ? table.blocking() : table;
  }

  private static Expression call(String function, SqlType type, Expression... arguments) {
    return new Expression.Call(function, List.of(arguments), type);
  }

  private List<Expression> refs(int from, int count) {
    List<Expression> refs = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      refs.add(new Expression.InputRef(from + i, types().get(from + i)));
    }
    return refs;
  }

  /** The join with a condition that is always true, for which right rows have to be kept. */
  PhysicalPlan.AsofJoinPlan indexedPlan() {
    Expression always = new Expression.Literal(true, SqlType.BOOLEAN);
    PhysicalPlan.AsofJoinPlan plan = plan();
    return plan.residual() == null ? AsofPlans.withResidual(plan, always) : plan;
  }

  PhysicalPlan.AsofJoinPlan plan() {
    int width = types().size();
    int match = keyTypes.size();
    int bounds = match + matchTypes.size();
    int number = bounds + boundCount;
    List<AsofBound> planned = new ArrayList<>();
    for (int b = 0; b < boundCount; b++) {
      Expression operand = new Expression.InputRef(bounds + b, matchTypes.getFirst());
      Expression decides = new Expression.InputRef(match, matchTypes.getFirst());
      Expression leftOperand = operand;
      if (boundsFall) {
        Expression limit = new Expression.Literal(FALL_FROM, SqlType.BIGINT);
        leftOperand = call("subtract", SqlType.BIGINT, limit, decides);
      } else if (boundsFollowMatch) {
        leftOperand = decides;
      }
      planned.add(new AsofBound(leftOperand, operand, strict[b]));
    }
    Expression leftTime = new Expression.InputRef(match, SqlType.BIGINT);
    Expression rightTime = new Expression.InputRef(width + match, SqlType.BIGINT);
    Expression limit = new Expression.Literal(tolerance, SqlType.BIGINT);
    Expression within =
        direction.backward()
            ? call(
                "ge", SqlType.BOOLEAN, rightTime, call("subtract", SqlType.BIGINT, leftTime, limit))
            : call("le", SqlType.BOOLEAN, rightTime, call("add", SqlType.BIGINT, leftTime, limit));
    Expression residualCondition =
        call(
            "lt",
            SqlType.BOOLEAN,
            new Expression.InputRef(number, SqlType.INTEGER),
            new Expression.InputRef(width + number, SqlType.INTEGER));
    List<OutputColumn> output = new ArrayList<>(leftTable.plan().output());
    output.addAll(leftTable.plan().output());
    PhysicalPlan.ScanPlan scanPlan = rightTable.plan(columns().keySet().toArray(String[]::new));
    List<Integer> ties = new ArrayList<>();
    if (!scan) {
      for (int c = 0; c < width; c++) {
        ties.add(c);
      }
    }
    return new PhysicalPlan.AsofJoinPlan(
        leftTable.plan(),
        scan ? scanPlan : new PhysicalPlan.UnionPlan(List.of(scanPlan), scanPlan.output()),
        outer,
        refs(0, keyTypes.size()),
        refs(0, keyTypes.size()),
        refs(match, matchTypes.size()),
        refs(match, matchTypes.size()),
        direction,
        planned,
        tolerance >= 0 ? within : null,
        residual ? residualCondition : null,
        ties,
        output);
  }

  /** The join by its definition. */
  List<List<@Nullable Object>> expected() {
    List<List<@Nullable Object>> result = new ArrayList<>();
    int match = keyTypes.size();
    for (List<@Nullable Object> l : left) {
      List<@Nullable Object> best = null;
      int bestIndex = -1;
      for (int i = 0; i < right.size(); i++) {
        List<@Nullable Object> r = right.get(i);
        if (eligible(l, r) && (best == null || isBetter(i, r, bestIndex, best, match))) {
          best = r;
          bestIndex = i;
        }
      }
      if (best != null && tolerance >= 0) {
        long distance = Math.abs((Long) l.get(match) - (Long) best.get(match));
        best = distance <= tolerance ? best : null;
      }
      if (best != null || outer) {
        List<@Nullable Object> row = new ArrayList<>(l);
        for (int c = 0; c < types().size(); c++) {
          row.add(best == null ? null : best.get(c));
        }
        result.add(row);
      }
    }
    return result;
  }

  private boolean eligible(List<@Nullable Object> l, List<@Nullable Object> r) {
    int match = keyTypes.size();
    for (int k = 0; k < match; k++) {
      if (l.get(k) == null || r.get(k) == null || compare(l.get(k), r.get(k)) != 0) {
        return false;
      }
    }
    int order = 0;
    for (int m = match; m < match + matchTypes.size(); m++) {
      if (l.get(m) == null || r.get(m) == null) {
        return false;
      }
      order = order == 0 ? compare(r.get(m), l.get(m)) : order;
    }
    order = direction.backward() ? order : -order;
    if (order > 0 || (order == 0 && !direction.inclusive())) {
      return false;
    }
    int bounds = match + matchTypes.size();
    for (int b = 0; b < boundCount; b++) {
      Object leftBound = l.get(boundsFollowMatch ? match : bounds + b);
      leftBound = boundsFall && leftBound != null ? FALL_FROM - (Long) leftBound : leftBound;
      Object rightBound = r.get(bounds + b);
      if (leftBound == null || rightBound == null) {
        return false;
      }
      int compared = compare(rightBound, leftBound);
      compared = direction.backward() ? compared : -compared;
      if (compared > 0 || (compared == 0 && strict[b])) {
        return false;
      }
    }
    int number = bounds + boundCount;
    return !residual || (Long) l.get(number) < (Long) r.get(number);
  }

  /** Whether the later row {@code r} takes the place of {@code best}. */
  private boolean isBetter(
      int index, List<@Nullable Object> r, int bestIndex, List<@Nullable Object> best, int match) {
    for (int m = match; m < match + matchTypes.size(); m++) {
      int order = compare(r.get(m), best.get(m));
      if (order != 0) {
        return direction.backward() == order > 0;
      }
    }
    if (scan) {
      return identities.isEmpty()
          || compareAll(identities.get(index), identities.get(bestIndex)) >= 0;
    }
    int order = compareAll(r, best);
    for (int c = 0; c < r.size() && order == 0; c++) {
      order = r.get(c) instanceof Double x ? Double.compare(x, (Double) best.get(c)) : 0;
    }
    return order > 0;
  }

  /** One value after the other, NULL lowest. */
  private static int compareAll(List<@Nullable Object> left, List<@Nullable Object> right) {
    for (int c = 0; c < left.size(); c++) {
      Object a = left.get(c);
      Object b = right.get(c);
      int order = a == null || b == null ? Boolean.compare(a != null, b != null) : compare(a, b);
      if (order != 0) {
        return order;
      }
    }
    return 0;
  }

  private static int compare(@Nullable Object a, @Nullable Object nullableB) {
    Object b = java.util.Objects.requireNonNull(nullableB);
    return switch (a) {
      case Long x -> x.compareTo((Long) b);
      case Double x -> Double.compare(x + 0.0, (Double) b + 0.0);
      case BigDecimal x -> x.compareTo((BigDecimal) b);
      case String x ->
          Arrays.compareUnsigned(
              x.getBytes(StandardCharsets.UTF_8), ((String) b).getBytes(StandardCharsets.UTF_8));
      case java.util.UUID x -> x.compareTo((java.util.UUID) b);
      case null, default -> throw new AssertionError(a);
    };
  }

  @Override
  public String toString() {
    return "keys "
        + keyTypes
        + ", match "
        + matchTypes
        + ", "
        + direction
        + (outer ? ", outer" : ", inner")
        + (scan ? identities.isEmpty() ? ", scan" : ", rewritten scan" : ", union")
        + ", bounds "
        + boundCount
        + (boundsFall ? " against the operand" : boundsFollowMatch ? " of the operand" : "")
        + ", tolerance "
        + tolerance
        + (residual ? ", residual" : "");
  }
}
