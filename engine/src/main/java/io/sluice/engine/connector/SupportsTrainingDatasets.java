package io.sluice.engine.connector;

/** A catalog that can keep training datasets. */
public interface SupportsTrainingDatasets {
  /** The datasets as a principal may see and change them. */
  TrainingDatasetStore trainingDatasets(Principal principal);
}
