package io.sluice.engine.operator.asof;

import io.sluice.engine.batch.Batch;
import io.sluice.engine.batch.Column;
import io.sluice.engine.batch.Selection;
import io.sluice.engine.expression.Evaluator;
import io.sluice.engine.expression.Expression;
import io.sluice.engine.expression.ExpressionCompiler;
import io.sluice.engine.expression.FilterEvaluator;
import io.sluice.engine.memory.MemoryReservation;
import io.sluice.engine.operator.sort.SortKeyBytes;
import io.sluice.engine.pipeline.Breaker;
import io.sluice.engine.pipeline.OperatorStats;
import io.sluice.engine.pipeline.Sink;
import io.sluice.engine.pipeline.SinkAnswer;
import io.sluice.engine.pipeline.TaskContext;
import io.sluice.engine.pipeline.Work;
import io.sluice.engine.plan.OutputColumn;
import io.sluice.engine.plan.PhysicalPlan;
import io.sluice.engine.type.SqlType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.apache.arrow.memory.BufferAllocator;
import org.jspecify.annotations.Nullable;

/** Keeps right rows in memory, in the order in which each entity prefers them. */
final class CandidateBreaker implements Breaker {
  private final AsofShape shape;
  private final @Nullable RightScan scan;
  private final RowOrder order;
  private final @Nullable Spine spine;
  private final Candidates candidates;
  private final BufferAllocator allocator;
  private final OperatorStats stats;
  private final TreeMap<Integer, List<Candidates.Part>> parts = new TreeMap<>();
  private boolean closed;

  /**
   * @param scan whose columns come in, followed by the mark of a {@link LateScan}; or null where
   *     the right side's columns come in
   * @param order of the scan's rows
   * @param spine without whose entities and instants rows are dropped, or null
   * @param candidates to be built; closed with the breaker
   */
  CandidateBreaker(
      AsofShape shape,
      @Nullable RightScan scan,
      RowOrder order,
      @Nullable Spine spine,
      Candidates candidates,
      BufferAllocator allocator,
      OperatorStats stats) {
    this.shape = shape;
    this.scan = scan;
    this.order = order;
    this.spine = spine;
    this.candidates = candidates;
    this.allocator = allocator;
    this.stats = stats;
  }

  @Override
  public Sink open(TaskContext task) {
    return new CandidateSink(task);
  }

  private synchronized void add(int task, Candidates.Part part) {
    // a union's inputs are flows of their own, whose tasks count from 0 each
    parts.computeIfAbsent(task, t -> new ArrayList<>()).add(part);
  }

  @Override
  public List<Work> merge(TaskContext task) {
    List<Candidates.Part> all = new ArrayList<>();
    parts.values().forEach(all::addAll);
    parts.clear();
    if (all.isEmpty()) {
      return List.of();
    }
    List<SqlType> types = shape.plan().right().output().stream().map(OutputColumn::type).toList();
    candidates.index(all, types, shape.inverted(), task.allocator());
    stats.add("candidate rows", candidates.rows());
    return List.of();
  }

  @Override
  public synchronized void close() {
    if (!closed) {
      closed = true;
      parts.values().forEach(share -> share.forEach(Candidates.Part::close));
      parts.clear();
      candidates.close();
    }
  }

  private final class CandidateSink implements Sink {
    private final TaskContext task;
    private final List<Runnable> evaluated = new ArrayList<>();
    private final List<FilterEvaluator> filters = new ArrayList<>();
    private final List<Evaluator> outputs = new ArrayList<>();
    private final MemoryReservation reservation = new MemoryReservation(allocator);
    private final Operands operands;
    private final @Nullable OrderedKeys instantKeys;
    private final @Nullable OrderedKeys tieKeys;
    private final @Nullable SortKeyBytes instants;
    private final @Nullable SortKeyBytes ties;
    private final EntityTable entities;
    private final EntityTable.EntityLookup lookup;
    private final EntityTable.@Nullable EntityLookup spineLookup;
    private final List<Candidates.Chunk> chunks = new ArrayList<>();
    private final RowOrder.Codes orderCodes;
    private long[] ranges = {};
    private long streamed;
    private boolean handedOver;

    CandidateSink(TaskContext task) {
      this.task = task;
      this.orderCodes = order.new Codes(task.allocator());
      PhysicalPlan.AsofJoinPlan plan = shape.plan();
      ExpressionCompiler compiler = task.expressions();
      boolean direct = shape.directInstant();
      try {
        RightScan source = scan;
        if (source != null) {
          for (Expression filter : source.filters()) {
            filters.add(open(compiler.compileFilter(filter), FilterEvaluator::close));
          }
          for (Expression output : source.outputs()) {
            outputs.add(open(compiler.compile(output), Evaluator::close));
          }
        }
        operands =
            open(
                new Operands(
                    compiler,
                    plan.rightKeys(),
                    direct ? shape.right(plan.rightMatch(), List.of()) : List.of()),
                Operands::close);
        instantKeys =
            direct
                ? null
                : open(
                    new OrderedKeys(compiler, plan.rightMatch(), false, task.allocator()),
                    OrderedKeys::close);
        instants = direct ? null : OrderedKeys.list(reservation);
        tieKeys =
            source != null
                ? null
                : open(
                    new OrderedKeys(compiler, shape.tieColumns(), true, task.allocator()),
                    OrderedKeys::close);
        ties = source != null ? null : OrderedKeys.list(reservation);
        spineLookup =
            spine == null ? null : open(spine.entities().lookup(), EntityTable.EntityLookup::close);
        entities = EntityTable.create(shape.keyTypes(), allocator);
      } catch (RuntimeException | Error failure) {
        closeEvaluated();
        throw failure;
      }
      lookup = open(entities.lookup(), EntityTable.EntityLookup::close);
    }

