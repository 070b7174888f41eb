package io.sluice.planner;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.planner.testing.TestPipeline;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Wrong statements: the code, the place, the remedy. */
class ErrorsTest {
  private final TestPipeline pipeline =
      new TestPipeline(
          "CREATE TABLE flights (carrier VARCHAR, dep_delay DOUBLE)",
          "CREATE TABLE \"Mixed\" (\"Case\" INTEGER, \"case\" INTEGER, \"Other\" INTEGER)");

  @AfterEach
  void close() {
    pipeline.close();
  }

  private void fails(String sql, String start, String part) {
    String error = pipeline.error(sql);
    assertTrue(error.startsWith(start) && error.contains(part), error);
  }

  @Test
  void unknownNamesComeWithCloseOnes() {
    fails("SELECT *\nFROM flihgts", "UNKNOWN_TABLE: line 2, column 6", "did you mean flights?");
    fails(
        "SELECT carier FROM flights", "UNKNOWN_COLUMN: line 1, column 8", "did you mean carrier?");
    fails("SELECT uper('a')", "UNKNOWN_FUNCTION: line 1, column 8", "did you mean upper?");
    fails("SELECT * FROM lkae.main.flights", "UNKNOWN_TABLE: line 1, column 15", "lkae");
    fails("INSERT INTO flight VALUES (1, 2)", "UNKNOWN_TABLE: line 1, column 13", "flights");
    fails(
        "INSERT INTO flights (carier) VALUES (1)", "UNKNOWN_COLUMN: line 1, column 22", "carrier");
    fails("USE maine", "UNKNOWN_SCHEMA", "did you mean main?");
  }

  @Test
  void syntax() {
    fails("SELECT FROM flights", "SYNTAX_ERROR: line 1, column 8", "FROM");
    fails("SELCT 1", "SYNTAX_ERROR: line 1, column 1", "did you mean SELECT");
    fails("SELECT 1 FROM flights WHERE", "SYNTAX_ERROR: line 1, column", "end of the statement");
    fails("SELECT 'abc", "SYNTAX_ERROR", "");
  }

  @Test
  void typesAndGroups() {
    fails(
        "SELECT carrier, count(*) FROM flights",
        "INVALID_ARGUMENT: line 1, column 8",
        "add it to GROUP BY");
    fails("SELECT carrier + 1 FROM flights", "TYPE_MISMATCH: line 1, column 8", "VARCHAR, INTEGER");
    fails("SELECT * FROM flights WHERE carrier", "TYPE_MISMATCH: line 1, column 29", "condition");
    fails("SELECT sum(dep_delay) OVER () FROM flights", "UNSUPPORTED", "window");
  }

  @Test
  void namesThatDifferInCaseAlone() {
    assertEquals("Case INTEGER", pipeline.columns("SELECT \"Case\" FROM mixed"));
    assertEquals(
        "case INTEGER", pipeline.columns("SELECT case FROM MIXED".replace("case", "\"case\"")));
    fails("SELECT CASE_ FROM mixed", "UNKNOWN_COLUMN", "");
    fails("SELECT m.CASE FROM mixed m", "AMBIGUOUS_NAME", "Case");
    assertEquals("other INTEGER", pipeline.columns("SELECT other FROM mixed"));
  }

  @Test
  void keysAreDeclaredOnly() {
    fails("CREATE TABLE k (a INTEGER, PRIMARY KEY (a))", "UNSUPPORTED: line 1", "NOT ENFORCED");
    fails("CREATE TABLE k (a NOTYPE)", "TYPE_MISMATCH: line 1, column 19", "no type NOTYPE");
    fails(
        "CREATE TABLE k (a INTEGER, EVENT TIME (a))",
        "TYPE_MISMATCH: line 1, column 40",
        "TIMESTAMP");
    fails("CREATE TABLE k (a DECIMAL(40, 2))", "TYPE_MISMATCH: line 1, column 19", "38 digits");
  }
}
