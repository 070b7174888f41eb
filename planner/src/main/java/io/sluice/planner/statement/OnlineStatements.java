package io.sluice.planner.statement;

import io.sluice.engine.Engine;
import io.sluice.engine.EngineException;
import io.sluice.engine.ErrorCode;
import io.sluice.engine.QueryContext;
import io.sluice.engine.QueryExecution;
import io.sluice.engine.batch.Cells;
import io.sluice.engine.connector.ColumnDefinition;
import io.sluice.engine.connector.Relation;
import io.sluice.engine.connector.TableName;
import io.sluice.engine.online.OnlineCatalog;
import io.sluice.engine.online.OnlineDefinition;
import io.sluice.engine.online.OnlineTable;
import io.sluice.engine.online.OnlineTables;
import io.sluice.engine.plan.OutputColumn;
import io.sluice.engine.plan.PhysicalPlan;
import io.sluice.engine.type.SqlType;
import io.sluice.planner.QueryPlanner;
import io.sluice.planner.QueryResult;
import io.sluice.planner.parse.OnlineStatement;
import io.sluice.planner.validate.Names;
import io.sluice.planner.validate.Selects;
import io.sluice.planner.validate.SqlErrors;
import io.sluice.planner.validate.StatementTables;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNodeList;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.jspecify.annotations.Nullable;

/** CREATE, DROP, REFRESH ONLINE TABLE and SHOW ONLINE TABLES. */
final class OnlineStatements {
  private static final List<OutputColumn> SHOWN =
      TextRows.columns("table", "key", "snapshot_id", "state", "error");

  private final Engine engine;
  private final QueryPlanner planner;

  OnlineStatements(Engine engine, QueryPlanner planner) {
    this.engine = engine;
    this.planner = planner;
  }

  static List<OutputColumn> columns(OnlineStatement statement) {
    return statement instanceof OnlineStatement.Show ? SHOWN : List.of();
  }

  QueryResult run(OnlineStatement statement, StatementTables tables, QueryContext context) {
    return switch (statement) {
      case OnlineStatement.Create create -> new QueryResult.Update(create(create, tables, context));
      case OnlineStatement.Drop drop -> new QueryResult.Update(drop(drop, tables));
      case OnlineStatement.Refresh refresh -> new QueryResult.Update(refresh(refresh, tables));
      case OnlineStatement.Show show ->
          new QueryResult.Rows(engine.execute(shown(show, tables), context));
    };
  }

  private static OnlineTables online(StatementTables tables) {
    if (tables.catalogNames().contains(OnlineCatalog.NAME)
        && tables.catalog(OnlineCatalog.NAME) instanceof OnlineCatalog catalog) {
      return catalog.tables();
    }
    throw new EngineException(ErrorCode.UNSUPPORTED, "this server keeps no online tables");
  }

  private long create(OnlineStatement.Create create, StatementTables tables, QueryContext context) {
    OnlineTables online = online(tables);
    Relation.Table lake = lakeTable(create.name(), tables);
    if (create.ifNotExists() && online.exists(lake.name())) {
      return 0;
    }
    List<ColumnDefinition> columns = lake.definition().columns();
    SqlIdentifier time = create.eventTime();
    OnlineDefinition definition =
        new OnlineDefinition(
            columns(create.key(), columns, lake),
            time == null ? null : column(time, columns, lake),
            columns(create.columns(), columns, lake),
            create.ttl() == null ? null : micros(create.ttl(), tables, context));
    try {
      return online.create(tables.principal(), lake.name(), definition, create.replace());
    } catch (EngineException failure) {
      throw SqlErrors.at(create.name(), failure);
    }
  }

  private static List<String> columns(
      List<SqlIdentifier> written, List<ColumnDefinition> columns, Relation.Table lake) {
    return written.stream().map(name -> column(name, columns, lake)).toList();
  }

  private static String column(
      SqlIdentifier written, List<ColumnDefinition> columns, Relation.Table lake) {
    List<String> names = columns.stream().map(ColumnDefinition::name).toList();
    return Names.find(written.getSimple(), names, "column")
        .orElseThrow(
            () ->
                SqlErrors.at(
                    written,
                    ErrorCode.UNKNOWN_COLUMN,
                    lake.name()
                        + " has no column "
                        + written.getSimple()
                        + Names.didYouMean(written.getSimple(), names)));
  }

