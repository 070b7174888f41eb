package io.sluice.sqltests;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One record of an .slt file.
 *
 * @param line of its first line, from 1
 * @param kind what is expected
 * @param sorted whether rows are compared in sorted order
 * @param duckdb whether DuckDB executes the same text and must agree
 * @param skipIn modes that leave the record out, each with its reason in the file
 * @param error what the message of an expected error must match
 * @param expected lines after the dashes
 */
record Record(
    int line,
    Kind kind,
    boolean sorted,
    boolean duckdb,
    List<String> skipIn,
    @Nullable String error,
    String sql,
    List<String> expected) {
  enum Kind {
    STATEMENT,
    ERROR,
    QUERY
  }
}
