package io.sluice.engine.connector;

import java.util.List;
import java.util.Optional;

/**
 * A schema of computed tables that a server adds to a catalog. Where the catalog has a schema of
 * that name, its tables stand beside these, which win.
 */
public record VirtualSchema(String name, List<VirtualTable> tables) {
  public VirtualSchema {
    tables = List.copyOf(tables);
  }

  /** The table of that exact name. */
  Optional<VirtualTable> table(String table) {
    return tables.stream().filter(each -> each.name().equals(table)).findFirst();
  }
}
