package io.sluice.connectors.hazelcast;

import com.hazelcast.cluster.Member;
import io.sluice.engine.EngineException;
import io.sluice.engine.ErrorCode;
import io.sluice.engine.online.EncodedRows;
import io.sluice.engine.online.OnlineTable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/**
 * One lookup among several members: one question to each that keeps some of the keys' rows, itself
 * included. Keys that a member does not answer for are asked of the next one, for a while.
 */
final class SharedLookup {
  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(5);
  private static final long PAUSE_MILLIS = 10;

  private final HazelcastStore store;
  private final OnlineTable table;
  private final OnlineTable.Loaded loaded;
  private final EncodedRows keys;
  private final long nowMicros;
  private final long deadline = System.nanoTime() + PATIENCE_NANOS;
  private final EncodedRows[] answers;
  private final int[] places;
  private final CompletableFuture<EncodedRows> result = new CompletableFuture<>();
  private volatile String refusal = "no member keeps their rows";

  SharedLookup(
      HazelcastStore store,
      OnlineTable table,
      OnlineTable.Loaded loaded,
      EncodedRows keys,
      long nowMicros) {
    this.store = store;
    this.table = table;
    this.loaded = loaded;
    this.keys = keys;
    this.nowMicros = nowMicros;
    this.answers = new EncodedRows[keys.count()];
    this.places = new int[keys.count()];
  }

  CompletableFuture<EncodedRows> start() {
    List<Integer> all = new ArrayList<>();
    for (int i = 0; i < keys.count(); i++) {
      all.add(i);
    }
    ask(all, 0);
    return result;
  }

  /** Asks for keys; each of the member that is so many places behind the first one. */
  private void ask(List<Integer> open, int attempt) {
    HazelcastStore.Cluster cluster = store.cluster();
    Map<UUID, List<Integer>> byMember = new HashMap<>();
    for (int key : open) {
      int share = keys.share(key);
      List<UUID> ranked = cluster.placement().ranked(share);
      UUID target = ranked.get(attempt % ranked.size());
      if (attempt == 0 && table.holds(share)) {
        target = cluster.self();
      }
      byMember.computeIfAbsent(target, member -> new ArrayList<>()).add(key);
    }
    List<CompletableFuture<List<Integer>>> pending = new ArrayList<>();
    byMember.forEach((member, wanted) -> pending.add(ask(cluster, member, wanted)));
    CompletableFuture<?> unused =
        CompletableFuture.allOf(pending.toArray(CompletableFuture[]::new))
            .whenComplete((done, failure) -> next(pending, failure, attempt));
  }

  private void next(
      List<CompletableFuture<List<Integer>>> pending, Throwable failure, int attempt) {
    if (failure != null) {
      result.completeExceptionally(failure);
      return;
    }
    List<Integer> left = new ArrayList<>();
    pending.forEach(each -> left.addAll(each.join()));
    if (left.isEmpty()) {
      result.complete(inOrder());
    } else if (System.nanoTime() - deadline >= 0) {
      result.completeExceptionally(
          new EngineException(
              ErrorCode.BUSY,
              "online table "
                  + table.name()
                  + " has no answer for "
                  + left.size()
                  + " keys: of the last member asked, "
                  + refusal));
    } else {
      Executor later = CompletableFuture.delayedExecutor(PAUSE_MILLIS, TimeUnit.MILLISECONDS);
      later.execute(() -> ask(left, attempt + 1));
    }
  }

  /**
   * @return the keys that the member did not answer for
   */
  private CompletableFuture<List<Integer>> ask(
      HazelcastStore.Cluster cluster, UUID target, List<Integer> wanted) {
    EncodedRows asked = EncodedRows.ofRoom(wanted.size());
    wanted.forEach(key -> asked.append(keys, key));
    long least = Math.max(store.newest(table.name()), loaded.sequence());
    Messages.Question question = new Messages.Question();
    question.schema = table.name().schema();
    question.table = table.name().table();
    question.fingerprint = loaded.fingerprint();
    question.leastSequence = least;
    question.nowMicros = nowMicros;
    question.keys = asked.usedBytes();
    question.ends = asked.usedEnds();
    Member member = cluster.members().get(target);
    if (member == null) {
      return CompletableFuture.completedFuture(wanted);
    }
    CompletableFuture<Messages.Answer> answer =
        target.equals(cluster.self())
            ? CompletableFuture.completedFuture(store.answer(question))
            : store.ask(member, question);
    return answer.handle(
        (rows, failure) -> {
          if (failure != null) {
            refusal = member.getAddress() + ": " + failure;
            return wanted;
          }
          if (!rows.refusal.isEmpty()) {
            refusal = member.getAddress() + ": " + rows.refusal;
            return wanted;
          }
          store.seen(table.name(), rows.sequence);
          EncodedRows values = new EncodedRows(rows.values, rows.ends);
          for (int i = 0; i < wanted.size(); i++) {
            answers[wanted.get(i)] = values;
            places[wanted.get(i)] = i;
          }
          return List.of();
        });
  }

  private EncodedRows inOrder() {
    EncodedRows rows = EncodedRows.ofRoom(keys.count());
    for (int i = 0; i < keys.count(); i++) {
      rows.append(answers[i], places[i]);
    }
    return rows;
  }
}
