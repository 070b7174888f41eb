package io.sluice.engine.operator.aggregate;

import org.apache.arrow.memory.BufferAllocator;

/** Exact sums of one argument, or of the products of two (or of one with itself). */
final class FloatSum implements Accumulator {
  private final ExactSums sums;
  private final int left;
  private final int right;

  /**
   * @param right the other factor, or -1 for sums of values
   */
  FloatSum(int left, int right, BufferAllocator allocator) {
    this.left = left;
    this.right = right;
    this.sums =
        new ExactSums(right < 0 ? ExactSums.Kind.VALUES : ExactSums.Kind.PRODUCTS, allocator);
  }

  ExactSums sums() {
    return sums;
  }

  @Override
  public void resize(int groups) {
    sums.resize(groups);
  }

  @Override
  public void update(SlotValues values) {
    double[] factors = values.argument(left).doubles();
    if (right < 0) {
      sums.add(values.groups(), factors, values.count());
    } else {
      double[] others = values.argument(right).doubles();
      sums.addProducts(values.groups(), factors, others, values.count());
    }
  }

  @Override
  public void merge(Accumulator other, int[] from, int[] to, int count) {
    sums.merge(((FloatSum) other).sums, from, to, count);
  }

  @Override
  public void close() {
    sums.close();
  }
}
