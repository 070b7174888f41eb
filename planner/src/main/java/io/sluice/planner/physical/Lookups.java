package io.sluice.planner.physical;

import io.sluice.engine.EngineException;
import io.sluice.engine.ErrorCode;
import io.sluice.engine.connector.ColumnDefinition;
import io.sluice.engine.connector.TableDefinition;
import io.sluice.engine.connector.TableName;
import io.sluice.engine.expression.Expression;
import io.sluice.engine.plan.JoinKind;
import io.sluice.engine.plan.OutputColumn;
import io.sluice.engine.plan.PhysicalPlan;
import io.sluice.engine.plan.PhysicalPlan.LookupJoinPlan;
import io.sluice.engine.plan.PhysicalPlan.ProjectPlan;
import io.sluice.engine.plan.PhysicalPlan.ScanPlan;
import io.sluice.engine.type.SqlType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Scans of online tables as lookups: joins along a key become lookups of left rows' keys, and scans
 * under a condition that gives the key lookups of those keys. What remains would read all rows.
 */
final class Lookups {
  /** The definitions of the online tables of one plan. */
  private final Map<TableName, TableDefinition> tables = new HashMap<>();

  void add(TableName name, TableDefinition table) {
    tables.put(name, table);
  }

  private KeyBindings.Key key(ScanPlan scan) {
    TableDefinition table = java.util.Objects.requireNonNull(tables.get(scan.table()));
    List<Integer> columns = new ArrayList<>();
    List<SqlType> types = new ArrayList<>();
    for (String name : table.primaryKey()) {
      columns.add(scan.tableColumns().indexOf(name));
      types.add(column(table, name).type());
    }
    return new KeyBindings.Key(table.primaryKey(), columns, types);
  }

