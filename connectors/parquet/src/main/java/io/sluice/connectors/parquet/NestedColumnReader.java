package io.sluice.connectors.parquet;

import io.sluice.connectors.parquet.NestedSource.Levels;
import io.sluice.engine.batch.Cells;
import io.sluice.engine.batch.Column;
import io.sluice.engine.batch.FlatColumn;
import io.sluice.engine.batch.Vectors;
import io.sluice.engine.type.SqlType;
import java.util.List;
import java.util.Map;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.BaseFixedWidthVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.IntVector;
import org.apache.arrow.vector.SmallIntVector;
import org.apache.arrow.vector.TinyIntVector;
import org.apache.arrow.vector.complex.StructVector;
import org.apache.arrow.vector.ipc.message.ArrowFieldNode;

/**
 * A column of arrays, maps or rows. Each leaf is decoded like a flat column; offsets and validity
 * of the nodes above come from the levels of one leaf below each.
 *
 * @see <a href="https://research.google/pubs/dremel-interactive-analysis-of-web-scale-datasets/">
 *     Melnik et al., Dremel, on levels</a>
 */
final class NestedColumnReader implements ColumnReader {
  private final String what;
  private final NestedSource source;
  private final Map<Integer, NestedLeaf> leaves;
  private final BufferAllocator allocator;
  private long row;
  private int rows;

  /**
   * @param what names column and file in messages
   * @param leaves by their place in the file's schema; owned
   */
  NestedColumnReader(
      String what,
      NestedSource source,
      Map<Integer, NestedLeaf> leaves,
      BufferAllocator allocator) {
    this.what = what;
    this.source = source;
    this.leaves = leaves;
    this.allocator = allocator;
  }

  @Override
  public void begin(int maxRows) {
    rows = 0;
    leaves.values().forEach(NestedLeaf::begin);
  }

  @Override
  public void append(int count) {
    advance(count, true);
    rows += count;
  }

  @Override
  public void skip(int count) {
    advance(count, false);
  }

  private void advance(int count, boolean keep) {
    if (count == 0) {
      return;
    }
    try {
      for (NestedLeaf leaf : leaves.values()) {
        leaf.advance(count, keep);
      }
      row += count;
    } catch (CorruptPage | UnsupportedPage | InexactValue | ArithmeticException e) {
      throw ReadFailures.named(what, row, e);
    }
  }

  @Override
  public Column finish() {
    FieldVector vector = Vectors.create(source.type(), allocator);
    try {
      fill(source, vector, rows);
      return new FlatColumn(source.type(), vector);
    } catch (CorruptPage | UnsupportedPage | InexactValue | ArithmeticException e) {
      vector.close();
      throw ReadFailures.named(what, row, e);
    } catch (RuntimeException | Error failure) {
      vector.close();
      throw failure;
    }
  }

  private void fill(NestedSource node, FieldVector target, int count) {
    switch (node) {
      case NestedSource.Leaf leaf -> values(leaf, target, count);
      case NestedSource.Absent absent -> constant(absent, target, count);
      case NestedSource.Fields fields -> {
        present(fields.levels(), fields.shape(), target, count);
        StructVector struct = (StructVector) target;
        List<NestedSource> parts = fields.fields();
        for (int i = 0; i < parts.size(); i++) {
          fill(parts.get(i), (FieldVector) struct.getChildByOrdinal(i), count);
        }
      }
      case NestedSource.Repeated repeated -> {
        int elements = lists(repeated, target, count);
        fill(repeated.element(), target.getChildrenFromFields().getFirst(), elements);
      }
    }
  }

  private NestedLeaf leaf(ParquetColumn column) {
    NestedLeaf leaf = leaves.get(column.index());
    if (leaf == null) {
      throw new AssertionError(column);
    }
    return leaf;
  }

