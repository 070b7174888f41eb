package io.sluice.engine.pipeline;

import io.sluice.engine.OperatorProfile;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAccumulator;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/** What the operators of one plan node count, in all tasks together. Safe for all threads. */
public final class OperatorStats {
  private final String name;
  private final Supplier<String> detail;
  private final List<OperatorStats> inputs;
  private volatile boolean ownRows = true;
  private final LongAdder rows = new LongAdder();
  private final LongAdder nanos = new LongAdder();
  private final LongAdder heldBytes = new LongAdder();
  private final LongAccumulator peakBytes = new LongAccumulator(Math::max, 0);
  private final Map<String, AtomicLong> metrics = new ConcurrentHashMap<>();
  private final Map<String, LongSupplier> gauges = new ConcurrentHashMap<>();

  /**
   * @param detail is asked for with the profile
   */
  OperatorStats(String name, Supplier<String> detail, List<OperatorStats> inputs) {
    this.name = name;
    this.detail = detail;
    this.inputs = List.copyOf(inputs);
  }

  public String name() {
    return name;
  }

  OperatorStats input(int i) {
    return inputs.get(i);
  }

  void addRows(long count) {
    rows.add(count);
  }

  void addNanos(long count) {
    nanos.add(count);
  }

  /** Adds to a figure of EXPLAIN ANALYZE, named as a user reads it: {@code row groups skipped}. */
  public void add(String metric, long count) {
    metrics.computeIfAbsent(metric, key -> new AtomicLong()).addAndGet(count);
  }

  /** A figure that is read when the profile is. */
  public void gauge(String metric, LongSupplier value) {
    gauges.put(metric, value);
  }

  /** Private state has grown (or, below zero, shrunk) by so many bytes. */
  public void held(long bytes) {
    heldBytes.add(bytes);
    peakBytes.accumulate(heldBytes.sum());
  }

  /** The node does nothing of its own to rows: it has as many as its inputs together. */
  public void countsRowsOfInputs() {
    ownRows = false;
  }

  private long rowCount() {
    return ownRows ? rows.sum() : inputs.stream().mapToLong(OperatorStats::rowCount).sum();
  }

  OperatorProfile profile() {
    Map<String, Long> figures = new TreeMap<>();
    metrics.forEach((metric, value) -> figures.put(metric, value.get()));
    gauges.forEach((metric, value) -> figures.put(metric, value.getAsLong()));
    return new OperatorProfile(
        name,
        detail.get(),
        rowCount(),
        nanos.sum(),
        peakBytes.get(),
        figures,
        inputs.stream().map(OperatorStats::profile).toList());
  }
}
