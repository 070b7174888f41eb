package io.sluice.engine.online;

import io.sluice.engine.EngineException;
import io.sluice.engine.connector.Catalogs;
import io.sluice.engine.connector.ColumnDefinition;
import io.sluice.engine.connector.VirtualTable;
import io.sluice.engine.type.SqlType;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code system.online_tables}: how far each online table of this process is. */
public final class OnlineSystemTable {
  private OnlineSystemTable() {}

  /** Adds the table to the lake of the catalog of online tables, if there is one. */
  public static void addTo(Catalogs catalogs) {
    if (catalogs.find(OnlineCatalog.NAME).orElse(null) instanceof OnlineCatalog catalog) {
      catalogs.addTable(catalog.tables().lakeCatalog(), "system", of(catalog.tables()));
    }
  }

  private static ColumnDefinition column(String name, SqlType type) {
    return new ColumnDefinition(name, type, true, null);
  }

  private static VirtualTable of(OnlineTables tables) {
    return new VirtualTable(
        "online_tables",
        List.of(
            column("name", SqlType.VARCHAR),
            column("snapshot_id", SqlType.BIGINT),
            column("rows", SqlType.BIGINT),
            column("bytes", SqlType.BIGINT),
            column("lag", SqlType.INTERVAL_MICROS),
            column("state", SqlType.VARCHAR),
            column("error", SqlType.VARCHAR)),
        "Online tables: the snapshot that is served, the keys and bytes that this server holds",
        request -> rows(tables));
  }

  private static List<List<@Nullable Object>> rows(OnlineTables tables) {
    List<List<@Nullable Object>> rows = new ArrayList<>();
    for (OnlineTable table : tables.list()) {
      OnlineTable.Loaded served = table.present();
      EngineException error = table.error();
      rows.add(
          VirtualTable.row(
              table.name().toString(),
              served == null ? null : served.snapshotId(),
              table.rows(),
              table.bytes(),
              served == null ? null : table.lagMicros(),
              table.state().name(),
              error == null ? null : error.getMessage()));
    }
    return rows;
  }
}
