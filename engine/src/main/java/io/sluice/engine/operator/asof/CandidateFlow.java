package io.sluice.engine.operator.asof;

import io.sluice.engine.batch.Batch;
import io.sluice.engine.connector.ScanRequest;
import io.sluice.engine.connector.ScanSplit;
import io.sluice.engine.connector.SplitReader;
import io.sluice.engine.connector.TableScan;
import io.sluice.engine.connector.TableSnapshot;
import io.sluice.engine.expression.Expression;
import io.sluice.engine.pipeline.Completion;
import io.sluice.engine.pipeline.Flow;
import io.sluice.engine.pipeline.OperatorStats;
import io.sluice.engine.pipeline.PipelineBuilder;
import io.sluice.engine.pipeline.Poll;
import io.sluice.engine.pipeline.Source;
import io.sluice.engine.pipeline.SourceSupply;
import io.sluice.engine.pipeline.TaskContext;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.apache.arrow.memory.BufferAllocator;
import org.jspecify.annotations.Nullable;

/**
 * A join that keeps the right side in memory and streams the left one past it: for right sides that
 * are the smaller ones or not scans, and for conditions that need the rows themselves. Where the
 * left side is the smaller one it is read first, and right rows that it cannot match are dropped.
 */
final class CandidateFlow {
  private final AsofShape shape;
  private final @Nullable RightScan right;
  private final boolean leftFirst;
  private final PipelineBuilder builder;
  private final OperatorStats stats;
  private final BufferAllocator allocator;
  private final RowOrder order = new RowOrder();

  CandidateFlow(
      AsofShape shape, @Nullable RightScan right, boolean leftFirst, PipelineBuilder builder) {
    this(shape, right, leftFirst, builder, PrivateMemory.of(builder));
  }

  private CandidateFlow(
      AsofShape shape,
      @Nullable RightScan right,
      boolean leftFirst,
      PipelineBuilder builder,
      BufferAllocator allocator) {
    this.shape = shape;
    this.right = right;
    this.leftFirst = leftFirst;
    this.builder = builder;
    this.stats = builder.stats();
    this.allocator = allocator;
  }

  /**
   * What joins a spine whose bounds turn out not to ascend with its instants; without rows where
   * they do.
   */
  static Flow fallback(
      AsofShape shape,
      RightScan right,
      Spine spine,
      Completion spineDone,
      PipelineBuilder builder,
      BufferAllocator allocator) {
    return new CandidateFlow(shape, right, true, builder, allocator)
        .replay(spine, spineDone, () -> !spine.monotone());
  }

  Flow flow() {
    Flow left = builder.input(0);
    if (!leftFirst) {
      Candidates candidates = new Candidates(allocator);
      CandidateBreaker breaker =
          new CandidateBreaker(shape, right, order, null, candidates, allocator, stats);
      Completion done = builder.into(right(null, () -> true), breaker);
      return join(builder.after(left, done), candidates);
    }
    AsofShape unbounded = shape.withoutBounds();
    Spine spine = new Spine(0, SpineLimit.of(shape.plan()), allocator);
    Completion spineDone = builder.into(left, new SpineBreaker(unbounded, spine, allocator, stats));
    return replay(spine, spineDone, () -> true);
  }

  private Flow replay(Spine spine, Completion spineDone, BooleanSupplier enabled) {
    Candidates candidates = new Candidates(allocator);
    CandidateBreaker breaker =
        new CandidateBreaker(shape, right, order, spine, candidates, allocator, stats);
    Completion done = builder.into(builder.after(right(spine, enabled), spineDone), breaker);
    return join(builder.source(new Replay(spine, enabled), spineDone, done), candidates);
  }

  private Flow join(Flow left, Candidates candidates) {
    return builder.append(left, task -> new CandidateJoin(shape, candidates, allocator, task));
  }

  /** The right rows: of its plan, or of a scan of all columns with marks. */
  private Flow right(@Nullable Spine spine, BooleanSupplier enabled) {
    RightScan source = right;
    if (source == null) {
      return builder.input(1);
    }
    TableSnapshot table = builder.table(source.scan().table(), source.scan().version());
    return builder.source(
        new LateScan(
            builder.config().workers(),
            () -> enabled.getAsBoolean() ? scan(table, source, spine) : null,
            new AllRows()));
  }

  private TableScan scan(TableSnapshot table, RightScan source, @Nullable Spine spine) {
    List<String> columns = source.scan().tableColumns();
    TableScan scan =
        order.complete(table.scan(new ScanRequest(columns, filter(source, spine))), columns);
    ScanFigures.show(scan, stats);
    return scan;
  }

  private @Nullable Expression filter(RightScan source, @Nullable Spine spine) {
    List<Expression> conditions = new ArrayList<>(source.filters());
    if (spine != null) {
      conditions.addAll(RuntimeFilter.of(shape, spine, e -> source.toScan(List.of(e)).getFirst()));
    }
    return RuntimeFilter.and(conditions);
  }

  /** Every split; marks are the addresses of the batches' first rows. */
  static final class AllRows implements LateScan.SplitAccess {
    @Override
    public List<ScanSplit> choose(List<ScanSplit> all) {
      return all;
    }

    @Override
    public SplitReader open(
        TableScan scan, ScanSplit split, BufferAllocator target, int batchRows) {
      return scan.open(split, target, batchRows);
    }

    @Override
    public long mark(ScanSplit split, SplitReader reader) {
      return ((long) split.ordinal() << 32) + reader.firstRow();
    }
  }

  /** The left side's batches once more. */
  private static final class Replay implements SourceSupply {
    private final Spine spine;
    private final BooleanSupplier enabled;
    private final AtomicInteger next = new AtomicInteger();

    Replay(Spine spine, BooleanSupplier enabled) {
      this.spine = spine;
      this.enabled = enabled;
    }

    @Override
    public int maxTasks() {
      return Math.max(1, spine.batches().size());
    }

    @Override
    public Source open(TaskContext task) {
      return new Source() {
        @Override
        public Poll poll() {
          int index = next.getAndIncrement();
          if (index >= spine.batches().size() || !enabled.getAsBoolean()) {
            next.set(spine.batches().size());
            return Poll.FINISHED;
          }
          Batch batch = spine.batches().get(index).batch();
          return new Poll.Ready(batch.share());
        }

        @Override
        public void close() {}
      };
    }

    @Override
    public void close() {}
  }
}
