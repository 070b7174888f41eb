package io.sluice.server.metadata;

import io.sluice.engine.function.FunctionDoc;
import io.sluice.engine.function.FunctionRegistry;
import io.sluice.server.Version;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.arrow.flight.sql.FlightSqlProducer.Schemas;
import org.apache.arrow.flight.sql.impl.FlightSql.SqlInfo;
import org.apache.arrow.flight.sql.impl.FlightSql.SqlNullOrdering;
import org.apache.arrow.flight.sql.impl.FlightSql.SqlOuterJoinsSupportLevel;
import org.apache.arrow.flight.sql.impl.FlightSql.SqlSupportedCaseSensitivity;
import org.apache.arrow.flight.sql.impl.FlightSql.SqlSupportedGroupBy;
import org.apache.arrow.flight.sql.impl.FlightSql.SqlSupportedResultSetConcurrency;
import org.apache.arrow.flight.sql.impl.FlightSql.SqlSupportedResultSetType;
import org.apache.arrow.flight.sql.impl.FlightSql.SqlSupportedSubqueries;
import org.apache.arrow.flight.sql.impl.FlightSql.SqlSupportedTransaction;
import org.apache.arrow.flight.sql.impl.FlightSql.SqlSupportedUnions;
import org.apache.arrow.flight.sql.impl.FlightSql.SqlSupportsConvert;
import org.apache.arrow.flight.sql.impl.FlightSql.SqlTransactionIsolationLevel;
import org.apache.arrow.flight.sql.impl.FlightSql.SupportedAnsi92SqlGrammarLevel;
import org.apache.arrow.flight.sql.impl.FlightSql.SupportedSqlGrammar;
import org.jspecify.annotations.Nullable;

/** Every fact of GetSqlInfo. JDBC drivers fail on any that is missing. */
public final class SqlInfoTable {
  private static final Map<Integer, SqlInfoValue> VALUES = values();

  private SqlInfoTable() {}

  /**
   * The facts asked for.
   *
   * @param ids all where empty; those that nobody knows are left out
   */
  public static MetadataTable of(List<Integer> ids) {
    List<List<@Nullable Object>> rows = new ArrayList<>();
    for (int id : ids.isEmpty() ? List.copyOf(VALUES.keySet()) : ids) {
      SqlInfoValue value = VALUES.get(id);
      if (value != null) {
        rows.add(Arrays.asList(id, value));
      }
    }
    return new MetadataTable(Schemas.GET_SQL_INFO_SCHEMA, rows);
  }

  private static Map<Integer, SqlInfoValue> values() {
    Map<SqlInfo, SqlInfoValue> facts = new LinkedHashMap<>();
    server(facts);
    dialect(facts);
    names(facts);
    statements(facts);
    limits(facts);
    transactions(facts);
    Map<Integer, SqlInfoValue> byId = new java.util.TreeMap<>();
    facts.forEach((info, value) -> byId.put(info.getNumber(), value));
    return byId;
  }

  private static void server(Map<SqlInfo, SqlInfoValue> facts) {
    facts.put(SqlInfo.FLIGHT_SQL_SERVER_NAME, text("Sluice"));
    facts.put(SqlInfo.FLIGHT_SQL_SERVER_VERSION, text(Version.NUMBER));
    facts.put(SqlInfo.FLIGHT_SQL_SERVER_ARROW_VERSION, text(Version.ARROW));
    facts.put(SqlInfo.FLIGHT_SQL_SERVER_READ_ONLY, flag(false));
    facts.put(SqlInfo.FLIGHT_SQL_SERVER_SQL, flag(true));
    facts.put(SqlInfo.FLIGHT_SQL_SERVER_SUBSTRAIT, flag(false));
    facts.put(SqlInfo.FLIGHT_SQL_SERVER_SUBSTRAIT_MIN_VERSION, text(""));
    facts.put(SqlInfo.FLIGHT_SQL_SERVER_SUBSTRAIT_MAX_VERSION, text(""));
    // A number, not a set of bits.
    facts.put(
        SqlInfo.FLIGHT_SQL_SERVER_TRANSACTION,
        new SqlInfoValue.Mask(SqlSupportedTransaction.SQL_SUPPORTED_TRANSACTION_NONE_VALUE));
    facts.put(SqlInfo.FLIGHT_SQL_SERVER_CANCEL, flag(true));
    facts.put(SqlInfo.FLIGHT_SQL_SERVER_BULK_INGESTION, flag(true));
    facts.put(SqlInfo.FLIGHT_SQL_SERVER_INGEST_TRANSACTIONS_SUPPORTED, flag(false));
    facts.put(SqlInfo.FLIGHT_SQL_SERVER_STATEMENT_TIMEOUT, new SqlInfoValue.Mask(0));
    facts.put(SqlInfo.FLIGHT_SQL_SERVER_TRANSACTION_TIMEOUT, new SqlInfoValue.Mask(0));
  }

