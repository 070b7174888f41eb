package io.sluice.planner.parse;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The tokens of a statement, in which a keyword is a name wherever its neighbours show that it
 * cannot be meant as a keyword. Only the words in {@link #RESERVED} are never names without quotes
 * (after a dot or AS even they are).
 */
final class WordTokens extends GeneratedParserTokenManager implements GeneratedParserConstants {
  private static final Set<String> RESERVED =
      words(
          "ALL AND ANY ARRAY AS ASYMMETRIC BOTH BY CASE CAST CHECK COLLATE COLUMN CONSTRAINT CREATE"
              + " DEFAULT DISTINCT ELSE EXCEPT FALSE FETCH FOR FOREIGN FROM GROUP HAVING IN"
              + " INTERSECT INTO LATERAL LEADING LIMIT NOT NULL OFFSET ON ONLY OR ORDER PRIMARY"
              + " QUALIFY REFERENCES SELECT SOME SYMMETRIC TABLE THEN TO TRAILING TRUE UNION UNIQUE"
              + " USING WHEN WHERE WINDOW WITH PIVOT UNPIVOT");

  /** Keywords after an operand; names where an operand must come. */
  private static final Set<String> INFIX =
      words(
          "BETWEEN LIKE ILIKE RLIKE IS OVERLAPS MEMBER SUBMULTISET MULTISET ESCAPE CONTAINS EQUALS"
              + " PRECEDES SUCCEEDS OVER WITHIN FILTER TABLESAMPLE MATCH_CONDITION MATCH_RECOGNIZE"
              + " SET ROW ROWS VALUES JOIN");

  private static final Set<String> JOINS =
      words("JOIN OUTER LEFT RIGHT FULL INNER ASOF CROSS APPLY");
  private static final Set<String> JOIN_STARTS =
      words("LEFT RIGHT FULL INNER CROSS NATURAL ASOF OUTER");
  private static final Set<String> UNITS =
      words("YEAR MONTH DAY HOUR MINUTE SECOND QUARTER WEEK MILLISECOND MICROSECOND");
  private static final Set<String> STATEMENTS =
      words("SELECT INSERT DELETE UPDATE MERGE EXPLAIN DESCRIBE CALL DROP ALTER SET RESET SHOW");
  private static final Set<String> CONTEXT =
      words(
          "CURRENT_DATE CURRENT_TIME CURRENT_TIMESTAMP LOCALTIME LOCALTIMESTAMP CURRENT_USER"
              + " SESSION_USER SYSTEM_USER CURRENT_CATALOG CURRENT_SCHEMA CURRENT_ROLE"
              + " CURRENT_PATH");
  private static final Set<String> TYPES_WITH_WORDS =
      words("DATE TIME TIMESTAMP DATETIME DOUBLE CHARACTER CHAR BINARY NATIONAL");

  /** Keywords that end an operand. */
  private static final Set<String> OPERAND_ENDS =
      words(
          "NULL TRUE FALSE UNKNOWN END ROW ROWS PRECEDING FOLLOWING " + String.join(" ", CONTEXT));

  /** Functions of our own registry, whose arguments need no grammar. */
  private static final Set<String> PLAIN_FUNCTIONS =
      words(
          "DATE_TRUNC DATE_DIFF DATEDIFF DATE_PART TIMESTAMP_TRUNC TIMESTAMP_DIFF TIME_TRUNC"
              + " TIME_DIFF DATETIME_TRUNC DATETIME_DIFF STRING_AGG ARRAY_AGG YEAR MONTH DAY HOUR"
              + " MINUTE SECOND QUARTER WEEK CONTAINS LEFT RIGHT REPLACE TRUNCATE USER START SEARCH");

  /** What an open parenthesis follows, and whether a type name is due inside. */
  private static final class Frame {
    private final String word;
    private boolean type;

    private Frame(String word) {
      this.word = word;
    }
  }

  private final List<Token> ahead = new ArrayList<>();
  private final Deque<Frame> frames = new ArrayDeque<>();
  private @Nullable Token last;
  private @Nullable Token beforeLast;
  private @Nullable Token third;
  private String closed = "";
  private int openCases;
  private boolean notAfterOperand;

  WordTokens(SimpleCharStream stream) {
    super(stream);
  }

  @Override
  public Token getNextToken() {
    Token token = ahead.isEmpty() ? super.getNextToken() : ahead.removeFirst();
    if (keyword(token) && !isKeyword(token.image.toUpperCase(Locale.ROOT))) {
      token.kind = IDENTIFIER;
    }
    note(token);
    return token;
  }

  static boolean isUnitOfTime(Token token) {
    return UNITS.contains(word(token));
  }

  private Token peek() {
    return peek(0);
  }

  /** The token after {@code skipped} more. */
  private Token peek(int skipped) {
    while (ahead.size() <= skipped) {
      ahead.add(super.getNextToken());
    }
    return ahead.get(skipped);
  }

  private void note(Token token) {
    switch (token.kind) {
      case LPAREN -> {
        Frame inner = new Frame(word(last));
        inner.type = !frames.isEmpty() && frames.peek().type && inner.word.equals("MAP");
        frames.push(inner);
      }
      case CASE -> openCases++;
      case END -> openCases--;
      case NOT -> notAfterOperand = !operandExpected();
      case RPAREN -> closed = frames.isEmpty() ? "" : frames.pop().word;
      case AS -> {
        if (!frames.isEmpty() && frames.peek().word.endsWith("CAST")) {
          frames.peek().type = true;
        }
      }
      default -> {}
    }
    third = beforeLast;
    beforeLast = last;
    last = token;
  }

  private static boolean keyword(Token token) {
    return token.kind != IDENTIFIER
        && token.kind != EOF
        && !GeneratedParser.NON_RESERVED.contains(token.kind)
        && Character.isLetter(token.image.charAt(0))
        && tokenImage[token.kind].equalsIgnoreCase('"' + token.image + '"');
  }

  /** Whether the parser must see the keyword that it is. */
  private boolean isKeyword(String word) {
    Token before = last;
    if (before != null && before.kind == DOT) {
      return false;
    }
    if (!frames.isEmpty() && frames.peek().type) {
      return true;
    }
    String previous = word(before);
    if (previous.equals("::")) {
      return true;
    }
    Token following = peek();
    String next = word(following);
    if (previous.equals("AS") && !isTimeTravel(word(beforeLast))) {
      return word.equals("SELECT")
          || word.equals("WITH")
          || (word.equals("VALUES") && (following.kind == LPAREN || next.equals("ROW")));
    }
    if (RESERVED.contains(word)) {
      return true;
    }
    if (before == null
        || before.kind == SEMICOLON
        || ((previous.equals("EXPLAIN") || previous.equals("ANALYZE")) && explains())) {
      if (STATEMENTS.contains(word)) {
        return true;
      }
    }
    if (UNITS.contains(word)) {
      return isUnit(previous, next) || followedByParenthesis(word, following);
    }
    return switch (word) {
      case "LEFT", "RIGHT", "FULL", "INNER", "CROSS", "NATURAL", "ASOF", "OUTER" ->
          JOINS.contains(next);
      case "END" -> openCases > 0 && !operandExpected();
      case "JOIN" -> !operandExpected() || JOIN_STARTS.contains(previous);
      case "OF" ->
          previous.equals("AS") || previous.equals("MEMBER") || previous.equals("SUBMULTISET");
      case "SYSTEM_TIME", "VERSION" -> previous.equals("FOR");
      case "AT" -> next.equals("TIME") && !operandExpected();
      case "LOCAL" -> next.equals("TIME");
      case "MINUS" -> !operandExpected() && (next.equals("SELECT") || following.kind == LPAREN);
      case "CURRENT" -> next.equals("ROW");
      case "ROWS", "RANGE", "GROUPS" ->
          next.equals("BETWEEN")
              || next.equals("UNBOUNDED")
              || next.equals("CURRENT")
              || isLiteral(following)
              || (word.equals("ROWS") && !operandExpected() && isLiteral(before));
      case "ROW" -> following.kind == LPAREN || previous.equals("CURRENT") || isLiteral(before);
      case "PARTITION" -> next.equals("BY");
      case "RECURSIVE", "ORDINALITY" -> previous.equals("WITH");
      case "SYSTEM" -> previous.equals("TABLESAMPLE");
      case "SIMILAR" -> next.equals("TO");
      case "UNKNOWN", "EMPTY" -> previous.equals("IS") || previous.equals("NOT");
      case "GROUPING" -> next.equals("SETS") || following.kind == LPAREN;
      case "INTERVAL" ->
          following.kind == QUOTED_STRING
              || following.kind == LPAREN
              || ((following.kind == MINUS || following.kind == PLUS)
                  && peek(1).kind == QUOTED_STRING)
              || following.kind == HOOK
              || following.kind == UNSIGNED_INTEGER_LITERAL
              || UNITS.contains(next);
      case "VALUES" -> following.kind == LPAREN || next.equals("ROW");

      case "DATE", "TIME", "TIMESTAMP", "DATETIME", "UUID" -> isTemporal(word, previous, following);
      case "DOUBLE" -> next.equals("PRECISION");
      case "CHARACTER", "CHAR", "BINARY" -> next.equals("VARYING") || following.kind == LPAREN;
      case "PRECISION" -> previous.equals("DOUBLE");
      case "VARYING" ->
          previous.equals("CHARACTER") || previous.equals("CHAR") || previous.equals("BINARY");
      case "NEXT" -> previous.equals("FETCH");
      case "WITHOUT" -> next.equals("TIME");
      case "SET" -> !operandExpected() || previous.equals("A");
      case "EXISTS", "UNNEST" -> following.kind == LPAREN;
      case "DESCRIBE", "SHOW", "EXPLAIN", "CALL", "DROP", "ALTER", "RESET", "INSERT", "UPDATE" ->
          false;
      case "DELETE", "MERGE", "USER" -> false;
      default -> {
        if (CONTEXT.contains(word)) {
          yield operandExpected() && following.kind != DOT;
        }
        if (INFIX.contains(word)) {
          yield !operandExpected();
        }
        yield followedByParenthesis(word, following);
      }
    };
  }

  private boolean followedByParenthesis(String word, Token following) {
    return (following.kind == LPAREN
            && !PLAIN_FUNCTIONS.contains(word)
            && (operandExpected() || word.equals("DECIMAL") || word.equals("NUMERIC")))
        || (following.kind == LBRACKET && (word.equals("MULTISET") || word.equals("MAP")));
  }

  private boolean isTemporal(String word, String previous, Token following) {
    String next = word(following);
    if (word.equals("TIMESTAMP") && previous.equals("FOR") && next.equals("AS")) {
      return true;
    }
    if (word.equals("TIME")
        && (previous.equals("WITH")
            || previous.equals("WITHOUT")
            || previous.equals("LOCAL")
            || previous.equals("AT"))) {
      return next.equals("ZONE");
    }
    return (following.kind == QUOTED_STRING && (operandExpected() || previous.equals("UNTIL")))
        || (following.kind == LPAREN && !operandExpected())
        || (TYPES_WITH_WORDS.contains(word) && (next.equals("WITH") || next.equals("WITHOUT")));
  }

  private boolean isUnit(String previous, String next) {
    Token before = last;
    if (before == null) {
      return false;
    }
    String earlier = word(beforeLast);
    String frame = frames.isEmpty() ? "" : frames.peek().word;
    return (before.kind == QUOTED_STRING && endsWithInterval())
        || previous.equals("INTERVAL")
        || (before.kind == RPAREN && closed.equals("INTERVAL"))
        || (isLiteral(before) && earlier.equals("INTERVAL"))
        || previous.equals("TO")
        || (next.equals("FROM") && frame.equals("EXTRACT"));
  }

  private boolean endsWithInterval() {
    Token earlier = beforeLast;
    if (earlier != null && (earlier.kind == MINUS || earlier.kind == PLUS)) {
      earlier = third;
    }
    return earlier != null && earlier.kind == INTERVAL;
  }

  /** Whether the last token is that of EXPLAIN [ANALYZE] at the beginning. */
  private boolean explains() {
    return beforeLast == null || (third == null && word(beforeLast).equals("EXPLAIN"));
  }

  private static boolean isTimeTravel(String word) {
    return word.equals("SYSTEM_TIME") || word.equals("TIMESTAMP") || word.equals("VERSION");
  }

  /** Whether the next token must start an operand: a name, then, not an operator. */
  private boolean operandExpected() {
    Token before = last;
    if (before == null) {
      return true;
    }
    return switch (before.kind) {
      // as in "x NOT LIKE y"
      case NOT -> !notAfterOperand;
      case IDENTIFIER -> word(before).equals("THAN") && word(beforeLast).equals("OLDER");
      case QUOTED_IDENTIFIER,
          QUOTED_STRING,
          UNSIGNED_INTEGER_LITERAL,
          DECIMAL_NUMERIC_LITERAL,
          APPROX_NUMERIC_LITERAL,
          RPAREN,
          RBRACKET,
          HOOK ->
          false;
      default -> !endsOperand(word(before), before);
    };
  }

  private static boolean endsOperand(String word, Token token) {
    return OPERAND_ENDS.contains(word) || GeneratedParser.NON_RESERVED.contains(token.kind);
  }

  private static boolean isLiteral(@Nullable Token token) {
    return token != null && isLiteralKind(token.kind);
  }

  private static boolean isLiteralKind(int kind) {
    return kind == UNSIGNED_INTEGER_LITERAL
        || kind == QUOTED_STRING
        || kind == HOOK
        || kind == DECIMAL_NUMERIC_LITERAL
        || kind == APPROX_NUMERIC_LITERAL;
  }

  private static String word(@Nullable Token token) {
    return token == null ? "" : token.image.toUpperCase(Locale.ROOT);
  }

  private static Set<String> words(String spaced) {
    return Set.of(spaced.split(" +"));
  }
}
