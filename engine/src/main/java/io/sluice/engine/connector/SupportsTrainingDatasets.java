package io.sluice.engine.connector;

/** A catalog that can keep training datasets. */
public interface SupportsTrainingDatasets {
  TrainingDatasetStore trainingDatasets();
}