  private static void dialect(Map<SqlInfo, SqlInfoValue> facts) {
    facts.put(SqlInfo.SQL_DDL_CATALOG, flag(false));
    facts.put(SqlInfo.SQL_DDL_SCHEMA, flag(true));
    facts.put(SqlInfo.SQL_DDL_TABLE, flag(true));
    facts.put(
        SqlInfo.SQL_NULL_ORDERING,
        new SqlInfoValue.Mask(SqlNullOrdering.SQL_NULLS_SORTED_AT_END_VALUE));
    facts.put(SqlInfo.SQL_KEYWORDS, new SqlInfoValue.Texts(List.of("ASOF", "MATCH_CONDITION")));
    facts.put(SqlInfo.SQL_NUMERIC_FUNCTIONS, functions("math", "numeric", "arithmetic"));
    facts.put(SqlInfo.SQL_STRING_FUNCTIONS, functions("string", "text"));
    facts.put(SqlInfo.SQL_SYSTEM_FUNCTIONS, new SqlInfoValue.Texts(List.of("COALESCE", "NULLIF")));
    facts.put(SqlInfo.SQL_DATETIME_FUNCTIONS, functions("date", "time", "interval"));
    facts.put(SqlInfo.SQL_SUPPORTS_COLUMN_ALIASING, flag(true));
    facts.put(SqlInfo.SQL_NULL_PLUS_NULL_IS_NULL, flag(true));
    facts.put(SqlInfo.SQL_SUPPORTS_CONVERT, conversions());
    facts.put(SqlInfo.SQL_SUPPORTS_TABLE_CORRELATION_NAMES, flag(true));
    facts.put(SqlInfo.SQL_SUPPORTS_DIFFERENT_TABLE_CORRELATION_NAMES, flag(false));
    facts.put(SqlInfo.SQL_SUPPORTS_EXPRESSIONS_IN_ORDER_BY, flag(true));
    facts.put(SqlInfo.SQL_SUPPORTS_ORDER_BY_UNRELATED, flag(true));
    facts.put(
        SqlInfo.SQL_SUPPORTED_GROUP_BY,
        SqlInfoValue.Mask.of(
            SqlSupportedGroupBy.SQL_GROUP_BY_UNRELATED_VALUE,
            SqlSupportedGroupBy.SQL_GROUP_BY_BEYOND_SELECT_VALUE));
    facts.put(SqlInfo.SQL_SUPPORTS_LIKE_ESCAPE_CLAUSE, flag(true));
    facts.put(SqlInfo.SQL_SUPPORTS_NON_NULLABLE_COLUMNS, flag(true));
    facts.put(
        SqlInfo.SQL_SUPPORTED_GRAMMAR,
        SqlInfoValue.Mask.of(
            SupportedSqlGrammar.SQL_MINIMUM_GRAMMAR_VALUE,
            SupportedSqlGrammar.SQL_CORE_GRAMMAR_VALUE));
    facts.put(
        SqlInfo.SQL_ANSI92_SUPPORTED_LEVEL,
        SqlInfoValue.Mask.of(SupportedAnsi92SqlGrammarLevel.ANSI92_ENTRY_SQL_VALUE));
    facts.put(SqlInfo.SQL_SUPPORTS_INTEGRITY_ENHANCEMENT_FACILITY, flag(false));
    facts.put(
        SqlInfo.SQL_OUTER_JOINS_SUPPORT_LEVEL,
        SqlInfoValue.Mask.of(
            SqlOuterJoinsSupportLevel.SQL_LIMITED_OUTER_JOINS_VALUE,
            SqlOuterJoinsSupportLevel.SQL_FULL_OUTER_JOINS_VALUE));
    facts.put(
        SqlInfo.SQL_SUPPORTED_SUBQUERIES,
        SqlInfoValue.Mask.of(
            SqlSupportedSubqueries.SQL_SUBQUERIES_IN_COMPARISONS_VALUE,
            SqlSupportedSubqueries.SQL_SUBQUERIES_IN_EXISTS_VALUE,
            SqlSupportedSubqueries.SQL_SUBQUERIES_IN_INS_VALUE,
            SqlSupportedSubqueries.SQL_SUBQUERIES_IN_QUANTIFIEDS_VALUE));
    facts.put(SqlInfo.SQL_CORRELATED_SUBQUERIES_SUPPORTED, flag(true));
    facts.put(
        SqlInfo.SQL_SUPPORTED_UNIONS,
        SqlInfoValue.Mask.of(
            SqlSupportedUnions.SQL_UNION_VALUE, SqlSupportedUnions.SQL_UNION_ALL_VALUE));
  }