  private static ColumnDefinition column(TableDefinition table, String name) {
    return table.columns().stream()
        .filter(column -> column.name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  /**
   * A side of a join that is an online table, perhaps under a projection.
   *
   * @param values the side's columns over those of the scan
   */
  private record Side(ScanPlan scan, List<Expression> values) {
    boolean isPlain() {
      return values.stream().allMatch(value -> value instanceof Expression.InputRef);
    }
  }

  private Optional<Side> side(PhysicalPlan plan) {
    return switch (plan) {
      case ScanPlan scan when tables.containsKey(scan.table()) ->
          Optional.of(
              new Side(
                  scan,
                  Projections.refs(
                      scan, IntStream.range(0, scan.output().size()).boxed().toList())));
      case ProjectPlan project
          when project.input() instanceof ScanPlan scan && tables.containsKey(scan.table()) ->
          Optional.of(new Side(scan, project.expressions()));
      default -> Optional.empty();
    };
  }

  /**
   * The join as a lookup of the right side's rows, or empty where the right side is no online table
   * or the condition does not give its key.
   *
   * @param output left columns, then right columns
   */
  Optional<PhysicalPlan> join(
      PhysicalPlan left,
      PhysicalPlan right,
      JoinKind kind,
      JoinCondition condition,
      List<OutputColumn> output) {
    if (kind != JoinKind.INNER && kind != JoinKind.LEFT) {
      return Optional.empty();
    }
    return side(right).flatMap(side -> new JoinLookup(left, side, kind, condition, output).plan());
  }

  /**
   * Whether rows of one side are there to look up those of the other: they are not those of an
   * online table whose key is not given, nor all of another table's where the looked up keys are
   * constants.
   */
  boolean drives(PhysicalPlan left, PhysicalPlan right) {
    return side(left).map(this::isBound).orElse(true)
        && (isOnline(left) || !side(right).map(this::isBound).orElse(false));
  }

  private boolean isBound(Side side) {
    return KeyBindings.of(side.scan().filter(), key(side.scan())).isWhole();
  }

  private boolean isOnline(PhysicalPlan plan) {
    return plan instanceof ScanPlan scan
        ? tables.containsKey(scan.table())
        : plan.inputs().stream().allMatch(this::isOnline);
  }

  /** One join on its way to a lookup. */
  private final class JoinLookup {
    private final PhysicalPlan left;
    private final Side side;
    private final boolean outer;
    private final JoinCondition condition;
    private final List<OutputColumn> output;
    private final int leftWidth;

    JoinLookup(
        PhysicalPlan left,
        Side side,
        JoinKind kind,
        JoinCondition condition,
        List<OutputColumn> output) {
      this.left = left;
      this.side = side;
      this.outer = kind == JoinKind.LEFT;
      this.condition = condition;
      this.output = output;
      this.leftWidth = left.output().size();
    }

    Optional<PhysicalPlan> plan() {
      KeyBindings.Key key = key(side.scan());
      @Nullable Expression[] bound = new Expression[key.names().size()];
      Expression residual = side.scan().filter();
      residual = residual == null ? null : TranslateJoin.shift(residual, leftWidth);
      for (int i = 0; i < condition.leftKeys().size(); i++) {
        Expression rightKey = inlined(condition.rightKeys().get(i));
        Expression leftKey = condition.leftKeys().get(i);
        boolean used = !condition.nullSafe().get(i) && bind(leftKey, rightKey, key, bound);
        if (!used) {
          String comparison = condition.nullSafe().get(i) ? "is_not_distinct_from" : "eq";
          Expression equal =
              new Expression.Call(
                  comparison,
                  List.of(leftKey, TranslateJoin.shift(rightKey, leftWidth)),
                  SqlType.BOOLEAN);
          residual = residual == null ? equal : TranslateFilter.and(residual, equal);
        }
      }
      for (Expression column : bound) {
        if (column == null) {
          return Optional.empty();
        }
      }
      Expression further = condition.residual();
      if (further != null) {
        Expression over = References.replaceRefs(further, this::value);
        residual = residual == null ? over : TranslateFilter.and(residual, over);
      }
      List<Expression> keys = new ArrayList<>();
      for (Expression column : bound) {
        keys.add(java.util.Objects.requireNonNull(column));
      }
      return Optional.of(lookup(keys, key, residual));
    }

    /** Takes the comparison for a column of the key, exactly; else the comparison remains. */
    private boolean bind(
        Expression leftKey,
        Expression rightKey,
        KeyBindings.Key key,
        @Nullable Expression[] bound) {
      if (rightKey instanceof Expression.InputRef ref) {
        int place = key.columns().indexOf(ref.column());
        if (place >= 0 && bound[place] == null) {
          bound[place] = leftKey;
          return true;
        }
      }
      if (rightKey instanceof Expression.Cast cast
          && !cast.safe()
          && cast.input() instanceof Expression.InputRef ref) {
        int place = key.columns().indexOf(ref.column());
        if (place >= 0
            && bound[place] == null
            && KeyBindings.isWidening(key.types().get(place), cast.type())) {
          bound[place] = new Expression.Cast(leftKey, key.types().get(place), true);
        }
      }
      return false;
    }

    /** An expression over the right side's columns, over those of the scan. */
    private Expression inlined(Expression expression) {
      return References.inline(expression, side.values());
    }

    /** A column of the join over those of the lookup. */
    private Expression value(Expression.InputRef ref) {
      return ref.column() < leftWidth
          ? ref
          : TranslateJoin.shift(side.values().get(ref.column() - leftWidth), leftWidth);
    }

    private PhysicalPlan lookup(
        List<Expression> keys, KeyBindings.Key key, @Nullable Expression residual) {
      ScanPlan scan = side.scan();
      List<String> tableColumns = new ArrayList<>(scan.tableColumns());
      List<OutputColumn> columns = new ArrayList<>(left.output());
      for (OutputColumn column : scan.output()) {
        columns.add(new OutputColumn(column.name(), column.type(), outer || column.nullable()));
      }
      boolean choosing = outer && (residual != null || !side.isPlain());
      int mark = leftWidth + tableColumns.size();
      if (choosing) {
        tableColumns.add(key.names().getFirst());
        columns.add(new OutputColumn("$found", key.types().getFirst(), true));
      }
      PhysicalPlan lookup =
          new LookupJoinPlan(
              left, scan.table(), keys, key.names(), tableColumns, outer, false, columns);
      if (residual != null && !outer) {
        lookup = new PhysicalPlan.FilterPlan(lookup, residual);
      }
      List<Expression> expressions = new ArrayList<>();
      for (int i = 0; i < leftWidth; i++) {
        expressions.add(new Expression.InputRef(i, left.output().get(i).type()));
      }
      Expression found =
          new Expression.Call(
              "is_not_null",
              List.of(new Expression.InputRef(mark, key.types().getFirst())),
              SqlType.BOOLEAN);
      Expression matched = residual == null ? found : TranslateFilter.and(found, residual);
      for (Expression value : side.values()) {
        Expression over = TranslateJoin.shift(value, leftWidth);
        expressions.add(
            choosing
                ? new Expression.Case(
                    List.of(new Expression.Case.Branch(matched, over)),
                    new Expression.Literal(null, over.type()),
                    over.type())
                : over);
      }
      return Projections.project(lookup, expressions, output);
    }
  }

  /**
   * The plan with a lookup in the place of every scan that names its keys.
   *
   * @param mayScan whether other scans of online tables stay
   * @throws EngineException UNSUPPORTED where they are not to
   */
  PhysicalPlan resolve(PhysicalPlan plan, boolean mayScan) {
    if (tables.isEmpty()) {
      return plan;
    }
    return switch (plan) {
      case ScanPlan scan -> tables.containsKey(scan.table()) ? scan(scan, mayScan) : scan;
      case PhysicalPlan.AsofJoinPlan join when side(join.right()).isPresent() ->
          throw new EngineException(
              ErrorCode.UNSUPPORTED,
              "online table "
                  + side(join.right()).orElseThrow().scan().table()
                  + " has the latest row of each key alone and cannot be joined ASOF: join it along"
                  + " its key, or the table of the lake ASOF");
      default ->
          PlanInputs.with(
              plan, plan.inputs().stream().map(input -> resolve(input, mayScan)).toList());
    };
  }

  private PhysicalPlan scan(ScanPlan scan, boolean mayScan) {
    KeyBindings.Key key = key(scan);
    KeyBindings bindings = KeyBindings.of(scan.filter(), key);
    if (!bindings.isWhole()) {
      if (mayScan) {
        return scan;
      }
      throw new EngineException(ErrorCode.UNSUPPORTED, wouldScan(scan, bindings.unbound()));
    }
    List<OutputColumn> keyColumns = new ArrayList<>();
    List<Expression> keys = new ArrayList<>();
    for (int i = 0; i < key.names().size(); i++) {
      keyColumns.add(new OutputColumn(key.names().get(i), key.types().get(i), true));
      keys.add(new Expression.InputRef(i, key.types().get(i)));
    }
    int width = keys.size();
    List<OutputColumn> columns = new ArrayList<>(keyColumns);
    columns.addAll(scan.output());
    PhysicalPlan lookup =
        new LookupJoinPlan(
            new PhysicalPlan.ValuesPlan(typed(bindings.rows(), key.types()), keyColumns),
            scan.table(),
            keys,
            key.names(),
            scan.tableColumns(),
            false,
            bindings.rows().size() > 1,
            columns);
    Expression rest = bindings.rest();
    if (rest != null) {
      lookup = new PhysicalPlan.FilterPlan(lookup, TranslateJoin.shift(rest, width));
    }
    List<Integer> own = IntStream.range(width, columns.size()).boxed().toList();
    return new ProjectPlan(lookup, Projections.refs(lookup, own), scan.output());
  }

  private static List<List<Expression>> typed(List<List<Expression>> rows, List<SqlType> types) {
    List<List<Expression>> typed = new ArrayList<>();
    for (List<Expression> row : rows) {
      List<Expression> values = new ArrayList<>();
      for (int i = 0; i < row.size(); i++) {
        values.add(ExpressionTranslator.convert(row.get(i), types.get(i)));
      }
      typed.add(values);
    }
    return typed;
  }

  private static String wouldScan(ScanPlan scan, List<String> unbound) {
    String columns = String.join(", ", unbound);
    return "the query would read all rows of online table "
        + scan.table()
        + ", as nothing gives its key column"
        + (unbound.size() == 1 ? " " : "s ")
        + columns
        + ": add a condition such as "
        + unbound.getFirst()
        + " = ?, IN (...) or a join along the key; or allow the scan with SET online_scan = true";
  }
}
