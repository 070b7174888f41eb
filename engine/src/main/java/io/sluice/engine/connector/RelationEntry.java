package io.sluice.engine.connector;

import org.jspecify.annotations.Nullable;

/** A line of a schema's listing. */
public record RelationEntry(String name, Kind kind, @Nullable String comment) {
  /** What the name stands for. */
  public enum Kind {
    TABLE,
    VIEW,
    /** A {@link VirtualTable}. */
    SYSTEM_TABLE,
    TRAINING_DATASET
  }
}
