package io.sluice.planner.training;

import io.sluice.engine.EngineException;
import io.sluice.engine.ErrorCode;
import io.sluice.engine.SqlPosition;
import io.sluice.engine.type.SqlType;
import io.sluice.planner.QueryPlanner;
import io.sluice.planner.parse.SqlText;
import io.sluice.planner.parse.Statement;
import io.sluice.planner.parse.TrainingStatement;
import io.sluice.planner.validate.StatementTables;
import java.time.ZoneId;
import java.util.List;
import java.util.regex.Pattern;
import org.apache.calcite.sql.parser.SqlParserPos;

/** HORIZON, UNTIL and GAP: constant expressions, checked before anything is read. */
final class ClauseExpressions {
  private static final Pattern PLACE = Pattern.compile("^line \\d+, column \\d+: ");

  private final QueryPlanner planner;
  private final StatementTables tables;
  private final ZoneId zone;

  ClauseExpressions(QueryPlanner planner, StatementTables tables, ZoneId zone) {
    this.planner = planner;
    this.tables = tables;
    this.zone = zone;
  }

  /**
   * Checks the expressions of a statement.
   *
   * @throws EngineException what is wrong, at the column or the split that has the clause
   */
  void check(TrainingStatement.Create create) {
    for (TrainingStatement.Label label : create.labels()) {
      if (label.horizon() != null) {
        SqlParserPos place = label.column().getParserPosition();
        interval("HORIZON of " + label.column().getSimple(), label.horizon(), place);
      }
    }
    TrainingStatement.Split split = create.split();
    if (split == null) {
      return;
    }
    if (split.gap() != null) {
      interval("GAP", split.gap(), split.position());
    }
    for (TrainingStatement.Part part : split.parts()) {
      if (part.until() != null) {
        SqlParserPos place = part.name().getParserPosition();
        SqlType type = type("UNTIL of " + part.name().getSimple(), part.until(), place);
        boolean time =
            switch (type.kind()) {
              case DATE, TIMESTAMP, TIMESTAMP_TZ, VARCHAR -> true;
              default -> false;
            };
        if (!time) {
          throw at(
              place,
              ErrorCode.TYPE_MISMATCH,
              "UNTIL of "
                  + part.name().getSimple()
                  + " is a "
                  + type.sql()
                  + "; write a time, such as TIMESTAMP '2024-01-01 00:00:00'");
        }
      }
    }
  }

  private void interval(String clause, String expression, SqlParserPos place) {
    SqlType type = type(clause, expression, place);
    boolean interval =
        switch (type.kind()) {
          case INTERVAL_MONTHS, INTERVAL_MICROS -> true;
          default -> false;
        };
    if (!interval) {
      throw at(
          place,
          ErrorCode.TYPE_MISMATCH,
          clause + " is a " + type.sql() + "; write an interval, such as INTERVAL '30' DAY");
    }
  }

  private SqlType type(String clause, String expression, SqlParserPos place) {
    try {
      if (SqlText.parse("SELECT " + expression) instanceof Statement.Query query) {
        Nondeterminism.check(query.query(), "");
        return planner
            .plan(query.query(), tables, zone, List.of())
            .plan()
            .output()
            .getFirst()
            .type();
      }
    } catch (EngineException failure) {
      String message = PLACE.matcher(String.valueOf(failure.getMessage())).replaceFirst("");
      throw at(place, failure.code(), clause + ": " + message);
    }
    throw at(place, ErrorCode.SYNTAX_ERROR, clause + " is not an expression");
  }

  private static EngineException at(SqlParserPos place, ErrorCode code, String message) {
    return new EngineException(
        code, message, new SqlPosition(place.getLineNum(), place.getColumnNum()), null);
  }
}
