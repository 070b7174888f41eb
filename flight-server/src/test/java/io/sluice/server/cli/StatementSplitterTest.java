package io.sluice.server.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

class StatementSplitterTest {
  @Test
  void cutsAtSemicolons() {
    assertEquals(List.of("a", " b"), StatementSplitter.statements("a; b;"));
    assertEquals(List.of("a", " b"), StatementSplitter.statements("a; b"));
    assertEquals(List.of(), StatementSplitter.statements(" ;; \n -- nothing; here\n/* ; */"));
  }

  @Test
  void leavesTextsNamesAndCommentsWhole() {
    assertEquals(
        List.of("SELECT 'it''s; ' AS \"a;b\" -- c;\n /* d; */ FROM t"),
        StatementSplitter.statements("SELECT 'it''s; ' AS \"a;b\" -- c;\n /* d; */ FROM t;"));
  }

  @Test
  void waitsForTheEndOfWhatIsOpen() {
    StatementSplitter.Script script = StatementSplitter.split("SELECT 1; SELECT 'a;");
    assertEquals(List.of("SELECT 1"), script.statements());
    assertEquals(" SELECT 'a;", script.rest());
  }
}
