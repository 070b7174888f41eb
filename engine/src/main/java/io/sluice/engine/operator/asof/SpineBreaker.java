package io.sluice.engine.operator.asof;

import io.sluice.engine.batch.Batch;
import io.sluice.engine.pipeline.Breaker;
import io.sluice.engine.pipeline.OperatorStats;
import io.sluice.engine.pipeline.Sink;
import io.sluice.engine.pipeline.SinkAnswer;
import io.sluice.engine.pipeline.TaskContext;
import io.sluice.engine.pipeline.Work;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.apache.arrow.memory.BufferAllocator;

/** Collects the left side and gives its rows their slots. */
final class SpineBreaker implements Breaker {
  private final AsofShape shape;
  private final Spine spine;
  private final BufferAllocator allocator;
  private final OperatorStats stats;
  private final TreeMap<Integer, List<Spine.Part>> parts = new TreeMap<>();
  private boolean closed;

  /**
   * @param spine to be built; closed with the breaker
   */
  SpineBreaker(AsofShape shape, Spine spine, BufferAllocator allocator, OperatorStats stats) {
    this.shape = shape;
    this.spine = spine;
    this.allocator = allocator;
    this.stats = stats;
  }

  @Override
  public Sink open(TaskContext task) {
    return new SpineSink(task);
  }

  @Override
  public List<Work> merge(TaskContext task) {
    List<Spine.Part> all = new ArrayList<>();
    parts.values().forEach(all::addAll);
    parts.clear();
    if (all.isEmpty()) {
      all.add(new Spine.Part(EntityTable.create(shape.keyTypes(), allocator), List.of()));
    }
    List<Work> work = spine.index(all, task.config().workers());
    stats.add("spine rows", spine.rows());
    stats.add("entities", spine.entityCount());
    return work;
  }

  @Override
  public synchronized void close() {
    if (!closed) {
      closed = true;
      for (Spine.Part part : parts.values().stream().flatMap(List::stream).toList()) {
        part.entities().close();
        part.batches().forEach(SpineBatch::close);
      }
      parts.clear();
      spine.close();
    }
  }

  private synchronized void add(int task, Spine.Part part) {
    // a union's inputs are flows of their own, whose tasks count from 0 each
    parts.computeIfAbsent(task, t -> new ArrayList<>()).add(part);
  }

  private final class SpineSink implements Sink {
    private final TaskContext task;
    private final int codeCount;
    private final Operands operands;
    private final Operands limits;
    private final EntityTable entities;
    private final EntityTable.EntityLookup lookup;
    private final List<SpineBatch> batches = new ArrayList<>();
    private int[] numbers = {};
    private boolean handedOver;

    SpineSink(TaskContext task) {
      this.task = task;
      List<Operands.Ordered> left = shape.left();
      this.codeCount = left.size();
      this.operands = new Operands(task.expressions(), shape.plan().leftKeys(), left);
      try {
        this.limits = new Operands(task.expressions(), List.of(), spine.extent().operands());
      } catch (RuntimeException | Error failure) {
        operands.close();
        throw failure;
      }
      try {
        this.entities = EntityTable.create(shape.keyTypes(), allocator);
        this.lookup = entities.lookup();
      } catch (RuntimeException | Error failure) {
        operands.close();
        limits.close();
        throw failure;
      }
    }

    @Override
    public SinkAnswer push(Batch batch) {
      Batch rows = batch.compact(task.allocator());
      int count;
      try {
        count = operands.load(rows);
        if (numbers.length < count) {
          numbers = new int[count];
        }
        lookup.add(operands.keys(), count, operands.absent(), numbers);
        limits.load(rows);
        spine.extent().add(limits.codes(), count, operands.absent(), limits.absent());
      } catch (RuntimeException | Error failure) {
        rows.close();
        throw failure;
      }
      batches.add(new SpineBatch(rows, numbers, operands, codeCount, allocator));
      return SinkAnswer.NEED_MORE;
    }

    @Override
    public boolean finish() {
      handedOver = true;
      add(task.taskIndex(), new Spine.Part(entities, batches));
      return false;
    }

    @Override
    public void close() {
      lookup.close();
      operands.close();
      limits.close();
      if (!handedOver) {
        handedOver = true;
        entities.close();
        batches.forEach(SpineBatch::close);
      }
    }
  }
}
