package io.sluice.planner.statement;

import io.sluice.engine.EngineException;
import io.sluice.engine.ErrorCode;
import io.sluice.engine.connector.TemporaryTables;
import io.sluice.planner.ReadOptions;
import io.sluice.planner.Session;
import io.sluice.planner.parse.Statement;
import io.sluice.planner.validate.Names;
import io.sluice.planner.validate.SqlErrors;
import io.sluice.planner.validate.StatementTables;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What a session remembers. */
final class SessionStatements {
  private static final List<String> OPTIONS =
      List.of("time_zone", "schema", "catalog", "shard", "seed", "epoch", "online_scan");

  private SessionStatements() {}

  static void use(Statement.Use use, StatementTables tables, Session session) {
    SchemaName name = SchemaName.of(use.schema(), tables);
    if (name.catalog().name().equals(TemporaryTables.NAME)) {
      throw SqlErrors.at(
          use.schema(),
          ErrorCode.INVALID_ARGUMENT,
          "schema temp is searched first as it is; use the schema of your other tables");
    }
    session.setCatalog(name.catalog().name());
    session.setSchema(name.schema());
  }

  static void set(Statement.SetOption set, Session session) {
    String value = set.value();
    switch (set.name().toLowerCase(Locale.ROOT)) {
      case "time_zone", "timezone" -> session.setZone(zone(value));
      case "schema" -> session.setSchema(value == null ? Session.DEFAULT_SCHEMA : value);
      case "catalog" -> session.setCatalog(value == null ? Session.DEFAULT_CATALOG : value);
      case "shard" -> session.setReading(session.reading().withShard(value));
      case "seed" -> session.setReading(session.reading().withSeed(value));
      case "epoch" -> session.setReading(session.reading().withEpoch(value));
      case "online_scan" -> session.setOnlineScan(value != null && flag(set.name(), value));
      case "all" -> {
        session.setOnlineScan(false);
        session.setReading(ReadOptions.ALL);
        session.setZone(ZoneOffset.UTC);
        session.setCatalog(Session.DEFAULT_CATALOG);
        session.setSchema(Session.DEFAULT_SCHEMA);
      }
      default ->
          throw new EngineException(
              ErrorCode.INVALID_ARGUMENT,
              "there is no setting "
                  + set.name()
                  + Names.didYouMean(set.name(), OPTIONS)
                  + " (settings: "
                  + String.join(", ", OPTIONS)
                  + ")");
    }
  }

  private static boolean flag(String name, String value) {
    return switch (value.toLowerCase(Locale.ROOT)) {
      case "true", "on" -> true;
      case "false", "off" -> false;
      default ->
          throw new EngineException(
              ErrorCode.INVALID_ARGUMENT, name + " must be true or false, not '" + value + "'");
    };
  }

  private static ZoneId zone(@Nullable String value) {
    if (value == null) {
      return ZoneOffset.UTC;
    }
    try {
      return value.equalsIgnoreCase("UTC") ? ZoneOffset.UTC : ZoneId.of(value);
    } catch (DateTimeException unknown) {
      throw new EngineException(
          ErrorCode.INVALID_ARGUMENT,
          "there is no time zone '"
              + value
              + "'; write it like 'America/New_York' or '+02:00'"
              + Names.didYouMean(value, ZoneId.getAvailableZoneIds()),
          unknown);
    }
  }
}
