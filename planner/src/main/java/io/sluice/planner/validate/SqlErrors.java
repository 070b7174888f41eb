package io.sluice.planner.validate;

import io.sluice.engine.EngineException;
import io.sluice.engine.ErrorCode;
import io.sluice.engine.SqlPosition;
import io.sluice.engine.connector.TemporaryTables;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.calcite.runtime.CalciteContextException;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.jspecify.annotations.Nullable;

/** Calcite's complaints as ours: a code, the place, and what to do. */
public final class SqlErrors {
  private static final Pattern COLUMN = Pattern.compile("Column '(.*?)' not found in .*");
  private static final Pattern TABLE =
      Pattern.compile("(?:Table|Object) '(.*?)' not found(?: within '(.*)')?.*");
  private static final Pattern AMBIGUOUS = Pattern.compile("Column '(.*?)' is ambiguous");

  private static final Pattern UNGROUPED =
      Pattern.compile("Expression '(.*?)' is not being grouped.*", Pattern.DOTALL);

  private SqlErrors() {}

  public static @Nullable SqlPosition position(SqlNode node) {
    return position(node.getParserPosition());
  }

  static @Nullable SqlPosition position(SqlParserPos pos) {
    return pos.getLineNum() <= 0 ? null : new SqlPosition(pos.getLineNum(), pos.getColumnNum());
  }

  public static EngineException at(SqlNode node, ErrorCode code, String message) {
    return new EngineException(code, message, position(node), null);
  }

  /** The same error with a place, where it has none yet. */
  public static EngineException at(SqlNode node, EngineException failure) {
    return failure.position() != null
        ? failure
        : new EngineException(
            failure.code(), String.valueOf(failure.getMessage()), position(node), failure);
  }

  /**
   * @param columns names that a wrong column may have meant
   */
  static EngineException translate(
      CalciteContextException failure, StatementTables tables, Collection<String> columns) {
    Throwable cause = failure.getCause();
    String text = String.valueOf(cause == null ? failure.getMessage() : cause.getMessage());
    SqlPosition position =
        failure.getPosLine() <= 0
            ? null
            : new SqlPosition(failure.getPosLine(), failure.getPosColumn());
    Matcher column = COLUMN.matcher(text);
    if (column.matches()) {
      String name = column.group(1);
      return new EngineException(
          ErrorCode.UNKNOWN_COLUMN,
          "column " + name + " does not exist" + Names.didYouMean(name, columns),
          position,
          failure);
    }
    Matcher ambiguous = AMBIGUOUS.matcher(text);
    if (ambiguous.matches()) {
      return new EngineException(
          ErrorCode.AMBIGUOUS_NAME,
          "column "
              + ambiguous.group(1)
              + " is ambiguous: several tables have it; write the table's name before it",
          position,
          failure);
    }
    Matcher ungrouped = UNGROUPED.matcher(text);
    if (ungrouped.matches()) {
      return new EngineException(
          ErrorCode.INVALID_ARGUMENT,
          ungrouped.group(1)
              + " is neither grouped nor aggregated: add it to GROUP BY, or use an aggregate such"
              + " as ANY_VALUE",
          position,
          failure);
    }
    Matcher table = TABLE.matcher(text);
    if (table.matches()) {
      return new EngineException(
          ErrorCode.UNKNOWN_TABLE,
          unknownTable(table.group(1), table.group(2), tables),
          position,
          failure);
    }
    return new EngineException(ErrorCode.TYPE_MISMATCH, plain(text), position, failure);
  }

  private static String unknownTable(
      String written, @Nullable String within, StatementTables tables) {
    String name = PinnedNames.parse(written).name();
    int dot = within == null ? -1 : within.lastIndexOf('.');
    String catalog = within == null || dot < 0 ? tables.defaultCatalog() : within.substring(0, dot);
    String schema = within == null || dot < 0 ? tables.defaultSchema() : within.substring(dot + 1);
    List<String> own =
        tables
            .temporaryTables()
            .map(found -> tables.relationNames(found, TemporaryTables.NAME))
            .orElse(List.of());
    if (name.equalsIgnoreCase(TemporaryTables.NAME) && tables.temporaryTables().isPresent()) {
      // The table's name is not in the message.
      return "there is no such table in schema temp; this session's temporary tables are " + own;
    }
    List<String> near = new ArrayList<>(own);
    tables
        .findCatalog(catalog)
        .flatMap(found -> tables.findSchema(found, schema).map(s -> tables.relationNames(found, s)))
        .ifPresent(near::addAll);
    return "table "
        + name
        + " does not exist in "
        + catalog
        + "."
        + schema
        + Names.didYouMean(name, near);
  }

  private static String plain(String text) {
    return text.replace("TIMESTAMP_WITH_LOCAL_TIME_ZONE", "TIMESTAMP WITH TIME ZONE")
        .replace(" NOT NULL", "");
  }
}
