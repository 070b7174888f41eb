package io.sluice.planner.training;

import io.sluice.engine.connector.StoredDataset;
import io.sluice.engine.connector.TrainingDatasetStore;
import io.sluice.planner.training.VersionRecord.Input;
import io.sluice.planner.training.VersionRecord.Pinning;
import io.sluice.planner.validate.StatementTables;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Tags that keep input snapshots of a catalog's training datasets: one for each table and snapshot,
 * whoever needs it. On a table of another catalog a tag also names the datasets' catalog, since
 * datasets of several may pin it, and none knows of the others' needs.
 */
public final class Pins {
  private static final String PREFIX = "sluice-pin-";

  private final String catalog;
  private final TrainingDatasetStore store;
  private final StatementTables tables;

  /** Those of the datasets in a catalog. */
  Pins(String catalog, StatementTables tables) {
    this.catalog = catalog;
    this.store = RecordedInputs.store(tables.catalog(catalog), tables.principal());
    this.tables = tables;
  }

  /** Whether a tag keeps what training datasets were made of. */
  public static boolean isPin(String tag) {
    return tag.startsWith(PREFIX);
  }

  static boolean complete(List<Input> inputs) {
    return inputs.stream().allMatch(input -> input.tag() != null || input.snapshotId() < 0);
  }

  private String tag(Input input, long snapshotId) {
    String tag = PREFIX + snapshotId;
    return input.catalog().equals(catalog) ? tag : tag + "-" + store.id();
  }

  /**
   * Tags every input's snapshot.
   *
   * @return the inputs with their tags, null where a table refuses
   */
  List<Input> pin(List<Input> inputs) {
    List<Input> pinned = new ArrayList<>();
    for (Input input : inputs) {
      if (input.snapshotId() < 0) {
        pinned.add(input);
        continue;
      }
      TrainingDatasetStore owner = RecordedInputs.storeOf(input, tables);
      String tag = tag(input, input.snapshotId());
      boolean done = owner.pin(RecordedInputs.place(input), input.snapshotId(), tag);
      pinned.add(input.tagged(done ? tag : null));
    }
    return pinned;
  }

  /** Removes the tags of a version that no other needs. */
  void release(VersionRecord released) {
    List<Pin> pins =
        released.inputs().stream()
            .filter(input -> input.tag() != null)
            .map(input -> new Pin(owner(input), snapshot(input), String.valueOf(input.tag())))
            .toList();
    release(pins, released);
  }

  /** As {@link #release}, for a version whose record may not tell its tags yet. */
  void releaseAll(VersionRecord released) {
    release(
        released.inputs().stream()
            .map(input -> new Pin(owner(input), snapshot(input), tag(input, input.snapshotId())))
            .toList(),
        released);
  }

  /**
   * Removes the pins of some tables that no version needs: a server that was killed while it
   * cleaned up may have left them.
   */
  void sweep(List<Input> inputs) {
    Set<Pin> found = new LinkedHashSet<>();
    for (Input input : inputs) {
      if (RecordedInputs.isTemporary(input)) {
        continue;
      }
      TrainingDatasetStore owner = owner(input);
      owner
          .tags(RecordedInputs.place(input))
          .forEach(
              (tag, snapshot) -> {
                if (tag.equals(tag(input, snapshot))) {
                  found.add(new Pin(owner, new Snapshot(input.uuid(), snapshot), tag));
                }
              });
    }
    release(found, null);
  }

  private TrainingDatasetStore owner(Input input) {
    return RecordedInputs.storeOf(input, tables);
  }

  /**
   * Removes those that no version needs. Others may claim a tag at the same time, so what is
   * removed is put back where someone has come to need it.
   *
   * @param except a version whose needs don't count
   */
  private void release(Collection<Pin> pins, @Nullable VersionRecord except) {
    if (pins.isEmpty()) {
      return;
    }
    Set<Snapshot> needed = needed(except);
    List<Pin> removed = pins.stream().filter(pin -> !needed.contains(pin.snapshot)).toList();
    if (removed.isEmpty()) {
      return;
    }
    removed.forEach(Pin::remove);
    Set<Snapshot> neededNow = needed(except);
    removed.stream().filter(pin -> neededNow.contains(pin.snapshot)).forEach(Pin::putBack);
  }

  /** Of the table with that identity, whatever its name. */
  private record Snapshot(String uuid, long id) {}

  private record Pin(TrainingDatasetStore owner, Snapshot snapshot, String tag) {
    void remove() {
      owner.named(snapshot.uuid).ifPresent(table -> owner.unpin(table, tag));
    }

    void putBack() {
      owner.named(snapshot.uuid).ifPresent(table -> owner.pin(table, snapshot.id, tag));
    }
  }

  private Set<Snapshot> needed(@Nullable VersionRecord except) {
    Set<Snapshot> needed = new HashSet<>();
    for (StoredDataset version : store.list(null)) {
      if (version.state() == StoredDataset.State.DROPPED || version.record().isEmpty()) {
        continue;
      }
      VersionRecord record = RecordJson.read(version.record());
      if (!isVersion(record, except) && record.pinning() != Pinning.RELEASED) {
        record.inputs().forEach(input -> needed.add(snapshot(input)));
      }
    }
    return needed;
  }

  private static boolean isVersion(VersionRecord record, @Nullable VersionRecord other) {
    return other != null
        && record.schema().equals(other.schema())
        && record.name().equals(other.name())
        && record.version() == other.version();
  }

  private static Snapshot snapshot(Input input) {
    return new Snapshot(input.uuid(), input.snapshotId());
  }
}
