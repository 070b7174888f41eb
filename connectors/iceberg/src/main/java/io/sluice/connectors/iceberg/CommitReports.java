package io.sluice.connectors.iceberg;

import io.sluice.engine.batch.Batch;
import io.sluice.engine.connector.RowChange;
import io.sluice.engine.connector.RowChanges;
import io.sluice.engine.connector.TableDefinition;
import io.sluice.engine.connector.TableName;
import io.sluice.engine.connector.TableWrite;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/** Tells whoever wants to know which tables were changed. */
final class CommitReports {
  private final List<Consumer<TableName>> listeners = new CopyOnWriteArrayList<>();

  void add(Consumer<TableName> listener) {
    listeners.add(listener);
  }

  void committed(TableName table) {
    listeners.forEach(listener -> listener.accept(table));
  }

  /** The same write, whose commit is reported. */
  TableWrite reporting(TableName table, TableWrite write) {
    return new TableWrite() {
      @Override
      public TableDefinition definition() {
        return write.definition();
      }

      @Override
      public void write(Batch batch) {
        write.write(batch);
      }

      @Override
      public long commit() {
        long rows = write.commit();
        committed(table);
        return rows;
      }

      @Override
      public void close() {
        write.close();
      }
    };
  }

  /** The same changes, whose commit is reported. */
  RowChanges reporting(TableName table, RowChanges changes) {
    return new RowChanges() {
      @Override
      public void deleteAll() {
        changes.deleteAll();
      }

      @Override
      public void delete(Batch addresses) {
        changes.delete(addresses);
      }

      @Override
      public void change(Batch batch, List<RowChange> kinds) {
        changes.change(batch, kinds);
      }

      @Override
      public long commit() {
        long rows = changes.commit();
        committed(table);
        return rows;
      }

      @Override
      public void close() {
        changes.close();
      }
    };
  }
}