  private long micros(SqlNode ttl, StatementTables tables, QueryContext context) {
    PhysicalPlan plan =
        planner
            .plan(
                Selects.of(SqlParserPos.ZERO, SqlNodeList.of(ttl), null, null),
                tables,
                ZoneOffset.UTC,
                List.of())
            .plan();
    List<@Nullable Object> value = new ArrayList<>();
    if (plan.output().getFirst().type().kind() == SqlType.Kind.INTERVAL_MICROS) {
      try (QueryExecution execution = engine.execute(plan, context)) {
        Draining.drain(
            execution.results(),
            batch -> {
              try (batch) {
                value.add(Cells.get(batch.column(0), 0));
              }
            });
      }
    }
    if (value.size() == 1 && value.getFirst() instanceof Long micros && micros > 0) {
      return micros;
    }
    throw SqlErrors.at(
        ttl,
        ErrorCode.INVALID_ARGUMENT,
        "TTL takes a positive interval of days to seconds, such as INTERVAL '7' DAY");
  }

  private static long drop(OnlineStatement.Drop drop, StatementTables tables) {
    OnlineTables online = online(tables);
    try {
      TableName lake = lakeName(drop.name(), tables);
      if (drop.ifExists() && !online.exists(lake)) {
        return 0;
      }
      online.drop(tables.principal(), lake);
      return 0;
    } catch (EngineException failure) {
      boolean absent =
          failure.code() == ErrorCode.UNKNOWN_SCHEMA || failure.code() == ErrorCode.UNKNOWN_CATALOG;
      if (absent && drop.ifExists()) {
        return 0;
      }
      throw SqlErrors.at(drop.name(), failure);
    }
  }

  private static long refresh(OnlineStatement.Refresh refresh, StatementTables tables) {
    OnlineTables online = online(tables);
    try {
      return online.refresh(lakeName(refresh.name(), tables), refresh.full());
    } catch (EngineException failure) {
      throw SqlErrors.at(refresh.name(), failure);
    }
  }

  private static PhysicalPlan shown(OnlineStatement.Show show, StatementTables tables) {
    TextRows rows = new TextRows(SHOWN);
    Predicate<String> wanted = LikeText.predicate(show.like());
    for (OnlineTable table : online(tables).list()) {
      if (wanted.test(table.lakeName().table())) {
        OnlineTable.Loaded served = table.present();
        EngineException error = table.error();
        rows.add(
            table.name().toString(),
            served == null ? null : String.join(", ", served.spec().keyNames()),
            served == null ? null : Long.toString(served.snapshotId()),
            table.state().name(),
            error == null ? null : error.getMessage());
      }
    }
    return rows.plan();
  }

  private static Relation.Table lakeTable(SqlIdentifier written, StatementTables tables) {
    try {
      TableName name = lakeName(written, tables);
      return tables.table(List.of(name.catalog(), name.schema(), name.table()));
    } catch (EngineException failure) {
      throw SqlErrors.at(written, failure);
    }
  }

  /** A name in the catalog of online tables stands for the lake table of the same name. */
  private static TableName lakeName(SqlIdentifier written, StatementTables tables) {
    List<String> parts = new ArrayList<>(written.names);
    String lake = online(tables).lakeCatalog();
    if (parts.size() == 3 && parts.getFirst().equalsIgnoreCase(OnlineCatalog.NAME)) {
      parts.set(0, lake);
    } else if (parts.size() < 3 && !tables.defaultCatalog().equals(lake)) {
      if (parts.size() == 1) {
        parts.addFirst(tables.defaultSchema());
      }
      if (tables.defaultCatalog().equals(OnlineCatalog.NAME)) {
        parts.addFirst(lake);
      }
    }
    TableName name = tables.qualifyNew(parts);
    if (!name.catalog().equals(lake)) {
      throw new EngineException(
          ErrorCode.UNSUPPORTED,
          "online tables mirror tables of catalog " + lake + ", not " + name);
    }
    return name;
  }
}
