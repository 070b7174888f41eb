package io.sluice.planner.training;

import io.sluice.engine.connector.StoredDataset;
import io.sluice.engine.connector.TrainingDatasetStore;
import io.sluice.planner.validate.StatementTables;
import java.util.List;

/** Clears away versions whose builder died: their rows, and the tags that only they needed. */
final class Abandoned {
  private Abandoned() {}

  static void remove(TrainingDatasetStore store, StatementTables tables) {
    for (StoredDataset version : store.list(null)) {
      boolean silent =
          version.state() == StoredDataset.State.BUILDING
              && version.leaseUntilMillis() < System.currentTimeMillis();
      if (silent && store.removeAbandoned(version) && !version.record().isEmpty()) {
        VersionRecord record = RecordJson.read(version.record());
        List<VersionRecord.Input> tagged =
            record.inputs().stream()
                .map(input -> input.tagged(Pins.tag(input.snapshotId())))
                .toList();
        Pins.release(record.pinned(tagged, record.pinning()), store, tables);
      }
    }
  }
}
