package io.sluice.planner.training;

import io.sluice.engine.connector.StoredDataset;
import io.sluice.engine.connector.TrainingDatasetStore;

/** Clears away versions whose builder died: their rows, and the tags that only they needed. */
final class Abandoned {
  private Abandoned() {}

  static void remove(TrainingDatasetStore store, Pins pins) {
    for (StoredDataset version : store.list(null)) {
      boolean silent =
          version.state() == StoredDataset.State.BUILDING
              && version.leaseUntilMillis() < System.currentTimeMillis();
      if (silent && store.removeAbandoned(version) && !version.record().isEmpty()) {
        pins.releaseAll(RecordJson.read(version.record()));
      }
    }
  }
}
