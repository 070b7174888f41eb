package io.sluice.connectors.iceberg.write;

import org.apache.iceberg.LocationProviders;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.TableOperations;
import org.apache.iceberg.encryption.EncryptionManager;
import org.apache.iceberg.exceptions.CommitFailedException;
import org.apache.iceberg.io.FileIO;
import org.apache.iceberg.io.LocationProvider;
import org.jspecify.annotations.Nullable;

/**
 * Commits only upon the state that it was made with. Iceberg's own replacement refreshes before it
 * commits and so drops, unseen, a commit that came between: its rows vanish from the history.
 */
public final class PinnedOperations implements TableOperations {
  private final TableOperations table;
  private final TableMetadata base;

  public PinnedOperations(TableOperations table) {
    this.table = table;
    this.base = table.refresh();
  }

  @Override
  public TableMetadata current() {
    return base;
  }

  @Override
  public TableMetadata refresh() {
    return base;
  }

  @Override
  public void commit(@Nullable TableMetadata expected, TableMetadata metadata) {
    try {
      table.commit(expected, metadata);
    } catch (CommitFailedException e) {
      throw new StaleBase(e);
    }
  }

  @Override
  public FileIO io() {
    return table.io();
  }

  @Override
  public EncryptionManager encryption() {
    return table.encryption();
  }

  @Override
  public String metadataFileLocation(String fileName) {
    return table.metadataFileLocation(fileName);
  }

  @Override
  public LocationProvider locationProvider() {
    return LocationProviders.locationsFor(base.location(), base.properties());
  }

  @Override
  public TableOperations temp(TableMetadata uncommitted) {
    return table.temp(uncommitted);
  }

  @Override
  public long newSnapshotId() {
    return table.newSnapshotId();
  }

  @Override
  public boolean requireStrictCleanup() {
    return table.requireStrictCleanup();
  }
}
