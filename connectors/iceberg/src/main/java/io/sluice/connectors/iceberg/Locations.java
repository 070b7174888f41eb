package io.sluice.connectors.iceberg;

import io.sluice.engine.connector.TableName;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Where new tables and views lie. */
public sealed interface Locations {
  /** A location, or null where the catalog chooses. */
  @Nullable String of(TableName name);

  /** The catalog chooses. */
  record ByCatalog() implements Locations {
    @Override
    public @Nullable String of(TableName name) {
      return null;
    }
  }

  /**
   * A folder for each schema and in it one for each table, named like it; what a file system may
   * not like is percent-encoded, so that no name leads out of the warehouse.
   */
  record Warehouse(String folder) implements Locations {
    @Override
    public String of(TableName name) {
      return folder + "/" + encoded(name.schema()) + "/" + encoded(name.table());
    }

    private static String encoded(String part) {
      String safe = URLEncoder.encode(part, StandardCharsets.UTF_8).replace("*", "%2A");
      // dots alone would be this folder or its parent
      return safe.matches("\\.+") ? safe.replace(".", "%2E") : safe;
    }
  }
}
