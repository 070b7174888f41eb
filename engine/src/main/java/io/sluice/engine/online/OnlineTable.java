package io.sluice.engine.online;

import io.sluice.engine.EngineException;
import io.sluice.engine.ErrorCode;
import io.sluice.engine.connector.SupportsFollowing;
import io.sluice.engine.connector.TableName;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * An online table in this process: the rows that are served, and how far it is. Reading is safe
 * from any thread; a {@link Follower} alone changes it.
 */
public final class OnlineTable {
  /** How far it is. */
  public enum State {
    /** Its first load goes on, or that of the rows which this process is to keep in addition. */
    LOADING,
    /** Whole. */
    SERVING,
    /** It could not be loaded; tried again. */
    FAILED,
    /** It is no more. */
    DROPPED
  }

  /**
   * One load's rows and how they are written.
   *
   * @param uuid of the lake table
   * @param sequence of the snapshot's commit
   */
  public record Loaded(
      OnlineSpec spec,
      RowLayout keyLayout,
      RowLayout valueLayout,
      OnlineRows rows,
      String uuid,
      long snapshotId,
      long sequence,
      int schemaId) {
    /** The same rows, and those that commits have added until a snapshot. */
    Loaded at(SupportsFollowing state) {
      return new Loaded(
          spec,
          keyLayout,
          valueLayout,
          rows,
          uuid,
          state.snapshotId(),
          state.sequence(),
          state.schemaId());
    }

    /** Whether keys and values have the same columns; cheap for the load itself. */
    @SuppressWarnings("ReferenceEquality")
    boolean isWrittenLike(Loaded other) {
      return spec.equals(other.spec);
    }

    /** What two processes that write keys and values alike agree on. */
    public long fingerprint() {
      byte[] text =
          (RowLayout.VERSION + " " + spec).getBytes(java.nio.charset.StandardCharsets.UTF_8);
      return EncodedRows.hash(text, 0, text.length);
    }
  }

  private final TableName name;
  private final TableName lakeName;
  private final OnlineStore store;
  private volatile @Nullable Loaded loaded;
  private volatile State state = State.LOADING;
  private volatile @Nullable EngineException error;
  private volatile long upToDateMicros;
  private volatile String progress = "";

  OnlineTable(TableName name, TableName lakeName, OnlineStore store) {
    this.name = name;
    this.lakeName = lakeName;
    this.store = store;
    this.upToDateMicros = now();
  }

  static long now() {
    return ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now());
  }

  /** In the catalog {@code online}. */
  public TableName name() {
    return name;
  }

  /** The table that it mirrors. */
  public TableName lakeName() {
    return lakeName;
  }

  public State state() {
    return state;
  }

  /** Why the last attempt to load or to follow failed, or null. */
  public @Nullable EngineException error() {
    return error;
  }

  /** The snapshot of the lake table that is served, or null where none is. */
  public @Nullable Loaded present() {
    return loaded;
  }

  /** Keys that this process holds rows of. */
  public long rows() {
    Loaded present = loaded;
    return present == null ? 0 : present.rows().keys();
  }

  /** Bytes that this process holds. */
  public long bytes() {
    Loaded present = loaded;
    return present == null ? 0 : present.rows().bytes();
  }

  /** Since when commits may have been made that are not served: the age of the last look, in us. */
  public long lagMicros() {
    return Math.max(0, now() - upToDateMicros);
  }

  /**
   * What is served.
   *
   * @throws EngineException BUSY or UNKNOWN_TABLE, with the state
   */
  public Loaded loaded() {
    Loaded present = loaded;
    if (present == null || state == State.DROPPED) {
      throw notServed();
    }
    return present;
  }

  /** The error of a query that comes too early, or too late. */
  public EngineException notServed() {
    EngineException reason = error;
    return switch (state) {
      case DROPPED ->
          new EngineException(
              ErrorCode.UNKNOWN_TABLE,
              "online table "
                  + name
                  + " has been dropped; CREATE ONLINE TABLE makes it again from "
                  + lakeName);
      case FAILED ->
          new EngineException(
              ErrorCode.BUSY,
              "online table "
                  + name
                  + " is not served: its state is FAILED, as its last load ended with: "
                  + (reason == null ? "unknown" : reason.getMessage()),
              reason);
      case LOADING, SERVING ->
          new EngineException(
              ErrorCode.BUSY,
              "online table "
                  + name
                  + " is not served yet: its state is LOADING"
                  + progress
                  + "; try again when system.online_tables says SERVING");
    };
  }

  /**
   * Rows for keys, wherever they are kept: see {@link OnlineStore#lookup}.
   *
   * @param keys in the key layout of {@code by}
   */
  public CompletableFuture<EncodedRows> lookup(Loaded by, EncodedRows keys, long nowMicros) {
    return store.lookup(this, by, keys, nowMicros);
  }

  /**
   * The rows for keys that this process keeps.
   *
   * @throws EngineException where it does not keep them, or not yet, or keeps them in another form
   */
  public EncodedRows read(Loaded by, EncodedRows keys, long nowMicros) {
    EncodedRows values = EncodedRows.ofRoom(keys.count());
    Loaded present = loaded();
    for (int i = 0; i < keys.count(); i++) {
      long hash = keys.hash(i);
      while (true) {
        if (!present.isWrittenLike(by)) {
          throw changed();
        }
        if (!present.rows().holds(OnlineRows.shareOf(hash))) {
          throw notHeld();
        }
        if (present.rows().read(keys, i, hash, nowMicros, values)) {
          break;
        }
        // another load has taken the place of this one
        present = loaded();
      }
    }
    return values;
  }

  private EngineException notHeld() {
    return new EngineException(
        ErrorCode.BUSY,
        "online table "
            + name
            + " is not served for some keys: the members that keep them are gone or still loading;"
            + " its state is "
            + state);
  }

  private EngineException changed() {
    return new EngineException(
        ErrorCode.BUSY,
        "online table " + name + " was defined anew while a query ran; run the query again");
  }

  // ---- called by the follower

  void loading(String how) {
    progress = how;
    if (loaded == null) {
      state = State.LOADING;
    }
  }

  /** Puts a load in the place of the one before, whose memory is freed. */
  void serve(Loaded fresh, long asOfMicros) {
    Loaded old = loaded;
    loaded = fresh;
    state = State.SERVING;
    error = null;
    upToDateMicros = asOfMicros;
    progress = "";
    if (old != null && old.rows() != fresh.rows()) {
      old.rows().close();
    }
  }

  /** Nothing has changed as of that moment. */
  void confirm(long asOfMicros) {
    error = null;
    upToDateMicros = asOfMicros;
  }

  void failed(EngineException reason) {
    error = reason;
    if (loaded == null) {
      state = State.FAILED;
    }
  }

  /** Whether every share is kept here. */
  boolean holdsAll() {
    return loaded().rows().holds(LocalStore.all());
  }

  /** Whether this process keeps the rows of a share. */
  public boolean holds(int share) {
    Loaded present = loaded;
    return present != null && present.rows().holds(share);
  }

  void drop() {
    state = State.DROPPED;
    Loaded old = loaded;
    loaded = null;
    if (old != null) {
      old.rows().close();
    }
  }
}
