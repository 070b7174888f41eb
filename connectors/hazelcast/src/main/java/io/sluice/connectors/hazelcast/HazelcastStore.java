package io.sluice.connectors.hazelcast;

import com.hazelcast.cluster.Member;
import com.hazelcast.cluster.MembershipEvent;
import com.hazelcast.cluster.MembershipListener;
import com.hazelcast.config.Config;
import com.hazelcast.config.JoinConfig;
import com.hazelcast.config.NetworkConfig;
import com.hazelcast.core.ExecutionCallback;
import com.hazelcast.core.Hazelcast;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.core.IExecutorService;
import io.sluice.engine.EngineException;
import io.sluice.engine.ErrorCode;
import io.sluice.engine.connector.TableName;
import io.sluice.engine.online.EncodedRows;
import io.sluice.engine.online.LocalStore;
import io.sluice.engine.online.OnlineStore;
import io.sluice.engine.online.OnlineTable;
import io.sluice.engine.online.OnlineTables;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An embedded member, started with the first online table. Members agree on who is one; each reads
 * the rows that it is to keep from the lake itself, and answers for rows only while it has all of
 * their share. Where a member does not answer, or is behind what has been seen, the next one is
 * asked.
 */
public final class HazelcastStore implements OnlineStore {
  private static final Logger LOG = LoggerFactory.getLogger(HazelcastStore.class);
  private static final String CONTEXT = "sluice";
  private static final String EXECUTOR = "sluice-online";
  private static final int EXECUTOR_THREADS = 4;
  private static final long ANSWER_SECONDS = 2;

  private final HazelcastConfig config;
  private final CompletableFuture<HazelcastInstance> started = new CompletableFuture<>();
  private final Map<TableName, Long> newest = new ConcurrentHashMap<>();
  private volatile Cluster cluster =
      new Cluster(new Placement(List.of(), 0), Map.of(), new UUID(0, 0));
  private volatile @Nullable OnlineTables tables;

  /** The members as they are now. */
  record Cluster(Placement placement, Map<UUID, Member> members, UUID self) {
    Cluster {
      members = Map.copyOf(members);
    }

    boolean isAlone() {
      return members.size() < 2;
    }
  }

  public HazelcastStore(HazelcastConfig config) {
    this.config = config;
  }

  @Override
  public void start(OnlineTables ofThisProcess) {
    tables = ofThisProcess;
    if (config.members().isEmpty()) {
      // alone it has all rows in any case
      Thread.ofPlatform().name("sluice-online-member").daemon().start(this::startAlone);
    } else {
      startMember();
    }
  }

  private void startAlone() {
    try {
      startMember();
    } catch (EngineException failure) {
      LOG.warn("online tables are served by this process alone: {}", failure.getMessage());
    }
  }

  private void startMember() {
    try {
      HazelcastInstance instance = Hazelcast.newHazelcastInstance(memberConfig());
      instance
          .getCluster()
          .addMembershipListener(
              new MembershipListener() {
                @Override
                public void memberAdded(MembershipEvent event) {
                  changed(instance);
                }

                @Override
                public void memberRemoved(MembershipEvent event) {
                  changed(instance);
                }
              });
      changed(instance);
      started.complete(instance);
    } catch (RuntimeException failure) {
      EngineException reason =
          new EngineException(
              ErrorCode.CONFIGURATION,
              "the member of online tables cannot start on "
                  + config.host()
                  + ":"
                  + config.port()
                  + " (online.hazelcast.host, online.hazelcast.port): "
                  + failure.getMessage(),
              failure);
      started.completeExceptionally(reason);
      throw reason;
    }
  }

  private Config memberConfig() {
    Config member = new Config();
    member.setClusterName(config.cluster());
    member.setInstanceName("sluice-" + UUID.randomUUID());
    member.setProperty("hazelcast.logging.type", "slf4j");
    member.setProperty("hazelcast.phone.home.enabled", "false");
    member.setProperty("hazelcast.shutdownhook.enabled", "false");
    member.setProperty("hazelcast.socket.bind.any", "false");
    member.setProperty("hazelcast.socket.server.bind.any", "false");
    member.setProperty("hazelcast.wait.seconds.before.join", "0");
    member.setProperty("hazelcast.heartbeat.interval.seconds", "1");
    member.setProperty("hazelcast.max.no.heartbeat.seconds", "10");
    member.getJetConfig().setEnabled(false);
    member.getMetricsConfig().setEnabled(false);
    NetworkConfig network = member.getNetworkConfig();
    network.setPort(config.port());
    network.setPortAutoIncrement(config.members().isEmpty());
    network.setReuseAddress(true);
    network.getInterfaces().setEnabled(true).addInterface(config.host());
    JoinConfig join = network.getJoin();
    join.getAutoDetectionConfig().setEnabled(false);
    join.getMulticastConfig().setEnabled(false);
    join.getTcpIpConfig().setEnabled(!config.members().isEmpty());
    join.getTcpIpConfig().setMembers(config.members());
    member.getExecutorConfig(EXECUTOR).setPoolSize(EXECUTOR_THREADS).setStatisticsEnabled(false);
    member
        .getSerializationConfig()
        .addDataSerializableFactory(Messages.FACTORY, new Messages.Factory());
    member.getUserContext().put(CONTEXT, this);
    return member;
  }

