package io.sluice.engine.operator.asof;

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
import io.sluice.engine.plan.AsofBound;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.function.LongUnaryOperator;
import java.util.function.Supplier;
import org.apache.arrow.memory.BufferAllocator;
import org.jspecify.annotations.Nullable;

/**
 * A join with a scan as its right side, in four pipelines: the left side becomes a spine; keys and
 * instants of the scan stream past its slots; the payload of the winners is fetched; the spine's
 * rows come out beside it. Memory is bounded by the left side.
 */
final class ScanJoin {
  private final AsofShape shape;
  private final RightScan right;
  private final PipelineBuilder builder;
  private final OperatorStats stats;
  private final TableSnapshot table;
  private final BufferAllocator allocator;

  ScanJoin(AsofShape shape, RightScan right, PipelineBuilder builder) {
    this.shape = shape;
    this.right = right;
    this.builder = builder;
    this.stats = builder.stats();
    this.table = builder.table(right.scan().table(), right.scan().version());
    this.allocator = PrivateMemory.of(builder);
  }

  Flow flow() {
    Spine spine = new Spine(shape.plan().bounds().size(), SpineLimit.of(shape.plan()), allocator);
    Flow left = builder.input(0);
    Completion spineDone = builder.into(left, new SpineBreaker(shape, spine, allocator, stats));

    List<RightColumn> rightColumns = RightColumn.late(shape);
    List<Expression> outputs = new ArrayList<>();
    for (int c = 0; c < rightColumns.size(); c++) {
      if (rightColumns.get(c) instanceof RightColumn.OfPayload) {
        outputs.add(right.outputs().get(c));
      }
    }
    FeatureScan features = new FeatureScan(spine, !outputs.isEmpty());
    FeatureBreaker breaker =
        new FeatureBreaker(spine, features.inputs, features::winners, allocator, stats);
    int workers = builder.config().workers();
    Completion featuresDone =
        builder.into(
            builder.source(new LateScan(workers, features::plan, features), spineDone), breaker);
    if (outputs.isEmpty()) {
      return withFallback(
          spine,
          spineDone,
          output(spine, rightColumns, null, address -> 0, List.of(spineDone, featuresDone)));
    }
    Supplier<Winners> winners = () -> Built.of(breaker.winners());
    List<Integer> columns = List.copyOf(InputRefs.of(outputs));
    PayloadBreaker payload =
        new PayloadBreaker(
            outputs.stream().map(e -> InputRefs.over(e, columns)).toList(),
            builder.memory().allocator(),
            stats);
    LateScan fetch =
        new LateScan(
            workers,
            () -> winners.get().count() == 0 ? null : features.reading(columns),
            new PayloadAccess(winners));
    Completion payloadDone = builder.into(builder.source(fetch, featuresDone), payload);
    Flow joined =
        output(
            spine,
            rightColumns,
            payload,
            address -> payload.location(winners.get().position(address)),
            List.of(spineDone, featuresDone, payloadDone));
    return withFallback(spine, spineDone, joined);
  }

  /** Whether bounds ascend with the instants, which carrying forward needs, is seen in the data. */
  private Flow withFallback(Spine spine, Completion spineDone, Flow joined) {
    return shape.plan().bounds().isEmpty()
        ? joined
        : builder.concat(
            List.of(
                joined,
                CandidateFlow.fallback(shape, right, spine, spineDone, builder, allocator)));
  }

  private Flow output(
      Spine spine,
      List<RightColumn> rightColumns,
      @Nullable PayloadBreaker payload,
      LongUnaryOperator locations,
      List<Completion> after) {
    SpineSupply supply =
        new SpineSupply(
            spine,
            task ->
                new JoinedRows(
                    shape, rightColumns, column -> Built.of(payload).column(column), task),
            locations);
    return builder.source(supply, after.toArray(Completion[]::new));
  }

  private List<String> names(List<Integer> columns) {
    return columns.stream().map(right.scan().tableColumns()::get).toList();
  }

  /** The scan of keys, instants and what filters read. */
  private final class FeatureScan implements LateScan.SplitAccess {
    private final Spine spine;
    private final boolean fetchesPayload;
    private final List<Integer> columns;
    private final List<Expression> filters;
    private final RowOrder order = new RowOrder();
    private final FeatureBreaker.Inputs inputs;
    private volatile @Nullable TableScan planned;
    private volatile List<ScanSplit> splits = List.of();

    FeatureScan(Spine spine, boolean fetchesPayload) {
      this.spine = spine;
      this.fetchesPayload = fetchesPayload;
      List<Expression> keysOfScan = right.toScan(shape.plan().rightKeys());
      List<Expression> matchOfScan = right.toScan(shape.plan().rightMatch());
      List<Expression> boundsOfScan =
          right.toScan(shape.plan().bounds().stream().map(AsofBound::right).toList());
      TreeSet<Integer> read = new TreeSet<>(InputRefs.of(right.filters()));
      read.addAll(InputRefs.of(keysOfScan));
      read.addAll(InputRefs.of(matchOfScan));
      read.addAll(InputRefs.of(boundsOfScan));
      columns = List.copyOf(read);
      filters = over(right.filters());
      inputs =
          new FeatureBreaker.Inputs(
              filters, over(keysOfScan), shape.right(over(matchOfScan), over(boundsOfScan)), order);
    }

    private List<Expression> over(List<Expression> expressions) {
      return expressions.stream().map(e -> InputRefs.over(e, columns)).toList();
    }

    /** A right expression over what is read, or null where it needs more. */
    private @Nullable Expression overRead(Expression expression) {
      List<Expression> ofScan = right.toScan(List.of(expression));
      return columns.containsAll(InputRefs.of(ofScan)) ? over(ofScan).getFirst() : null;
    }

    /** Called when the spine is known. */
    private @Nullable TableScan plan() {
      if (spine.slots().capacity() == 0 || !spine.monotone()) {
        return null;
      }
      List<Expression> conditions = new ArrayList<>(filters);
      conditions.addAll(RuntimeFilter.of(shape, spine, this::overRead));
      List<String> read = names(columns);
      TableScan scan =
          order.complete(table.scan(new ScanRequest(read, RuntimeFilter.and(conditions))), read);
      planned = scan;
      ScanFigures.show(scan, stats);
      return scan;
    }

    /** The same splits for columns of the payload: addresses count within one choice of splits. */
    private TableScan reading(List<Integer> payload) {
      return Built.of(planned).reading(names(payload));
    }

    private @Nullable Winners winners() {
      return fetchesPayload ? new Winners(splits, allocator) : null;
    }

    @Override
    public List<ScanSplit> choose(List<ScanSplit> all) {
      splits = all;
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
}