  private static void names(Map<SqlInfo, SqlInfoValue> facts) {
    SqlInfoValue anyCase =
        new SqlInfoValue.Mask(
            SqlSupportedCaseSensitivity.SQL_CASE_SENSITIVITY_CASE_INSENSITIVE_VALUE);
    facts.put(SqlInfo.SQL_IDENTIFIER_CASE, anyCase);
    facts.put(SqlInfo.SQL_IDENTIFIER_QUOTE_CHAR, text("\""));
    facts.put(SqlInfo.SQL_QUOTED_IDENTIFIER_CASE, anyCase);
    facts.put(SqlInfo.SQL_ALL_TABLES_ARE_SELECTABLE, flag(true));
    facts.put(SqlInfo.SQL_SEARCH_STRING_ESCAPE, text("\\"));
    facts.put(SqlInfo.SQL_EXTRA_NAME_CHARACTERS, text("$"));
    facts.put(SqlInfo.SQL_SCHEMA_TERM, text("schema"));
    facts.put(SqlInfo.SQL_PROCEDURE_TERM, text("procedure"));
    facts.put(SqlInfo.SQL_CATALOG_TERM, text("catalog"));
    facts.put(SqlInfo.SQL_CATALOG_AT_START, flag(true));
    // Names with schema and catalog work in queries, updates and definitions; the protocol's bits
    // are about calls, indexes and privileges, of which there are none.
    facts.put(SqlInfo.SQL_SCHEMAS_SUPPORTED_ACTIONS, new SqlInfoValue.Mask(0));
    facts.put(SqlInfo.SQL_CATALOGS_SUPPORTED_ACTIONS, new SqlInfoValue.Mask(0));
  }

  private static void statements(Map<SqlInfo, SqlInfoValue> facts) {
    facts.put(SqlInfo.SQL_SUPPORTED_POSITIONED_COMMANDS, new SqlInfoValue.Mask(0));
    facts.put(SqlInfo.SQL_SELECT_FOR_UPDATE_SUPPORTED, flag(false));
    facts.put(SqlInfo.SQL_STORED_PROCEDURES_SUPPORTED, flag(false));
    facts.put(
        SqlInfo.SQL_SUPPORTED_RESULT_SET_TYPES,
        SqlInfoValue.Mask.of(SqlSupportedResultSetType.SQL_RESULT_SET_TYPE_FORWARD_ONLY_VALUE));
    facts.put(
        SqlInfo.SQL_SUPPORTED_CONCURRENCIES_FOR_RESULT_SET_UNSPECIFIED, new SqlInfoValue.Mask(0));
    facts.put(
        SqlInfo.SQL_SUPPORTED_CONCURRENCIES_FOR_RESULT_SET_FORWARD_ONLY,
        SqlInfoValue.Mask.of(
            SqlSupportedResultSetConcurrency.SQL_RESULT_SET_CONCURRENCY_READ_ONLY_VALUE));
    facts.put(
        SqlInfo.SQL_SUPPORTED_CONCURRENCIES_FOR_RESULT_SET_SCROLL_SENSITIVE,
        new SqlInfoValue.Mask(0));
    facts.put(
        SqlInfo.SQL_SUPPORTED_CONCURRENCIES_FOR_RESULT_SET_SCROLL_INSENSITIVE,
        new SqlInfoValue.Mask(0));
    facts.put(SqlInfo.SQL_BATCH_UPDATES_SUPPORTED, flag(false));
    facts.put(SqlInfo.SQL_NAMED_PARAMETERS_SUPPORTED, flag(false));
    facts.put(SqlInfo.SQL_LOCATORS_UPDATE_COPY, flag(false));
    facts.put(SqlInfo.SQL_STORED_FUNCTIONS_USING_CALL_SYNTAX_SUPPORTED, flag(false));
  }

  /** 0 says that there is no limit, or none that is known. */
  private static void limits(Map<SqlInfo, SqlInfoValue> facts) {
    for (SqlInfo limit :
        List.of(
            SqlInfo.SQL_MAX_BINARY_LITERAL_LENGTH,
            SqlInfo.SQL_MAX_CHAR_LITERAL_LENGTH,
            SqlInfo.SQL_MAX_COLUMN_NAME_LENGTH,
            SqlInfo.SQL_MAX_COLUMNS_IN_GROUP_BY,
            SqlInfo.SQL_MAX_COLUMNS_IN_INDEX,
            SqlInfo.SQL_MAX_COLUMNS_IN_ORDER_BY,
            SqlInfo.SQL_MAX_COLUMNS_IN_SELECT,
            SqlInfo.SQL_MAX_COLUMNS_IN_TABLE,
            SqlInfo.SQL_MAX_CONNECTIONS,
            SqlInfo.SQL_MAX_CURSOR_NAME_LENGTH,
            SqlInfo.SQL_MAX_INDEX_LENGTH,
            SqlInfo.SQL_DB_SCHEMA_NAME_LENGTH,
            SqlInfo.SQL_MAX_PROCEDURE_NAME_LENGTH,
            SqlInfo.SQL_MAX_CATALOG_NAME_LENGTH,
            SqlInfo.SQL_MAX_ROW_SIZE,
            SqlInfo.SQL_MAX_STATEMENT_LENGTH,
            SqlInfo.SQL_MAX_STATEMENTS,
            SqlInfo.SQL_MAX_TABLE_NAME_LENGTH,
            SqlInfo.SQL_MAX_TABLES_IN_SELECT,
            SqlInfo.SQL_MAX_USERNAME_LENGTH)) {
      facts.put(limit, new SqlInfoValue.Number(0));
    }
    facts.put(SqlInfo.SQL_MAX_ROW_SIZE_INCLUDES_BLOBS, flag(true));
  }

