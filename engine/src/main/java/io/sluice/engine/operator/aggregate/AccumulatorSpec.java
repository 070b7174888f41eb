package io.sluice.engine.operator.aggregate;

import org.apache.arrow.memory.BufferAllocator;

/**
 * Which state to keep per group. Aggregates that need equal ones share them: AVG has the sum of
 * SUM.
 *
 * @param slot index of the rows it takes in
 * @param left argument of the slot
 * @param right other argument of products, else -1
 */
record AccumulatorSpec(Kind kind, int slot, int left, int right) {
  /** What is kept. */
  enum Kind {
    COUNT,
    SUM_ONE_WORD,
    SUM_TWO_WORDS,
    SUM_THREE_WORDS,
    FLOAT_SUM,
    FLOAT_PRODUCTS,
    LEAST_LONG,
    GREATEST_LONG,
    LEAST_DECIMAL,
    GREATEST_DECIMAL,
    LEAST_BYTES,
    GREATEST_BYTES,
    BIT_AND,
    BIT_OR,
    BIT_XOR,
    ARGUMENT_OF_LEAST,
    ARGUMENT_OF_GREATEST,
    CONTENT_SUM,
    COLUMN_PROFILE,
    MEDIAN,
    MODE;

    /** Whether states are merged for all groups at once. */
    boolean mergesMapped() {
      return this == MODE;
    }
  }

  AccumulatorSpec(Kind kind, int slot) {
    this(kind, slot, 0, -1);
  }

  /** An instance without groups, which holds no memory yet. */
  Accumulator create(BufferAllocator allocator) {
    return switch (kind) {
      case COUNT -> new CountAccumulator(allocator);
      case SUM_ONE_WORD -> new IntegerSum(1, left, allocator);
      case SUM_TWO_WORDS -> new IntegerSum(2, left, allocator);
      case SUM_THREE_WORDS -> new IntegerSum(3, left, allocator);
      case FLOAT_SUM -> new FloatSum(left, -1, allocator);
      case FLOAT_PRODUCTS -> new FloatSum(left, right, allocator);
      case LEAST_LONG -> new ExtremeLong(false, left, allocator);
      case GREATEST_LONG -> new ExtremeLong(true, left, allocator);
      case LEAST_DECIMAL -> new ExtremeDecimal(false, left, allocator);
      case GREATEST_DECIMAL -> new ExtremeDecimal(true, left, allocator);
      case LEAST_BYTES -> new ExtremeBytes(false, left, allocator);
      case GREATEST_BYTES -> new ExtremeBytes(true, left, allocator);
      case BIT_AND -> new BitSum(BitSum.Operation.AND, left, allocator);
      case BIT_OR -> new BitSum(BitSum.Operation.OR, left, allocator);
      case BIT_XOR -> new BitSum(BitSum.Operation.XOR, left, allocator);
      case ARGUMENT_OF_LEAST -> new ArgumentExtreme(false, allocator);
      case ARGUMENT_OF_GREATEST -> new ArgumentExtreme(true, allocator);
      case CONTENT_SUM -> new ContentSum(left, allocator);
      case COLUMN_PROFILE -> new ColumnProfiles(allocator);
      case MEDIAN -> new MedianValues(left, allocator);
      case MODE -> new ModeCounts(allocator);
    };
  }
}
