package io.sluice.connectors.iceberg.write;

import io.sluice.connectors.iceberg.io.Failures;
import io.sluice.connectors.iceberg.scan.RowAddress;
import io.sluice.connectors.iceberg.scan.SnapshotFiles;
import io.sluice.engine.EngineException;
import io.sluice.engine.ErrorCode;
import io.sluice.engine.batch.Batch;
import io.sluice.engine.batch.Selection;
import io.sluice.engine.connector.RowChange;
import io.sluice.engine.connector.RowChanges;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.IntVector;
import org.apache.arrow.vector.NullVector;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.Table;
import org.apache.iceberg.types.Types;
import org.apache.iceberg.util.ContentFileUtil;
import org.apache.iceberg.util.DeleteFileSet;

/** Changes by copying: every file that holds a changed row is written again. */
public final class IcebergRowChanges implements RowChanges {
  private final String name;
  private final OverwriteTarget target;
  private final SnapshotFiles files;
  private final List<Types.NestedField> columns;
  private final TableFiles kept;
  private final TableFiles inserted;
  private final FileRewriter rewriter;
  private final RowCells newRow;
  private final ColumnCells none = new ColumnCells(new NullVector("", 1), null, true);
  private final OneCommit commit;
  private long lastAddress = -1;
  private long changed;
  private boolean closed;

  /**
   * @param files of the state that is changed
   * @param allocator stays the caller's
   */
  public IcebergRowChanges(SnapshotFiles files, OverwriteTarget target, BufferAllocator allocator) {
    Table table = target.table();
    this.name = target.name();
    this.target = target;
    this.files = files;
    this.columns = table.schema().columns();
    RowLineage lineage = RowLineage.of(table);
    this.kept = new TableFiles(table, lineage.schema(), TableFiles.targetBytes(table));
    this.inserted = new TableFiles(table);
    this.rewriter = new FileRewriter(files, lineage, kept, allocator);
    this.newRow = new RowCells(columns.size());
    this.commit = new OneCommit(name, target.load());
  }

  @Override
  public void deleteAll() {
    Failures.translated(
        "table " + name,
        () -> {
          for (int number = 0; number < files.count(); number++) {
            changed += rewriter.dropAll(number);
          }
        });
  }

  @Override
  public void delete(Batch addresses) {
    try (addresses) {
      ColumnCells cells = ColumnCells.of(addresses.column(0));
      Selection selection = addresses.selection();
      for (int i = 0; i < addresses.rowCount(); i++) {
        delete(address(cells, selection == null ? i : selection.get(i)));
      }
    }
  }

  private void delete(long address) {
    if (rewriter.delete(RowAddress.file(address), RowAddress.position(address))) {
      changed++;
    }
  }

  private static long address(ColumnCells cells, int row) {
    return ((BigIntVector) cells.values()).get(cells.position(row));
  }

  @Override
  public void change(Batch changes, List<RowChange> kinds) {
    try (changes) {
      ColumnCells[] cells =
          changes.columns().stream().map(ColumnCells::of).toArray(ColumnCells[]::new);
      int[] rows = new int[changes.rowCount()];
      Selection selection = changes.selection();
      for (int i = 0; i < rows.length; i++) {
        rows[i] = selection == null ? i : selection.get(i);
      }
      // what is removed must be known before rows behind it are copied
      for (int row : rows) {
        if (kind(cells, row, kinds) instanceof RowChange.Delete) {
          delete(address(cells[0], row));
        }
      }
      Failures.translated(
          "table " + name,
          () -> {
            for (int row : rows) {
              change(cells, row, kind(cells, row, kinds));
            }
          });
    }
  }

  private static RowChange kind(ColumnCells[] cells, int row, List<RowChange> kinds) {
    return kinds.get(((IntVector) cells[1].values()).get(cells[1].position(row)));
  }

  private void change(ColumnCells[] cells, int row, RowChange change) {
    switch (change) {
      case RowChange.Delete ignored -> {}
      case RowChange.Update update -> {
        long address = address(cells[0], row);
        assert address > lastAddress : address + " after " + lastAddress;
        lastAddress = address;
        RowCells current = rewriter.seek(RowAddress.file(address), RowAddress.position(address));
        replace(current, update.sources(), cells, row);
        kept.write(current);
        changed++;
      }
      case RowChange.Insert insert -> {
        ColumnCells[] absent = new ColumnCells[columns.size()];
        Arrays.fill(absent, none);
        newRow.at(absent, 0);
        replace(newRow, insert.sources(), cells, row);
        checkGiven(insert.sources());
        inserted.write(newRow);
        changed++;
      }
    }
  }

  private void replace(RowCells target, List<Integer> sources, ColumnCells[] cells, int row) {
    for (int c = 0; c < sources.size(); c++) {
      int source = sources.get(c);
      if (source >= 0) {
        if (columns.get(c).isRequired() && cells[source].position(row) < 0) {
          throw new EngineException(
              ErrorCode.NOT_NULL_VIOLATION,
              "column "
                  + columns.get(c).name()
                  + " of table "
                  + name
                  + " is NOT NULL, but the statement would set it to NULL");
        }
        target.replace(c, cells[source], row);
      }
    }
  }

  private void checkGiven(List<Integer> sources) {
    for (int c = 0; c < sources.size(); c++) {
      if (sources.get(c) < 0 && columns.get(c).isRequired()) {
        throw new EngineException(
            ErrorCode.NOT_NULL_VIOLATION,
            "column " + columns.get(c).name() + " is NOT NULL and gets no value");
      }
    }
  }

  @Override
  public long commit() {
    List<DataFile> added = new ArrayList<>();
    List<DataFile> removed =
        Failures.translated(
            "table " + name,
            () -> {
              List<DataFile> replaced = rewriter.finish();
              added.addAll(kept.finish());
              added.addAll(inserted.finish());
              return replaced;
            });
    if (!removed.isEmpty() || !added.isEmpty()) {
      DeleteFileSet deletes = DeleteFileSet.create();
      files.deletesOnlyOf(removed).stream()
          .filter(ContentFileUtil::isFileScoped)
          .forEach(deletes::add);
      commit.run(commitId -> target.commit(removed, deletes, added, commitId));
    }
    return changed;
  }

  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    try (NullVector vector = (NullVector) none.values();
        rewriter) {
      if (!commit.mayHold()) {
        Failures.translated(
            "table " + name,
            () -> {
              try {
                kept.abort();
              } finally {
                inserted.abort();
              }
            });
      }
    }
  }
}
