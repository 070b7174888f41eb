package io.sluice.planner.training;

import io.sluice.engine.EngineException;
import io.sluice.engine.ErrorCode;
import io.sluice.planner.validate.SqlErrors;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.calcite.sql.JoinType;
import org.apache.calcite.sql.SqlBasicCall;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlJoin;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNodeList;
import org.apache.calcite.sql.SqlOrderBy;
import org.apache.calcite.sql.SqlSelect;
import org.apache.calcite.sql.SqlUtil;
import org.apache.calcite.sql.SqlWith;
import org.apache.calcite.sql.util.SqlBasicVisitor;
import org.jspecify.annotations.Nullable;

/**
 * What a dataset's query needs of the rows that take its spine's place, and whether it means the
 * same for them: labels are not known, and windows and groups over the spine's rows would see other
 * rows.
 */
final class InferenceChecks {
  private final DatasetDefinition definition;
  private final String spine;
  private final SqlSelect select;
  private final List<SqlNode> labels = new ArrayList<>();
  private final Map<String, SqlNode> items = new LinkedHashMap<>();
  private final Set<String> labelTables = new HashSet<>();

  /**
   * @param validated the query with every name resolved and stars expanded
   * @param columns of the query, in order
   * @param spine the alias of its first table
   */
  InferenceChecks(
      DatasetDefinition definition, SqlNode validated, List<String> columns, String spine) {
    this.definition = definition;
    this.spine = spine;
    this.select = select(validated);
    Set<String> labelled = new HashSet<>();
    definition.labels().forEach(label -> labelled.add(label.column()));
    SqlNodeList list = select.getSelectList();
    for (int i = 0; i < list.size(); i++) {
      SqlNode item = SqlUtil.stripAs(list.get(i));
      if (labelled.contains(columns.get(i))) {
        labels.add(item);
      } else {
        items.put(columns.get(i), item);
      }
    }
  }

  private static SqlSelect select(SqlNode validated) {
    return switch (validated) {
      case SqlOrderBy order -> select(order.query);
      case SqlWith with -> select(with.body);
      case SqlSelect select -> select;
      default -> throw new AssertionError(validated);
    };
  }

  /**
   * The spine's columns that the query reads for anything but its labels, each with the first place
   * that reads it.
   *
   * @throws EngineException UNSUPPORTED where the query means something else for other rows
   */
  Map<String, SqlIdentifier> needed() {
    checkObserved();
    items.forEach(this::checkWindows);
    checkGroups();
    findLabelTables();
    checkFilters();
    Map<String, SqlIdentifier> needed = new LinkedHashMap<>();
    items.values().forEach(item -> addSpineColumns(item, needed));
    conditions().forEach(condition -> addSpineColumns(condition, needed));
    return needed;
  }

  /** Aliases of tables that are read for labels alone. */
  Set<String> labelTables() {
    return labelTables;
  }

  private void checkObserved() {
    String observed = definition.observedAt();
    if (observed != null
        && items.get(observed) instanceof SqlIdentifier column
        && column.names.size() > 1
        && !isSpine(column)) {
      throw SqlErrors.at(
          column,
          ErrorCode.UNSUPPORTED,
          "column "
              + observed
              + " is the dataset's OBSERVED AT and comes from "
              + column.names.getFirst()
              + ", but keys take the place of "
              + spine
              + ", its first table");
    }
  }

  private void checkWindows(String column, SqlNode item) {
    each(
        item,
        call -> {
          if (call.getKind() == SqlKind.OVER) {
            throw SqlErrors.at(
                call,
                ErrorCode.UNSUPPORTED,
                "column "
                    + column
                    + " is a window over the dataset's own rows, which keys are not");
          }
        });
  }

  private void checkGroups() {
    SqlNodeList group = select.getGroup();
    if (group == null) {
      return;
    }
    for (String key : definition.key()) {
      SqlNode item = items.get(key);
      if (item != null
          && group.stream()
              .noneMatch(by -> by.equalsDeep(item, org.apache.calcite.util.Litmus.IGNORE))) {
        throw SqlErrors.at(
            group,
            ErrorCode.UNSUPPORTED,
            "the dataset groups rows without its KEY "
                + key
                + ", so that a row's columns depend on other rows of the dataset");
      }
    }
  }

  /** Every condition of the query but labels' own. */
  private List<SqlNode> conditions() {
    List<SqlNode> conditions = new ArrayList<>();
    joinConditions(select.getFrom(), conditions);
    for (SqlNode part :
        java.util.Arrays.asList(
            select.getWhere(), select.getGroup(), select.getHaving(), select.getQualify())) {
      if (part != null) {
        conditions.add(part);
      }
    }
    return conditions;
  }

