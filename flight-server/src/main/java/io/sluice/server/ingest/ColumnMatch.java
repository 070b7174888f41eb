package io.sluice.server.ingest;

import io.sluice.engine.EngineException;
import io.sluice.engine.ErrorCode;
import java.util.List;

/** Names match as in SQL: an exact one wins, otherwise the only one that differs in case alone. */
final class ColumnMatch {
  private ColumnMatch() {}

  /** The place of the name, or -1. */
  static int find(List<String> names, String name) {
    int exact = names.indexOf(name);
    if (exact >= 0) {
      return exact;
    }
    int found = -1;
    for (int i = 0; i < names.size(); i++) {
      if (names.get(i).equalsIgnoreCase(name)) {
        if (found >= 0) {
          throw new EngineException(
              ErrorCode.AMBIGUOUS_NAME,
              "'" + name + "' may be '" + names.get(found) + "' or '" + names.get(i) + "'");
        }
        found = i;
      }
    }
    return found;
  }
}
