package io.sluice.server.stream;

import io.sluice.engine.EngineException;
import io.sluice.engine.ErrorCode;
import io.sluice.engine.pipeline.Poll;
import io.sluice.engine.pipeline.ResultStream;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.apache.arrow.flight.FlightProducer.ServerStreamListener;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.types.pojo.Schema;
import org.jspecify.annotations.Nullable;

/**
 * Moves one result to one client, as fast as the client reads. Nothing waits: the pump runs when
 * the client can take more and rows are there, and otherwise holds no thread. What it holds for a
 * client that does not read is what the transport has buffered, one message, and the result
 * stream's own bounded queue.
 */
public final class ResultPump implements Runnable {
  /** A small remainder waits this long for company. */
  private static final long LINGER_MILLIS = 5;

  /** After this the thread goes to another pump. */
  private static final long TURN_NANOS = 20_000_000L;

  private final ServerStreamListener listener;
  private final Executor threads;
  private final ScheduledExecutorService timer;
  private final BufferAllocator allocator;
  private final Function<Throwable, ? extends Throwable> errors;
  private final CompletableFuture<Long> done = new CompletableFuture<>();
  private final AtomicInteger signals = new AtomicInteger();
  private volatile boolean cancelled;
  private volatile Runnable whenCancelled = () -> {};
  private volatile @Nullable Throwable failure;
  private volatile @Nullable Start started;

  // Only the thread that runs the pump touches these.
  private @Nullable MessageSender sender;
  private @Nullable MessageAssembler assembler;
  private @Nullable CompletableFuture<?> awaited;
  private boolean exhausted;
  private boolean finished;
  private long lastSendNanos;
  private long rows;

  /** What to send, and what to close afterwards. */
  private record Start(ResultStream stream, Schema schema, AutoCloseable owner) {}

  /**
   * @param threads that pumps share
   * @param errors turns what made a query fail into what the client gets
   */
  public ResultPump(
      ServerStreamListener listener,
      Executor threads,
      ScheduledExecutorService timer,
      BufferAllocator allocator,
      Function<Throwable, ? extends Throwable> errors) {
    this.listener = listener;
    this.threads = threads;
    this.timer = timer;
    this.allocator = allocator;
    this.errors = errors;
    listener.setOnReadyHandler(this::signal);
    listener.setOnCancelHandler(this::cancel);
  }

  /**
   * Begins to send. To be called once, unless {@link #fail} is.
   *
   * @param owner closed at the end, after the stream
   */
  public void start(ResultStream stream, Schema schema, AutoCloseable owner) {
    started = new Start(stream, schema, owner);
    signal();
  }

  /** Tells the client that there is no result. */
  public void fail(Throwable cause) {
    failure = cause;
    signal();
  }

  /** Stops sending, soon; safe from any thread and at any time. */
  public void cancel() {
    cancelled = true;
    whenCancelled.run();
    signal();
  }

  /** What else a cancellation stops, such as a statement that has no rows yet; may run twice. */
  public void onCancel(Runnable action) {
    whenCancelled = action;
    if (cancelled) {
      action.run();
    }
  }

  public boolean isCancelled() {
    return cancelled;
  }

  /** Rows sent, once all is freed; never fails. */
  public CompletableFuture<Long> done() {
    return done;
  }

  private void signal() {
    if (signals.getAndIncrement() == 0) {
      threads.execute(this);
    }
  }

  /** One turn of the pump; only its own thread pool calls this. */
  @Override
  public void run() {
    int seen;
    do {
      seen = signals.get();
      if (turn()) {
        // Others wait too.
        threads.execute(this);
        return;
      }
    } while (signals.addAndGet(-seen) != 0);
  }

  /** Works until it has to wait, and says whether it stopped before that. */
  private boolean turn() {
    if (finished) {
      closeLateStart();
      return false;
    }
    try {
      Throwable cause = failure;
      if (cancelled) {
        finish(new EngineException(ErrorCode.CANCELLED, "the client has cancelled the call"));
        return false;
      }
      if (cause != null) {
        finish(cause);
        return false;
      }
      Start start = started;
      return start != null && pump(start);
    } catch (Throwable problem) {
      finish(problem);
      return false;
    }
  }

  private boolean pump(Start start) {
    MessageAssembler messages = assembler;
    MessageSender out = sender;
    if (messages == null || out == null) {
      messages = new MessageAssembler(allocator);
      assembler = messages;
      out = new MessageSender(listener, allocator, start.schema());
      sender = out;
    }
    long turnEnd = System.nanoTime() + TURN_NANOS;
    while (!cancelled) {
      if (!listener.isReady()) {
        return false;
      }
      PlainColumns message = messages.poll();
      if (message != null) {
        rows += message.rows();
        out.send(message);
        lastSendNanos = System.nanoTime();
      } else if (exhausted) {
        finish(null);
        return false;
      } else if (!fill(start.stream(), messages)) {
        return false;
      }
      if (System.nanoTime() > turnEnd) {
        return true;
      }
    }
    return true;
  }

  /** Takes from the stream what there is; false where there is nothing to do but to wait. */
  private boolean fill(ResultStream stream, MessageAssembler messages) {
    CompletableFuture<?> pendingFuture = awaited;
    if (pendingFuture != null && !pendingFuture.isDone()) {
      return flushIfStale(messages);
    }
    awaited = null;
    switch (stream.poll()) {
      case Poll.Ready ready -> messages.add(ready.batch());
      case Poll.Finished ignored -> {
        exhausted = true;
        messages.flush();
      }
      case Poll.Blocked blocked -> {
        awaited = blocked.until();
        CompletableFuture<?> unused = blocked.until().whenComplete((value, error) -> signal());
        return flushIfStale(messages);
      }
    }
    return true;
  }

  /** The first rows go at once, later ones wait a little for more; true if a message was made. */
  private boolean flushIfStale(MessageAssembler messages) {
    if (!messages.hasPending()) {
      return false;
    }
    long age = System.nanoTime() - lastSendNanos;
    if (rows == 0 || age >= TimeUnit.MILLISECONDS.toNanos(LINGER_MILLIS)) {
      messages.flush();
      return true;
    }
    var unused = timer.schedule(this::signal, LINGER_MILLIS, TimeUnit.MILLISECONDS);
    return false;
  }

  /** Ends the call and frees everything; with a cause the client gets an error. */
  private void finish(@Nullable Throwable cause) {
    finished = true;
    try {
      if (assembler != null) {
        assembler.close();
      }
      if (sender != null) {
        sender.close();
      }
      closeLateStart();
    } catch (RuntimeException | Error problem) {
      if (cause == null) {
        cause = problem;
      } else {
        cause.addSuppressed(problem);
      }
    }
    try {
      if (cause == null) {
        listener.completed();
      } else {
        listener.error(errors.apply(cause));
      }
    } catch (RuntimeException ignored) {
      // The call is over already; there is nobody to tell.
      cancelled = true;
    } finally {
      done.complete(rows);
    }
  }

  /** A result that came after the call was cancelled is freed as well. */
  private void closeLateStart() {
    Start start = started;
    if (start == null) {
      return;
    }
    started = null;
    try (AutoCloseable owner = start.owner();
        ResultStream stream = start.stream()) {
      assert owner != null && stream != null;
    } catch (RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new EngineException(ErrorCode.INTERNAL, "cannot close a result: " + e, e);
    }
  }
}
