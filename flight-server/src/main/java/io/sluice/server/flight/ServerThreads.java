package io.sluice.server.flight;

import io.grpc.Context;
import io.sluice.engine.EngineException;
import io.sluice.engine.ErrorCode;
import io.sluice.server.config.ServerConfig;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * The server's threads, apart from the engine's workers. Calls are taken on virtual threads, which
 * may wait but do no work; statements, which may block on catalogs and files, have a bounded pool;
 * uploads have a thread each, up to a limit; results are moved by a few threads that never wait.
 */
public final class ServerThreads implements AutoCloseable {
  private final ExecutorService calls;
  private final ThreadPoolExecutor statements;
  private final ThreadPoolExecutor ingests;
  private final ExecutorService pumps;
  private final ScheduledExecutorService timer;

  public ServerThreads(ServerConfig config) {
    this.calls = Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("call-", 0).factory());
    this.statements =
        new ThreadPoolExecutor(
            config.statementThreads(),
            config.statementThreads(),
            30,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(config.statementQueue()),
            daemons("statement-"));
    statements.allowCoreThreadTimeOut(true);
    this.ingests =
        new ThreadPoolExecutor(
            0,
            config.ingestLimit(),
            30,
            TimeUnit.SECONDS,
            new SynchronousQueue<>(),
            daemons("ingest-"));
    this.pumps =
        Executors.newFixedThreadPool(
            Math.max(2, Runtime.getRuntime().availableProcessors()), daemons("pump-"));
    this.timer = Executors.newSingleThreadScheduledExecutor(daemons("timer-"));
  }

  private static ThreadFactory daemons(String prefix) {
    return Thread.ofPlatform().daemon().name(prefix, 0).factory();
  }

  /** For gRPC. */
  public ExecutorService calls() {
    return calls;
  }

  /** For {@link io.sluice.server.stream.ResultPump}. */
  public Executor pumps() {
    return pumps;
  }

  public ScheduledExecutorService timer() {
    return timer;
  }

  /**
   * Runs a statement's blocking work and waits for it; a call that is cancelled meanwhile
   * interrupts it.
   */
  public <T> T statement(Callable<T> work) {
    FutureTask<T> task = new FutureTask<>(work);
    Context call = Context.current();
    Context.CancellationListener cancel = context -> task.cancel(true);
    call.addListener(cancel, Runnable::run);
    try {
      return await(statements, task, "statements");
    } finally {
      call.removeListener(cancel);
    }
  }

  /** Runs an upload and waits for it; its stream tells it when the client is gone. */
  public <T> T ingest(Callable<T> work) {
    return await(ingests, new FutureTask<>(work), "uploads");
  }

  /**
   * Runs a statement's blocking work later.
   *
   * @throws EngineException BUSY
   */
  public void submit(Runnable work) {
    execute(statements, work, "statements");
  }

  private static <T> T await(Executor pool, FutureTask<T> task, String what) {
    execute(pool, task, what);
    try {
      return task.get();
    } catch (ExecutionException e) {
      throw FlightErrors.of(e);
    } catch (CancellationException e) {
      throw new EngineException(ErrorCode.CANCELLED, "the client has cancelled the call", e);
    } catch (InterruptedException e) {
      task.cancel(true);
      Thread.currentThread().interrupt();
      throw new EngineException(ErrorCode.CANCELLED, "the server is stopping", e);
    }
  }

  private static void execute(Executor pool, Runnable work, String what) {
    try {
      pool.execute(work);
    } catch (RejectedExecutionException e) {
      throw new EngineException(
          ErrorCode.BUSY, "the server is busy with other " + what + "; try again", e);
    }
  }

  /** Interrupts what still runs and waits a moment for it. */
  @Override
  public void close() {
    statements.shutdownNow();
    ingests.shutdownNow();
    timer.shutdownNow();
    await(statements);
    await(ingests);
    calls.shutdownNow();
    await(calls);
    // Pumps end by themselves once their calls are over.
    pumps.shutdown();
    await(pumps);
  }

  private static void await(ExecutorService pool) {
    try {
      if (!pool.awaitTermination(5, TimeUnit.SECONDS)) {
        pool.shutdownNow();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
