package io.sluice.planner.parse;

import io.sluice.engine.EngineException;
import io.sluice.engine.ErrorCode;
import io.sluice.engine.SqlPosition;
import io.sluice.planner.validate.Dialect;
import io.sluice.planner.validate.Names;
import java.util.List;
import org.apache.calcite.avatica.util.Casing;
import org.apache.calcite.sql.SqlDataTypeSpec;
import org.apache.calcite.sql.parser.SqlAbstractParserImpl.LexicalState;
import org.apache.calcite.sql.parser.SqlParseException;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.jspecify.annotations.Nullable;

/** Where a text becomes a statement. */
public final class SqlText {
  private static final int MAX_IDENTIFIER_LENGTH = 512;

  private static final List<String> STATEMENTS =
      List.of(
          "SELECT",
          "WITH",
          "VALUES",
          "INSERT",
          "DELETE",
          "UPDATE",
          "MERGE",
          "CREATE",
          "ALTER",
          "DROP",
          "EXPIRE",
          "OPTIMIZE",
          "SHOW",
          "DESCRIBE",
          "EXPLAIN",
          "USE",
          "SET",
          "RESET",
          "COMMENT",
          "CALL",
          "VERIFY",
          "AUDIT",
          "DIFF",
          "RELEASE",
          "EXPORT",
          "EXECUTE");

  private static final List<String> ALTERATIONS =
      List.of("ADD", "DROP", "RENAME", "ALTER", "SET", "UNSET", "CREATE");

  /** Where a type is due its words are keywords. */
  private static final String BEFORE_TYPE = "CAST(NULL AS ";

  private static final int TOKENS_BEFORE_TYPE = 4;

  private SqlText() {}

  /**
   * Parses one statement.
   *
   * @throws EngineException SYNTAX_ERROR with the place
   */
  public static Statement parse(String sql) {
    GeneratedParser parser = GeneratedParser.of(sql);
    parser.setTabSize(1);
    parser.switchTo(LexicalState.DQID);
    parser.setQuotedCasing(Casing.UNCHANGED);
    parser.setUnquotedCasing(Casing.UNCHANGED);
    parser.setIdentifierMaxLength(MAX_IDENTIFIER_LENGTH);
    parser.setConformance(Dialect.CONFORMANCE);
    try {
      return parser.StatementEof();
    } catch (EngineException known) {
      throw known;
    } catch (ParseException | TokenMgrError | RuntimeException failure) {
      throw syntaxError(parser.normalizeException(failure));
    }
  }

  /**
   * The parts of a table's name that stands in a text, as in {@code shop."My table"}.
   *
   * @throws EngineException SYNTAX_ERROR
   */
  public static List<String> name(String text) {
    GeneratedParser parser = GeneratedParser.of(text);
    parser.switchTo(LexicalState.DQID);
    parser.setQuotedCasing(Casing.UNCHANGED);
    parser.setUnquotedCasing(Casing.UNCHANGED);
    parser.setIdentifierMaxLength(MAX_IDENTIFIER_LENGTH);
    parser.setConformance(Dialect.CONFORMANCE);
    try {
      return parser.CompoundTableIdentifier().names;
    } catch (ParseException | TokenMgrError | RuntimeException failure) {
      throw new EngineException(
          ErrorCode.SYNTAX_ERROR, "'" + text + "' is not the name of a table", failure);
    }
  }

  /**
   * The type that a text names, as in {@code DECIMAL(10, 2)}.
   *
   * @throws EngineException SYNTAX_ERROR
   */
  public static SqlDataTypeSpec type(String text) {
    GeneratedParser parser = GeneratedParser.of(BEFORE_TYPE + text + ")");
    parser.switchTo(LexicalState.DQID);
    parser.setQuotedCasing(Casing.UNCHANGED);
    parser.setUnquotedCasing(Casing.UNCHANGED);
    parser.setIdentifierMaxLength(MAX_IDENTIFIER_LENGTH);
    parser.setConformance(Dialect.CONFORMANCE);
    try {
      for (int i = 0; i < TOKENS_BEFORE_TYPE; i++) {
        parser.getNextToken();
      }
      SqlDataTypeSpec type = parser.DataType();
      if (parser.getToken(1).kind == GeneratedParserConstants.RPAREN
          && parser.getToken(2).kind == GeneratedParserConstants.EOF) {
        return type;
      }
    } catch (ParseException | TokenMgrError | RuntimeException failure) {
      throw notAType(text, failure);
    }
    throw notAType(text, null);
  }

  private static EngineException notAType(String text, @Nullable Throwable cause) {
    return new EngineException(ErrorCode.SYNTAX_ERROR, "'" + text + "' is not a type", cause);
  }

  static EngineException unknownStatement(Token token) {
    return new EngineException(
        ErrorCode.SYNTAX_ERROR,
        "no statement begins with '"
            + token.image
            + "'"
            + Names.didYouMean(token.image, STATEMENTS),
        new SqlPosition(token.beginLine, token.beginColumn),
        null);
  }

  static EngineException unknownAlteration(Token token) {
    return new EngineException(
        ErrorCode.SYNTAX_ERROR,
        "ALTER TABLE does not know '"
            + token.image
            + "'"
            + Names.didYouMean(token.image, ALTERATIONS)
            + " ("
            + String.join(", ", ALTERATIONS)
            + ")",
        new SqlPosition(token.beginLine, token.beginColumn),
        null);
  }

  static EngineException unexpected(Token token, String expected) {
    return new EngineException(
        ErrorCode.SYNTAX_ERROR,
        (token.kind == GeneratedParserConstants.EOF
                ? "unexpected end of the statement"
                : "unexpected '" + token.image + "'")
            + "; "
            + expected,
        new SqlPosition(token.beginLine, token.beginColumn),
        null);
  }

  private static EngineException syntaxError(SqlParseException failure) {
    SqlParserPos pos = failure.getPos();
    String message = String.valueOf(failure.getMessage());
    int end = message.indexOf('\n');
    String first = end < 0 ? message : message.substring(0, end).trim();
    int where = first.indexOf(" at line ");
    SqlPosition position =
        pos == null ? null : new SqlPosition(pos.getLineNum(), pos.getColumnNum());
    return new EngineException(
        ErrorCode.SYNTAX_ERROR,
        (where > 0 ? first.substring(0, where) : first)
                .replace("Encountered \"", "unexpected \"")
                .replace("Incorrect syntax near the keyword '", "unexpected keyword '")
                .replace("\"<EOF>\"", "end of the statement")
            + remedy(first),
        position,
        failure);
  }

  private static String remedy(String error) {
    return error.contains("\"[\"") || error.contains("'ARRAY'")
        ? "; arrays are written ARRAY[1, 2], and their types INTEGER ARRAY or ARRAY<INTEGER>"
        : "";
  }

  /** The text from one token to another, both included. */
  static String between(String sql, Token first, Token last) {
    int start = offset(sql, first.beginLine, first.beginColumn);
    return sql.substring(start, offset(sql, last.endLine, last.endColumn) + 1);
  }

  private static int offset(String sql, int line, int column) {
    int at = 0;
    for (int i = 1; i < line; i++) {
      at = sql.indexOf('\n', at) + 1;
    }
    return at + column - 1;
  }
}
