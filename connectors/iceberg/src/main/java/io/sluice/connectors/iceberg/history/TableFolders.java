package io.sluice.connectors.iceberg.history;

import io.sluice.connectors.iceberg.io.LocalFileIO;
import java.util.ArrayList;
import java.util.List;
import org.apache.iceberg.Table;
import org.apache.iceberg.TableProperties;

/** Where a table's own files lie; files elsewhere were registered and are their owner's. */
public final class TableFolders {
  private final boolean local;
  private final List<String> folders = new ArrayList<>();

  private TableFolders(boolean local) {
    this.local = local;
  }

  public static TableFolders of(Table table) {
    TableFolders own = new TableFolders(table.io() instanceof LocalFileIO);
    own.folders.add(table.location());
    for (String property :
        List.of(
            TableProperties.WRITE_DATA_LOCATION,
            TableProperties.WRITE_METADATA_LOCATION,
            TableProperties.OBJECT_STORE_PATH)) {
      String folder = table.properties().get(property);
      if (folder != null) {
        own.folders.add(folder);
      }
    }
    return own;
  }

  /** Whether a file lies in one of them. */
  public boolean hold(String location) {
    return folders.stream().anyMatch(folder -> within(folder, location));
  }

  private boolean within(String folder, String location) {
    if (local) {
      return LocalFileIO.path(location)
          .normalize()
          .startsWith(LocalFileIO.path(folder).normalize());
    }
    return location.startsWith(folder.endsWith("/") ? folder : folder + "/");
  }
}
