package io.sluice.server.flight;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.arrow.vector.types.pojo.Schema;

/** A query that waits to be fetched, and the fetches that are under way. */
final class ResultTicket {
  private final BoundStatement statement;
  private final Schema schema;
  private final Set<Runnable> cancels = ConcurrentHashMap.newKeySet();
  private volatile boolean cancelled;

  ResultTicket(BoundStatement statement, Schema schema) {
    this.statement = statement;
    this.schema = schema;
  }

  BoundStatement statement() {
    return statement;
  }

  /** As the client was told. */
  Schema schema() {
    return schema;
  }

  boolean cancelled() {
    return cancelled;
  }

  /** Adds what stops a fetch. */
  void running(Runnable cancel) {
    cancels.add(cancel);
    if (cancelled) {
      cancel.run();
    }
  }

  void finished(Runnable cancel) {
    cancels.remove(cancel);
  }

  /** Stops all fetches, and those to come. */
  void cancel() {
    cancelled = true;
    cancels.forEach(Runnable::run);
  }
}
