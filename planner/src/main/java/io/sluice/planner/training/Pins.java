package io.sluice.planner.training;

import io.sluice.engine.connector.StoredDataset;
import io.sluice.engine.connector.TableName;
import io.sluice.engine.connector.TrainingDatasetStore;
import io.sluice.planner.training.VersionRecord.Input;
import io.sluice.planner.training.VersionRecord.Pinning;
import io.sluice.planner.validate.StatementTables;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Tags that keep input snapshots: one for each table and snapshot, whoever needs it. */
public final class Pins {
  private static final String PREFIX = "sluice-pin-";

  private Pins() {}

  static String tag(long snapshotId) {
    return PREFIX + snapshotId;
  }

  /** Whether a tag keeps what training datasets were made of. */
  public static boolean isPin(String tag) {
    return tag.startsWith(PREFIX);
  }

  /**
   * Tags every input's snapshot.
   *
   * @return the inputs with their tags, null where a table refuses
   */
  static List<Input> pin(List<Input> inputs, StatementTables tables) {
    List<Input> pinned = new ArrayList<>();
    for (Input input : inputs) {
      if (input.snapshotId() < 0) {
        pinned.add(input);
        continue;
      }
      TrainingDatasetStore store = RecordedInputs.storeOf(input, tables);
      String tag = tag(input.snapshotId());
      boolean done = store.pin(RecordedInputs.place(input), input.snapshotId(), tag);
      pinned.add(input.tagged(done ? tag : null));
    }
    return pinned;
  }

  static boolean complete(List<Input> inputs) {
    return inputs.stream().allMatch(input -> input.tag() != null || input.snapshotId() < 0);
  }

  /**
   * Removes the tags of a version that no other needs. Others may claim a tag at the same time, so
   * what is removed is put back where someone has come to need it.
   */
  static void release(VersionRecord released, TrainingDatasetStore store, StatementTables tables) {
    Set<String> needed = needed(released, store);
    List<Input> removed = new ArrayList<>();
    for (Input input : released.inputs()) {
      String tag = input.tag();
      if (tag != null && !needed.contains(identity(input))) {
        name(input, tables).ifPresent(table -> storeOf(input, tables).unpin(table, tag));
        removed.add(input);
      }
    }
    Set<String> neededNow = needed(released, store);
    for (Input input : removed) {
      if (neededNow.contains(identity(input))) {
        name(input, tables)
            .ifPresent(
                table ->
                    storeOf(input, tables).pin(table, input.snapshotId(), tag(input.snapshotId())));
      }
    }
  }

  private static TrainingDatasetStore storeOf(Input input, StatementTables tables) {
    return RecordedInputs.storeOf(input, tables);
  }

  private static Optional<TableName> name(Input input, StatementTables tables) {
    return storeOf(input, tables).named(input.uuid());
  }

  private static Set<String> needed(VersionRecord except, TrainingDatasetStore store) {
    Set<String> needed = new HashSet<>();
    for (StoredDataset version : store.list(null)) {
      if (version.state() == StoredDataset.State.DROPPED || version.record().isEmpty()) {
        continue;
      }
      VersionRecord record = RecordJson.read(version.record());
      boolean same =
          record.schema().equals(except.schema())
              && record.name().equals(except.name())
              && record.version() == except.version();
      if (!same && record.pinning() != Pinning.RELEASED) {
        record.inputs().forEach(input -> needed.add(identity(input)));
      }
    }
    return needed;
  }

  private static String identity(Input input) {
    return input.uuid() + ":" + input.snapshotId();
  }
}
