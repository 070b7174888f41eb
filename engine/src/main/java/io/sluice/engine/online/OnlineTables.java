package io.sluice.engine.online;

import io.sluice.engine.EngineException;
import io.sluice.engine.ErrorCode;
import io.sluice.engine.connector.Catalog;
import io.sluice.engine.connector.Principal;
import io.sluice.engine.connector.Relation;
import io.sluice.engine.connector.RelationEntry;
import io.sluice.engine.connector.ReportsCommits;
import io.sluice.engine.connector.SupportsOnlineTables;
import io.sluice.engine.connector.TableName;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.arrow.memory.BufferAllocator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The online tables of one lake in this process. The lake keeps their definitions: one that another
 * process has made is found when it is asked for, or listed.
 */
public final class OnlineTables implements OnlineLookups, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(OnlineTables.class);

  private final String name;
  private final Catalog lake;
  private final OnlineStore store;
  private final BufferAllocator allocator;
  private final Settings settings;

  /** By the name in the catalog of online tables. */
  private final Map<TableName, OnlineTable> byName = new ConcurrentHashMap<>();

  // Guarded by this.
  private final Map<TableName, Follower> followers = new HashMap<>();
  private boolean started;
  private boolean closed;

  /**
   * How lake tables are followed.
   *
   * @param interval at which other processes' commits are looked for
   * @param loadThreads of one load
   */
  public record Settings(Duration interval, int loadThreads) {
    public static final Settings DEFAULT =
        new Settings(Duration.ofSeconds(1), Runtime.getRuntime().availableProcessors());
  }

  /**
   * @param name of the catalog in which they are found
   * @param lake whose tables they mirror; stays the caller's
   * @param store taken ownership of
   * @param root of the allocator of their rows
   */
  public OnlineTables(
      String name, Catalog lake, OnlineStore store, BufferAllocator root, Settings settings) {
    this.name = name;
    this.lake = lake;
    this.store = store;
    this.settings = settings;
    this.allocator = root.newChildAllocator("online tables", 0, Long.MAX_VALUE);
    if (lake instanceof ReportsCommits reporting) {
      reporting.onCommit(this::committedHere);
    }
  }

  String name() {
    return name;
  }

  /** The name of the catalog that they mirror. */
  public String lakeCatalog() {
    return lake.name();
  }

  Catalog lake() {
    return lake;
  }

  /** The lake table of an online table's name. */
  TableName lakeName(String schema, String table) {
    return new TableName(lake.name(), schema, table);
  }

  /** The name of an online table. */
  public TableName onlineName(String schema, String table) {
    return new TableName(name, schema, table);
  }

  /** Looks at the lake table of an online table as soon as it can. */
  public void look(TableName online) {
    follower(online).ifPresent(Follower::look);
  }

  private TableName onlineName(TableName lakeTable) {
    return new TableName(name, lakeTable.schema(), lakeTable.table());
  }

  /** Finds every online table of the lake on a thread of its own, so that each is loaded. */
  public void findAll() {
    Thread.ofPlatform()
        .name("sluice-online-find")
        .daemon()
        .start(
            () -> {
              try {
                list();
              } catch (RuntimeException failure) {
                LOG.warn("online tables cannot be looked for: {}", failure.getMessage());
              }
            });
  }

  @Override
  public OnlineTable find(TableName online) {
    OnlineTable known = byName.get(online);
    if (known != null) {
      return known;
    }
    return adopt(online)
        .orElseThrow(
            () ->
                new EngineException(
                    ErrorCode.UNKNOWN_TABLE,
                    "online table "
                        + online
                        + " does not exist; CREATE ONLINE TABLE makes it from "
                        + lakeName(online.schema(), online.table())));
  }

  @Override
  public boolean answersAtOnce(TableName online) {
    return byName.containsKey(online) && store.answersAtOnce();
  }

  /** The online table where the lake defines one; its first load begins. */
  Optional<OnlineTable> adopt(TableName online) {
    OnlineTable known = byName.get(online);
    if (known != null) {
      return Optional.of(known);
    }
    TableName lakeTable = lakeName(online.schema(), online.table());
    return definition(lakeTable).isEmpty()
        ? Optional.empty()
        : Optional.of(follow(lakeTable).table());
  }

  /** What the lake says of an online table. */
  Optional<SupportsOnlineTables.Mirrored> definition(TableName lakeTable) {
    return load(lakeTable)
        .filter(SupportsOnlineTables.Mirrored.class::isInstance)
        .map(SupportsOnlineTables.Mirrored.class::cast)
        .filter(mirrored -> mirrored.onlineDefinition().isPresent());
  }

  private Optional<Relation> load(TableName lakeTable) {
    return lake.load(Principal.ANONYMOUS, lakeTable.schema(), lakeTable.table());
  }

  private Follower follow(TableName lakeTable) {
    Follower follower;
    boolean first;
    synchronized (this) {
      if (closed) {
        throw new EngineException(ErrorCode.CANCELLED, "the server is stopping");
      }
      Follower known = followers.get(onlineName(lakeTable));
      if (known != null) {
        return known;
      }
      TableName online = onlineName(lakeTable);
      first = !started;
      started = true;
      OnlineTable table = new OnlineTable(online, lakeTable, store);
      follower =
          new Follower(
              table,
              store,
              allocator,
              () -> load(lakeTable),
              settings.interval(),
              settings.loadThreads(),
              () -> ended(online, table));
      followers.put(online, follower);
      byName.put(online, table);
    }
    if (first) {
      start(lakeTable);
    }
    follower.start();
    return follower;
  }

  private void start(TableName lakeTable) {
    try {
      store.start(this);
    } catch (RuntimeException failure) {
      synchronized (this) {
        followers.remove(onlineName(lakeTable));
        byName.remove(onlineName(lakeTable));
      }
      throw failure;
    }
  }

  private synchronized void ended(TableName online, OnlineTable table) {
    if (byName.remove(online, table)) {
      followers.remove(online);
    }
  }

  private synchronized Optional<Follower> follower(TableName online) {
    return Optional.ofNullable(followers.get(online));
  }

  /**
   * Defines an online table and waits until it is whole.
   *
   * @param replace whether one that is there is defined anew, instead of an error
   * @return its keys
   * @throws EngineException ALREADY_EXISTS, or why it cannot be made
   */
  public long create(
      Principal principal, TableName lakeTable, OnlineDefinition definition, boolean replace) {
    if (!(lake instanceof SupportsOnlineTables defining)) {
      throw new EngineException(
          ErrorCode.UNSUPPORTED, "tables of catalog " + lake.name() + " cannot have online tables");
    }
    Relation relation =
        load(lakeTable)
            .orElseThrow(
                () ->
                    new EngineException(
                        ErrorCode.UNKNOWN_TABLE, "table " + lakeTable + " does not exist"));
    if (!(relation instanceof SupportsOnlineTables.Mirrored table)) {
      throw new EngineException(
          ErrorCode.UNSUPPORTED, lakeTable + " is no table: online tables mirror tables");
    }
    if (table.onlineDefinition().isPresent() && !replace) {
      throw new EngineException(
          ErrorCode.ALREADY_EXISTS,
          "online table "
              + onlineName(lakeTable)
              + " already exists; DROP ONLINE TABLE it first, or write CREATE OR REPLACE");
    }
    OnlineSpec.of(lakeTable, table.definition(), definition);
    defining.defineOnline(principal, lakeTable.schema(), lakeTable.table(), definition.text());
    Follower follower = follow(lakeTable);
    try {
      follower.await(follower.look());
    } catch (EngineException failure) {
      boolean isNew = table.onlineDefinition().isEmpty();
      if (isNew && failure.code() != ErrorCode.CANCELLED) {
        drop(principal, lakeTable);
      }
      throw failure;
    }
    return follower.table().rows();
  }

  /** Whether there is an online table of that lake table. */
  public boolean exists(TableName lakeTable) {
    return definition(lakeTable).isPresent();
  }

  /**
   * Ends an online table; its lake table stays.
   *
   * @throws EngineException UNKNOWN_TABLE
   */
  public void drop(Principal principal, TableName lakeTable) {
    find(onlineName(lakeTable));
    ((SupportsOnlineTables) lake)
        .defineOnline(principal, lakeTable.schema(), lakeTable.table(), null);
    follower(onlineName(lakeTable)).ifPresent(Follower::close);
  }

  /**
   * Waits until an online table has all that the lake table has now.
   *
   * @param anew whether all rows are read again
   * @return its keys
   * @throws EngineException UNKNOWN_TABLE, or why it cannot follow
   */
  public long refresh(TableName lakeTable, boolean anew) {
    OnlineTable table = find(onlineName(lakeTable));
    Follower follower = follow(lakeTable);
    follower.await(anew ? follower.loadAnew() : follower.look());
    return table.rows();
  }

  /** Every online table of the lake, by name. */
  public List<OnlineTable> list() {
    for (String schema : lake.schemas(Principal.ANONYMOUS)) {
      for (RelationEntry entry : lake.relations(Principal.ANONYMOUS, schema)) {
        if (entry.kind() == RelationEntry.Kind.TABLE) {
          adopt(new TableName(name, schema, entry.name()));
        }
      }
    }
    List<OnlineTable> tables = new ArrayList<>(byName.values());
    tables.sort(Comparator.comparing(table -> table.name().toString()));
    return tables;
  }

  private void committedHere(TableName lakeTable) {
    store.committed(lakeTable);
    committed(lakeTable);
  }

  /** A table of the lake was changed: looks at it now, if it is mirrored. Never blocks. */
  public void committed(TableName lakeTable) {
    follower(onlineName(lakeTable)).ifPresent(Follower::look);
  }

  /** The store keeps other shares here from now on. */
  public synchronized void sharesChanged() {
    followers.values().forEach(Follower::look);
  }

  @Override
  public void close() {
    List<Follower> all;
    synchronized (this) {
      closed = true;
      all = List.copyOf(followers.values());
    }
    all.forEach(Follower::close);
    store.close();
    allocator.close();
  }
}
