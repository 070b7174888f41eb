package io.sluice.connectors.iceberg.register;

import io.sluice.connectors.iceberg.TableChanges;
import io.sluice.connectors.iceberg.io.LocalFileIO;
import io.sluice.connectors.iceberg.scan.ScanContext;
import io.sluice.connectors.iceberg.write.AppendTarget;
import io.sluice.connectors.iceberg.write.CommitTarget;
import io.sluice.connectors.iceberg.write.CreateTarget;
import io.sluice.connectors.parquet.ParquetFile;
import io.sluice.connectors.parquet.ParquetMetadata;
import io.sluice.engine.EngineException;
import io.sluice.engine.ErrorCode;
import io.sluice.engine.connector.ColumnDefinition;
import io.sluice.engine.connector.TableDefinition;
import io.sluice.engine.connector.TableName;
import io.sluice.engine.type.SqlType;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.Table;
import org.apache.iceberg.TableProperties;
import org.apache.iceberg.Transaction;
import org.apache.iceberg.io.CloseableIterable;

/** Makes existing Parquet files a table's, in one commit; the files stay where and as they are. */
public final class ParquetRegistration {
  private final TableName name;
  private final TableChanges tables;
  private final ScanContext context;

  public ParquetRegistration(TableName name, TableChanges tables, ScanContext context) {
    this.name = name;
    this.tables = tables;
    this.context = context;
  }

  /**
   * @param location a file, a folder or a glob
   * @return rows added
   */
  public long register(String location) {
    List<ParquetMetadata> footers = new ArrayList<>();
    for (Path path : FileSet.of(LocalFileIO.path(location))) {
      try (ParquetFile file = context.open(path.toString())) {
        footers.add(file.metadata());
      }
    }
    Table existing = tables.find(TableChanges.id(name));
    CommitTarget target = existing == null ? creation(footers) : addition(existing, footers);
    if (!target.table().spec().isUnpartitioned()) {
      throw new EngineException(
          ErrorCode.UNSUPPORTED,
          "table " + name + " is partitioned; files cannot be registered with it");
    }
    if (existing != null) {
      checkNew(existing, footers);
    }
    List<DataFile> files = new ArrayList<>();
    long rows = 0;
    for (ParquetMetadata footer : footers) {
      files.add(RegisteredFile.of(footer, target.table(), name.toString()));
      rows += footer.rowCount();
    }
    target.commit(files, UUID.randomUUID().toString());
    return rows;
  }

  private CommitTarget creation(List<ParquetMetadata> footers) {
    Transaction transaction = tables.creation(name, TableDefinition.of(columns(footers)));
    transaction
        .updateProperties()
        .set(TableProperties.DEFAULT_NAME_MAPPING, FileNames.of(transaction.table()))
        .commit();
    return new CreateTarget(name.toString(), transaction, () -> tables.load(name), null);
  }

  private CommitTarget addition(Table existing, List<ParquetMetadata> footers) {
    String names = FileNames.with(existing, footers, name);
    if (!names.equals(existing.properties().get(TableProperties.DEFAULT_NAME_MAPPING))) {
      // a commit of its own: without such files the mapping changes nothing
      existing.updateProperties().set(TableProperties.DEFAULT_NAME_MAPPING, names).commit();
    }
    return new AppendTarget(name.toString(), existing, () -> tables.load(name));
  }

  /** The columns of all files in order of appearance. */
  private static List<ColumnDefinition> columns(List<ParquetMetadata> footers) {
    Map<String, SqlType> types = new LinkedHashMap<>();
    Map<String, String> firstSeen = new LinkedHashMap<>();
    for (ParquetMetadata footer : footers) {
      for (org.apache.parquet.schema.Type column : footer.schema().getFields()) {
        SqlType type = ParquetTypes.toSql(column);
        if (type == null) {
          throw new EngineException(
              ErrorCode.UNSUPPORTED,
              "column "
                  + column.getName()
                  + " of file "
                  + footer.path()
                  + " has no type in SQL: "
                  + column);
        }
        SqlType before = types.putIfAbsent(column.getName(), type);
        firstSeen.putIfAbsent(column.getName(), footer.path());
        if (before != null && !before.equals(type)) {
          throw new EngineException(
              ErrorCode.TYPE_MISMATCH,
              "column "
                  + column.getName()
                  + " of file "
                  + footer.path()
                  + " is "
                  + type.sql()
                  + ", in file "
                  + firstSeen.get(column.getName())
                  + " it is "
                  + before.sql());
        }
      }
    }
    List<ColumnDefinition> columns = new ArrayList<>();
    types.forEach((column, type) -> columns.add(new ColumnDefinition(column, type, true, null)));
    return columns;
  }

  private void checkNew(Table table, List<ParquetMetadata> footers) {
    Set<String> added = new HashSet<>();
    footers.forEach(footer -> added.add(footer.path()));
    try (CloseableIterable<FileScanTask> tasks = table.newScan().planFiles()) {
      for (FileScanTask task : tasks) {
        if (added.contains(LocalFileIO.path(task.file().location()).toString())) {
          throw new EngineException(
              ErrorCode.ALREADY_EXISTS,
              "file " + task.file().location() + " is part of table " + name + " already");
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException("manifests of table " + name + " cannot be closed", e);
    }
  }
}