  private static void transactions(Map<SqlInfo, SqlInfoValue> facts) {
    facts.put(
        SqlInfo.SQL_DEFAULT_TRANSACTION_ISOLATION,
        new SqlInfoValue.Number(SqlTransactionIsolationLevel.SQL_TRANSACTION_NONE_VALUE));
    facts.put(SqlInfo.SQL_TRANSACTIONS_SUPPORTED, flag(false));
    facts.put(
        SqlInfo.SQL_SUPPORTED_TRANSACTIONS_ISOLATION_LEVELS,
        SqlInfoValue.Mask.of(SqlTransactionIsolationLevel.SQL_TRANSACTION_NONE_VALUE));
    facts.put(SqlInfo.SQL_DATA_DEFINITION_CAUSES_TRANSACTION_COMMIT, flag(false));
    facts.put(SqlInfo.SQL_DATA_DEFINITIONS_IN_TRANSACTIONS_IGNORED, flag(false));
    facts.put(SqlInfo.SQL_SAVEPOINTS_SUPPORTED, flag(false));
  }

  private static SqlInfoValue text(String value) {
    return new SqlInfoValue.Text(value);
  }

  private static SqlInfoValue flag(boolean value) {
    return new SqlInfoValue.Flag(value);
  }

  /** Names of the functions whose family's heading holds one of the words. */
  private static SqlInfoValue functions(String... words) {
    List<String> names =
        FunctionRegistry.standard().all().stream()
            .filter(
                doc ->
                    Arrays.stream(words)
                        .anyMatch(w -> doc.family().toLowerCase(Locale.ROOT).contains(w)))
            .map(FunctionDoc::name)
            .filter(name -> name.matches("[a-z][a-z0-9_]*"))
            .map(name -> name.toUpperCase(Locale.ROOT))
            .distinct()
            .toList();
    return new SqlInfoValue.Texts(names);
  }

  private static SqlInfoValue conversions() {
    List<Integer> numbers =
        List.of(
            SqlSupportsConvert.SQL_CONVERT_TINYINT_VALUE,
            SqlSupportsConvert.SQL_CONVERT_SMALLINT_VALUE,
            SqlSupportsConvert.SQL_CONVERT_INTEGER_VALUE,
            SqlSupportsConvert.SQL_CONVERT_BIGINT_VALUE,
            SqlSupportsConvert.SQL_CONVERT_DECIMAL_VALUE,
            SqlSupportsConvert.SQL_CONVERT_NUMERIC_VALUE,
            SqlSupportsConvert.SQL_CONVERT_REAL_VALUE,
            SqlSupportsConvert.SQL_CONVERT_FLOAT_VALUE);
    int varchar = SqlSupportsConvert.SQL_CONVERT_VARCHAR_VALUE;
    int bit = SqlSupportsConvert.SQL_CONVERT_BIT_VALUE;
    int date = SqlSupportsConvert.SQL_CONVERT_DATE_VALUE;
    int time = SqlSupportsConvert.SQL_CONVERT_TIME_VALUE;
    int timestamp = SqlSupportsConvert.SQL_CONVERT_TIMESTAMP_VALUE;
    Map<Integer, List<Integer>> targets = new java.util.TreeMap<>();
    List<Integer> numbersAndText = new ArrayList<>(numbers);
    numbersAndText.add(varchar);
    numbers.forEach(number -> targets.put(number, List.copyOf(numbersAndText)));
    List<Integer> fromText = new ArrayList<>(numbersAndText);
    fromText.addAll(List.of(bit, date, time, timestamp));
    targets.put(varchar, List.copyOf(fromText));
    targets.put(bit, List.of(bit, varchar));
    targets.put(date, List.of(date, timestamp, varchar));
    targets.put(time, List.of(time, varchar));
    targets.put(timestamp, List.of(date, time, timestamp, varchar));
    return new SqlInfoValue.Conversions(targets);
  }
}
