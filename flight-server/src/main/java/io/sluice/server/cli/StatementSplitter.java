package io.sluice.server.cli;

import java.util.ArrayList;
import java.util.List;

/** Cuts a script at semicolons, but not at those in texts, quoted names and comments. */
final class StatementSplitter {
  private StatementSplitter() {}

  /**
   * The statements, without their semicolons, and what follows the last.
   *
   * @param rest what has no semicolon yet; empty where there is only blank or comment
   */
  record Script(List<String> statements, String rest) {}

  static Script split(String script) {
    List<String> statements = new ArrayList<>();
    int start = 0;
    boolean content = false;
    int i = 0;
    while (i < script.length()) {
      char c = script.charAt(i);
      if (c == ';') {
        if (content) {
          statements.add(script.substring(start, i));
        }
        start = i + 1;
        content = false;
        i++;
      } else if (script.startsWith("--", i)) {
        int end = script.indexOf('\n', i);
        i = end < 0 ? script.length() : end;
      } else if (script.startsWith("/*", i)) {
        int end = script.indexOf("*/", i + 2);
        i = end < 0 ? script.length() : end + 2;
      } else if (c == '\'' || c == '"') {
        // A doubled quote ends one text and begins the next, with the same effect.
        int end = script.indexOf(c, i + 1);
        i = end < 0 ? script.length() : end + 1;
        content = true;
      } else {
        content |= !Character.isWhitespace(c);
        i++;
      }
    }
    return new Script(statements, content ? script.substring(start) : "");
  }

  /** All statements; the last needs no semicolon. */
  static List<String> statements(String script) {
    Script cut = split(script);
    List<String> all = new ArrayList<>(cut.statements());
    if (!cut.rest().isEmpty()) {
      all.add(cut.rest());
    }
    return all;
  }
}