  private void present(Levels levels, ParquetColumn shape, FieldVector target, int count) {
    NestedLeaf leaf = leaf(shape);
    checkCount(leaf, levels, shape, count);
    try (ArrowBuf bits = validity(count)) {
      int nulls = nulls(leaf, levels, bits);
      target.loadFieldBuffers(new ArrowFieldNode(count, nulls), List.of(bits));
    }
  }

  private ArrowBuf validity(int count) {
    return allocator.buffer(Math.max(1, (count + 7L) >>> 3));
  }

  private static int nulls(NestedLeaf leaf, Levels levels, ArrowBuf bits) {
    return LevelKernels.validity(
        leaf.definitions(),
        leaf.repetitions(),
        leaf.levels(),
        levels.slot(),
        levels.present(),
        levels.repetition(),
        bits.memoryAddress());
  }

  /** Offsets and validity of lists; gives the number of their elements. */
  private int lists(NestedSource.Repeated node, FieldVector target, int count) {
    NestedLeaf leaf = leaf(node.shape());
    Levels levels = node.levels();
    checkCount(leaf, levels, node.shape(), count);
    try (ArrowBuf bits = validity(count);
        ArrowBuf offsets = allocator.buffer((count + 1L) << 2)) {
      int nulls = nulls(leaf, levels, bits);
      int elements =
          LevelKernels.offsets(
              leaf.definitions(),
              leaf.repetitions(),
              leaf.levels(),
              levels,
              offsets.memoryAddress());
      target.loadFieldBuffers(new ArrowFieldNode(count, nulls), List.of(bits, offsets));
      return elements;
    }
  }

  /** Leaves of one node must agree on how many values it has. */
  private static void checkCount(NestedLeaf leaf, Levels levels, ParquetColumn shape, int count) {
    int found = LevelKernels.slots(leaf.definitions(), leaf.repetitions(), leaf.levels(), levels);
    if (found != count) {
      throw disagree(shape, found, count);
    }
  }

  private static CorruptPage disagree(ParquetColumn column, int found, int expected) {
    return new CorruptPage(
        column.name() + " has " + found + " values where its neighbours have " + expected);
  }

  private void values(NestedSource.Leaf node, FieldVector target, int count) {
    NestedLeaf leaf = leaf(node.column());
    if (leaf.slots() != count) {
      throw disagree(node.column(), leaf.slots(), count);
    }
    try (FieldVector values = leaf.vector()) {
      if (values instanceof IntVector ints && !(target instanceof IntVector)) {
        if (target instanceof TinyIntVector || target instanceof SmallIntVector) {
          narrow(ints, (BaseFixedWidthVector) target);
          return;
        }
      }
      target.loadFieldBuffers(
          new ArrowFieldNode(count, values.getNullCount()), values.getFieldBuffers());
    }
  }

  private static void narrow(IntVector source, BaseFixedWidthVector target) {
    int count = source.getValueCount();
    target.allocateNew(count);
    for (int i = 0; i < count; i++) {
      if (source.isNull(i)) {
        target.setNull(i);
        continue;
      }
      int value = source.get(i);
      boolean tiny = target instanceof TinyIntVector;
      if (tiny ? value != (byte) value : value != (short) value) {
        throw new InexactValue(value + " in a " + (tiny ? "TINYINT" : "SMALLINT"));
      }
      if (target instanceof TinyIntVector bytes) {
        bytes.set(i, value);
      } else {
        ((SmallIntVector) target).set(i, value);
      }
    }
    target.setValueCount(count);
  }

  private void constant(NestedSource.Absent node, FieldVector target, int count) {
    SqlType type = node.type();
    try (Column constant = Cells.constant(type, node.constant(), count, allocator);
        FieldVector values = constant.flatten(allocator)) {
      Vectors.shareInto(values, target);
    }
  }

  @Override
  public void close() {
    RuntimeException failure = null;
    for (NestedLeaf leaf : leaves.values()) {
      try {
        leaf.close();
      } catch (RuntimeException e) {
        if (failure == null) {
          failure = e;
        } else {
          failure.addSuppressed(e);
        }
      }
    }
    if (failure != null) {
      throw failure;
    }
  }
}