    private <T> T open(T resource, Consumer<T> close) {
      evaluated.add(() -> close.accept(resource));
      return resource;
    }

    @Override
    public SinkAnswer push(Batch batch) {
      streamed += batch.rowCount();
      Batch rows = batch;
      for (FilterEvaluator filter : filters) {
        rows = filter.filter(rows);
      }
      if (rows.rowCount() == 0) {
        rows.close();
        return SinkAnswer.NEED_MORE;
      }
      RowPlaces places = null;
      if (scan == null) {
        rows = rows.compact(task.allocator());
      } else {
        try (Batch scanned = rows) {
          places = new RowPlaces(orderCodes.copy(scanned), addresses(scanned));
          rows = project(scanned);
        }
      }
      keep(rows, places);
      return SinkAnswer.NEED_MORE;
    }

    private static long[] addresses(Batch batch) {
      long base = LateScan.mark(batch);
      Selection selection = batch.selection();
      long[] addresses = new long[batch.rowCount()];
      for (int i = 0; i < addresses.length; i++) {
        addresses[i] = base + (selection == null ? i : selection.get(i));
      }
      return addresses;
    }

    private Batch project(Batch batch) {
      List<Column> columns = new ArrayList<>(outputs.size());
      try {
        for (Evaluator output : outputs) {
          columns.add(output.evaluate(batch));
        }
        return new Batch(columns, batch.rowCount());
      } catch (RuntimeException | Error failure) {
        columns.forEach(Column::close);
        throw failure;
      }
    }

    /** Keeps the rows of a batch without a selection; takes ownership. */
    private void keep(Batch batch, @Nullable RowPlaces places) {
      Batch rows = batch;
      try {
        int count = operands.load(rows);
        if (spineLookup != null) {
          RowPlaces kept = places;
          Selection wanted = wanted(spineLookup, count);
          if (wanted != null) {
            kept = places == null ? null : places.choose(wanted);
            rows = new Batch(rows.columns(), rows.length(), wanted).compact(task.allocator());
            count = operands.load(rows);
          }
          keepAll(rows, count, kept);
        } else {
          keepAll(rows, count, places);
        }
      } catch (RuntimeException | Error failure) {
        rows.close();
        throw failure;
      }
    }

    /** The rows that some spine row can match, or null for all. */
    private @Nullable Selection wanted(EntityTable.EntityLookup known, int count) {
      if (ranges.length < count) {
        ranges = new long[count];
      }
      known.find(operands.keys(), count, operands.absent(), ranges);
      Slots slots = Built.of(spine).slots();
      long[] codes = operands.codes()[0];
      int[] numbers = new int[count];
      int wanted = 0;
      for (int i = 0; i < count; i++) {
        long range = ranges[i];
        if (range != 0 && codes[i] <= slots.time((int) range + (int) (range >>> 32) - 1)) {
          numbers[wanted++] = i;
        }
      }
      return wanted == count ? null : Selections.of(numbers, wanted, task.allocator());
    }

    private void keepAll(Batch rows, int count, @Nullable RowPlaces places) {
      if (count == 0) {
        rows.close();
        return;
      }
      boolean[] absent = operands.absent();
      reservation.add(count * (20L + 8L * order.width()));
      if (instantKeys != null && instants != null) {
        instantKeys.append(rows, absent, instants);
      }
      if (tieKeys != null && ties != null) {
        tieKeys.append(rows, new boolean[count], ties);
      }
      int[] numbers = new int[count];
      lookup.add(operands.keys(), count, absent, numbers);
      long[] codes =
          shape.directInstant() ? Arrays.copyOf(operands.codes()[0], count) : new long[0];
      chunks.add(new Candidates.Chunk(rows, numbers, codes, places));
    }

    @Override
    public boolean finish() {
      handedOver = true;
      stats.add("feature rows streamed", streamed);
      add(task.taskIndex(), new Candidates.Part(entities, chunks, instants, ties, reservation));
      return false;
    }

    private void closeEvaluated() {
      evaluated.forEach(Runnable::run);
      evaluated.clear();
    }

    @Override
    public void close() {
      closeEvaluated();
      if (!handedOver) {
        handedOver = true;
        new Candidates.Part(entities, chunks, instants, ties, reservation).close();
      }
    }
  }
}