  /** The store of a member. */
  static HazelcastStore of(@Nullable HazelcastInstance member) {
    return (HazelcastStore)
        Objects.requireNonNull(Objects.requireNonNull(member).getUserContext().get(CONTEXT));
  }

  private synchronized void changed(HazelcastInstance instance) {
    Map<UUID, Member> members = new HashMap<>();
    instance.getCluster().getMembers().forEach(member -> members.put(member.getUuid(), member));
    List<UUID> ids = members.keySet().stream().sorted().toList();
    cluster =
        new Cluster(
            new Placement(ids, config.backups()),
            members,
            instance.getCluster().getLocalMember().getUuid());
    if (ids.size() > 1) {
      LOG.info("online tables are shared by {} members", ids.size());
    }
    OnlineTables present = tables;
    if (present != null) {
      present.sharesChanged();
    }
  }

  Cluster cluster() {
    return cluster;
  }

  @Override
  public BitSet shares() {
    Cluster present = cluster;
    if (config.members().isEmpty() && present.isAlone()) {
      return LocalStore.all();
    }
    started.join();
    present = cluster;
    return present.placement().shares(present.self());
  }

  @Override
  public CompletableFuture<EncodedRows> lookup(
      OnlineTable table, OnlineTable.Loaded loaded, EncodedRows keys, long nowMicros) {
    if (cluster.isAlone()) {
      try {
        return CompletableFuture.completedFuture(table.read(loaded, keys, nowMicros));
      } catch (RuntimeException failure) {
        return CompletableFuture.failedFuture(failure);
      }
    }
    return new SharedLookup(this, table, loaded, keys, nowMicros).start();
  }

  @Override
  public boolean answersAtOnce() {
    return cluster.isAlone();
  }

  /** The greatest sequence number of a commit that any answer here has had. */
  long newest(TableName table) {
    return newest.getOrDefault(table, 0L);
  }

  void seen(TableName table, long sequence) {
    newest.merge(table, sequence, Math::max);
  }

  CompletableFuture<Messages.Answer> ask(Member member, Messages.Question question) {
    return submit(member, question).orTimeout(ANSWER_SECONDS, TimeUnit.SECONDS);
  }

  private <T> CompletableFuture<T> submit(Member member, Callable<T> task) {
    CompletableFuture<T> answer = new CompletableFuture<>();
    try {
      IExecutorService executor = started.join().getExecutorService(EXECUTOR);
      executor.submitToMember(
          task,
          member,
          new ExecutionCallback<T>() {
            @Override
            public void onResponse(T response) {
              answer.complete(response);
            }

            @Override
            public void onFailure(Throwable failure) {
              answer.completeExceptionally(failure);
            }
          });
    } catch (RuntimeException failure) {
      answer.completeExceptionally(failure);
    }
    return answer;
  }

  /** Answers another member. */
  Messages.Answer answer(Messages.Question question) {
    OnlineTables present = Objects.requireNonNull(tables);
    TableName name = present.onlineName(question.schema, question.table);
    try {
      OnlineTable table = present.find(name);
      OnlineTable.Loaded loaded = table.loaded();
      if (loaded.fingerprint() != question.fingerprint) {
        present.look(name);
        return Messages.Answer.refused("it knows another definition of the table");
      }
      if (loaded.sequence() < question.leastSequence) {
        present.look(name);
        return Messages.Answer.refused("it has not followed the last commit yet");
      }
      EncodedRows rows =
          table.read(loaded, new EncodedRows(question.keys, question.ends), question.nowMicros);
      Messages.Answer answer = new Messages.Answer();
      answer.sequence = loaded.sequence();
      answer.values = rows.usedBytes();
      answer.ends = rows.usedEnds();
      return answer;
    } catch (EngineException known) {
      return Messages.Answer.refused(String.valueOf(known.getMessage()));
    }
  }

  /** Another member has changed a table. */
  void told(String schema, String table) {
    OnlineTables present = Objects.requireNonNull(tables);
    present.committed(new TableName(present.lakeCatalog(), schema, table));
  }

  @Override
  public void committed(TableName lakeTable) {
    Cluster present = cluster;
    if (present.isAlone()) {
      return;
    }
    Messages.Commit commit = new Messages.Commit();
    commit.schema = lakeTable.schema();
    commit.table = lakeTable.table();
    for (Member member : present.members().values()) {
      if (!member.getUuid().equals(present.self())) {
        var unused = submit(member, commit);
      }
    }
  }

  @Override
  public String toString() {
    return "members "
        + cluster.members().values().stream().map(Member::toString).collect(Collectors.joining());
  }

  @Override
  public void close() {
    if (tables == null) {
      return;
    }
    try {
      started.join().getLifecycleService().terminate();
    } catch (CompletionException failure) {
      LOG.debug("the member had not started", failure);
    }
  }
}
