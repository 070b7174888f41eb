package io.sluice.planner;

import io.sluice.engine.connector.ColumnDefinition;
import io.sluice.engine.connector.Relation;
import io.sluice.engine.expression.ConstantFolder;
import io.sluice.engine.expression.Expression;
import io.sluice.engine.plan.PhysicalPlan;
import io.sluice.engine.type.SqlType;
import io.sluice.planner.parse.SqlText;
import io.sluice.planner.parse.Statement;
import io.sluice.planner.physical.ExpressionTranslator;
import io.sluice.planner.physical.PlanTranslator;
import io.sluice.planner.rules.Clusters;
import io.sluice.planner.rules.Optimizer;
import io.sluice.planner.rules.SqlToRel;
import io.sluice.planner.training.DatasetReading;
import io.sluice.planner.training.InferenceData;
import io.sluice.planner.validate.CatalogReader;
import io.sluice.planner.validate.ComputedTable;
import io.sluice.planner.validate.Desugar;
import io.sluice.planner.validate.DialectValidator;
import io.sluice.planner.validate.Selects;
import io.sluice.planner.validate.SqlErrors;
import io.sluice.planner.validate.SqlTypes;
import io.sluice.planner.validate.StatementTables;
import io.sluice.planner.validate.TableFunctions;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.calcite.plan.RelOptCluster;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.RelRoot;
import org.apache.calcite.rel.core.Project;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.sql.SqlDynamicParam;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNodeList;
import org.apache.calcite.sql.SqlSelect;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.apache.calcite.sql.util.SqlBasicVisitor;
import org.jspecify.annotations.Nullable;

/** From a parsed query to a physical plan: names and types, relational form, rules, translation. */
public final class QueryPlanner {
  private final Optimizer optimizer;
  private volatile DatasetReading.Guard guard = (version, tables) -> {};

  /**
   * @param disabledRules names of optimizer rules to leave out, or "all"
   */
  public QueryPlanner(Set<String> disabledRules) {
    this.optimizer = new Optimizer(disabledRules);
  }

  /** Sets what is called before a training dataset's rows are computed again. */
  public void guardDatasets(DatasetReading.Guard check) {
    guard = check;
  }

  /**
   * A planned query.
   *
   * @param parameters types by index
   */
  public record Planned(PhysicalPlan plan, List<SqlType> parameters) {
    public Planned {
      parameters = List.copyOf(parameters);
    }
  }

  /**
   * @param zone the session's, for constants
   * @param bound types of the parameters, empty where none is bound yet
   */
  public Planned plan(SqlNode query, StatementTables tables, ZoneId zone, List<SqlType> bound) {
    SqlTypes types = new SqlTypes();
    RelOptCluster cluster = Clusters.create(types, zone);
    Relational relational = relational(query, tables, cluster, types, zone, bound, List.of());
    RelNode optimized = optimizer.optimize(relational.rel());
    ExpressionTranslator expressions =
        new ExpressionTranslator(cluster.getRexBuilder(), relational.parameters().size());
    PhysicalPlan plan =
        new PlanTranslator(expressions, tables.onlineScan())
            .translate(optimized, relational.names());
    return new Planned(plan, relational.parameters());
  }

  /**
   * The same for rows that go into a table: a parameter that stands for a whole column has the
   * column's type.
   *
   * @param columns types that the rows should have
   */
  public Planned planRows(
      SqlNode rows,
      StatementTables tables,
      ZoneId zone,
      List<SqlType> bound,
      List<SqlType> columns) {
    return plan(ColumnParameters.typed(rows, columns), tables, zone, bound);
  }

  /**
   * What a table or view declares.
   *
   * @throws io.sluice.engine.EngineException where a view's query can no longer be planned
   */
  public RelationDeclarations declarations(Relation relation, StatementTables tables, ZoneId zone) {
    SqlTypes types = new SqlTypes();
    return views(tables, Clusters.create(types, zone), types, zone).declarations(relation);
  }

  private ViewQueries views(
      StatementTables tables, RelOptCluster cluster, SqlTypes types, ZoneId zone) {
    return new ViewQueries(
        tables,
        (sql, own, hidden) ->
            relational(query(sql), own, cluster, types, zone, List.of(), hidden).rel());
  }

  /**
   * The query's relational form before any rule, views expanded; sub-queries are part of it.
   *
   * @param hidden columns that scans have although the query does not mention them
   */
  public RelNode form(
      SqlNode query, StatementTables tables, ZoneId zone, List<ColumnDefinition> hidden) {
    SqlTypes types = new SqlTypes();
    RelOptCluster cluster = Clusters.create(types, zone);
    return relational(query, tables, cluster, types, zone, List.of(), hidden).rel();
  }

  /** A relational form without parameters as a plan. */
  public PhysicalPlan plan(RelNode form, List<String> names) {
    RelNode optimized = optimizer.optimize(form);
    return new PlanTranslator(new ExpressionTranslator(form.getCluster().getRexBuilder(), 0))
        .translate(optimized, names);
  }

  private record Relational(RelNode rel, List<String> names, List<SqlType> parameters) {}