  private void joinConditions(@Nullable SqlNode from, List<SqlNode> conditions) {
    switch (from) {
      case SqlJoin join -> {
        joinConditions(join.getLeft(), conditions);
        joinConditions(join.getRight(), conditions);
        boolean ofLabels = labelTables.contains(String.valueOf(alias(join.getRight())));
        if (!ofLabels) {
          own(join).forEach(conditions::add);
        }
      }
      case SqlBasicCall call
          when call.getKind() == SqlKind.AS && call.operand(0) instanceof SqlIdentifier -> {}
      case SqlIdentifier ignored -> {}
      case null -> {}
      default -> conditions.add(from);
    }
  }

  /** ON, USING and MATCH_CONDITION. */
  private static List<SqlNode> own(SqlJoin join) {
    return join.getOperandList().stream()
        .skip(1)
        .filter(part -> part != null && part != join.getRight())
        .toList();
  }

  static @Nullable String alias(SqlNode from) {
    return switch (from) {
      case SqlBasicCall call when call.getKind() == SqlKind.AS ->
          ((SqlIdentifier) call.operand(1)).getSimple();
      case SqlIdentifier name -> name.names.getLast();
      default -> null;
    };
  }

  /** Joined tables that no feature and no other condition reads, but a label. */
  private void findLabelTables() {
    List<SqlJoin> joins = new ArrayList<>();
    SqlNode from = select.getFrom();
    while (from instanceof SqlJoin join) {
      joins.add(join);
      from = join.getLeft();
    }
    for (SqlJoin join : joins) {
      String alias = alias(join.getRight());
      if (alias == null || !reads(labels, alias)) {
        continue;
      }
      List<SqlNode> others = new ArrayList<>(items.values());
      joins.stream().filter(other -> other != join).forEach(other -> others.addAll(own(other)));
      if (!reads(others, alias)) {
        labelTables.add(alias);
      }
    }
  }

  private static boolean reads(List<SqlNode> nodes, String alias) {
    boolean[] found = new boolean[1];
    nodes.forEach(
        node ->
            eachColumn(
                node, column -> found[0] |= column.names.getFirst().equalsIgnoreCase(alias)));
    return found[0];
  }

  /** A condition on a label would leave rows out by what is not known yet. */
  private void checkFilters() {
    Set<List<String>> labelColumns = new HashSet<>();
    labels.forEach(
        label -> {
          if (label instanceof SqlIdentifier column) {
            labelColumns.add(column.names);
          }
        });
    for (SqlNode condition : conditions()) {
      eachColumn(
          condition,
          column -> {
            boolean label =
                labelColumns.contains(column.names)
                    || labelTables.contains(column.names.getFirst());
            if (label) {
              throw SqlErrors.at(
                  column,
                  ErrorCode.UNSUPPORTED,
                  "the dataset's rows are chosen by column "
                      + column.names.getLast()
                      + ", of which its labels are made and which is not known of keys; make the"
                      + " dataset without this condition, or with WITH (null_labels = 'drop')");
            }
          });
    }
  }

  private boolean isSpine(SqlIdentifier column) {
    return column.names.size() > 1 && column.names.getFirst().equalsIgnoreCase(spine);
  }

  private void addSpineColumns(SqlNode node, Map<String, SqlIdentifier> needed) {
    eachColumn(
        node,
        column -> {
          if (isSpine(column)) {
            needed.putIfAbsent(column.names.getLast(), column);
          }
        });
    if (node instanceof SqlNodeList using) {
      // USING: its columns are every table's
      using.forEach(
          name -> {
            if (name instanceof SqlIdentifier column && column.isSimple()) {
              needed.putIfAbsent(column.getSimple(), column);
            }
          });
    }
  }

  private static void eachColumn(
      SqlNode node, java.util.function.Consumer<SqlIdentifier> receiver) {
    node.accept(
        new SqlBasicVisitor<@Nullable Void>() {
          @Override
          public @Nullable Void visit(SqlIdentifier column) {
            if (column.names.size() > 1) {
              receiver.accept(column);
            }
            return null;
          }
        });
  }

  private static void each(SqlNode node, java.util.function.Consumer<SqlCall> receiver) {
    node.accept(
        new SqlBasicVisitor<@Nullable Void>() {
          @Override
          public @Nullable Void visit(SqlCall call) {
            if (call.getKind().belongsTo(SqlKind.QUERY)) {
              return null;
            }
            receiver.accept(call);
            return super.visit(call);
          }
        });
  }

  /** The query with joins to tables of labels that leave no row out. */
  static void keepRows(SqlNode query, Set<String> labelTables) {
    SqlNode from = select(query).getFrom();
    while (from instanceof SqlJoin join) {
      String alias = alias(join.getRight());
      boolean ofLabels = alias != null && labelTables.contains(alias);
      JoinType outer =
          switch (join.getJoinType()) {
            case INNER -> JoinType.LEFT;
            case ASOF -> JoinType.LEFT_ASOF;
            default -> join.getJoinType();
          };
      if (ofLabels && join.getConditionType() != org.apache.calcite.sql.JoinConditionType.NONE) {
        join.setOperand(2, outer.symbol(join.getJoinTypeNode().getParserPosition()));
      }
      from = join.getLeft();
    }
  }
}