  /**
   * @param hidden columns that scans have although the query does not mention them
   */
  private Relational relational(
      SqlNode query,
      StatementTables tables,
      RelOptCluster cluster,
      SqlTypes types,
      ZoneId zone,
      List<SqlType> bound,
      List<ColumnDefinition> hidden) {
    return relational(query, tables, cluster, types, zone, bound, hidden, Map.of());
  }

  /**
   * @param computed relations that the query names beside those of the catalogs
   */
  private Relational relational(
      SqlNode query,
      StatementTables tables,
      RelOptCluster cluster,
      SqlTypes types,
      ZoneId zone,
      List<SqlType> bound,
      List<ColumnDefinition> hidden,
      Map<String, ComputedTable> computed) {
    int parameters = countParameters(query);
    List<String> texts = ResultNames.texts(query);
    Validation validation =
        validation(query, tables, cluster, types, zone, bound, hidden, computed);
    DialectValidator validator = validation.validator();
    SqlNode validated = validator.check(validation.plain());
    RelRoot root = new SqlToRel(validator, validation.reader(), cluster).convert(validated);
    List<String> names =
        ResultNames.of(validator.getValidatedNodeType(validated).getFieldNames(), texts);
    return new Relational(root.project(), names, validator.parameters(parameters));
  }

  private record Validation(SqlNode plain, CatalogReader reader, DialectValidator validator) {}

  private Validation validation(
      SqlNode query,
      StatementTables tables,
      RelOptCluster cluster,
      SqlTypes types,
      ZoneId zone,
      List<SqlType> bound,
      List<ColumnDefinition> hidden,
      Map<String, ComputedTable> computed) {
    Desugar desugar = new Desugar(tables, period -> instant(period, tables, cluster, types));
    SqlNode plain = desugar.apply(query);
    List<ColumnDefinition> mentioned = new ArrayList<>(DialectValidator.hiddenColumns(desugar));
    hidden.stream().filter(column -> !mentioned.contains(column)).forEach(mentioned::add);
    Map<String, ComputedTable> relations = new HashMap<>(computed);
    TableFunctions functions = new InferenceData(planning(cluster, types));
    desugar.calls().forEach((name, call) -> relations.put(name, functions.of(call, tables)));
    CatalogReader reader =
        new CatalogReader(
            tables,
            types,
            mentioned,
            views(tables, cluster, types, zone),
            new DatasetReading(
                (sql, own, ownZone) ->
                    relational(query(sql), own, cluster, types, ownZone, List.of(), List.of())
                        .rel(),
                guard),
            relations);
    return new Validation(plain, reader, new DialectValidator(reader, desugar, bound));
  }

  /** Plans queries as parts of a statement's plan. */
  private InferenceData.Planning planning(RelOptCluster cluster, SqlTypes types) {
    return new InferenceData.Planning() {
      @Override
      public RelNode form(
          SqlNode query, StatementTables own, ZoneId zone, Map<String, ComputedTable> computed) {
        return relational(query, own, cluster, types, zone, List.of(), List.of(), computed).rel();
      }

      @Override
      public SqlNode validated(
          SqlNode query, StatementTables own, ZoneId zone, Map<String, ComputedTable> computed) {
        Validation validation =
            validation(query, own, cluster, types, zone, List.of(), List.of(), computed);
        return validation.validator().check(validation.plain());
      }
    };
  }

  private static SqlNode query(String sql) {
    if (SqlText.parse(sql) instanceof Statement.Query query) {
      return query.query();
    }
    throw new AssertionError("no query: " + sql);
  }

  /** The instant of FOR SYSTEM_TIME AS OF; a literal without a zone is UTC. */
  private long instant(
      SqlNode period, StatementTables tables, RelOptCluster cluster, SqlTypes types) {
    SqlSelect select = Selects.of(SqlParserPos.ZERO, SqlNodeList.of(period), null, null);
    RelNode rel =
        relational(select, tables, cluster, types, ZoneOffset.UTC, List.of(), List.of()).rel();
    RexNode value = rel instanceof Project project ? project.getProjects().getFirst() : null;
    if (value == null) {
      throw SqlErrors.at(
          period,
          io.sluice.engine.ErrorCode.INVALID_ARGUMENT,
          "FOR SYSTEM_TIME AS OF takes a constant timestamp");
    }
    Expression expression =
        new Expression.Cast(
            new ExpressionTranslator(cluster.getRexBuilder()).translate(value),
            SqlType.TIMESTAMP_TZ,
            false);
    Object micros = ConstantFolder.fold(expression, ZoneOffset.UTC).value();
    if (micros instanceof Long instant) {
      return instant;
    }
    throw SqlErrors.at(
        period,
        io.sluice.engine.ErrorCode.INVALID_ARGUMENT,
        "FOR SYSTEM_TIME AS OF takes a timestamp, not NULL");
  }

  /** Parameters of a statement, by the highest number. */
  public static int countParameters(SqlNode node) {
    int[] count = new int[1];
    node.accept(
        new SqlBasicVisitor<@Nullable Void>() {
          @Override
          public @Nullable Void visit(SqlDynamicParam parameter) {
            count[0] = Math.max(count[0], parameter.getIndex() + 1);
            return null;
          }
        });
    return count[0];
  }
}
