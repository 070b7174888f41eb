package io.sluice.engine.function.transform;

import io.sluice.engine.batch.SharedDictionary;
import io.sluice.engine.batch.Vectors;
import io.sluice.engine.function.kernel.Kernel;
import io.sluice.engine.function.kernel.Layout;
import io.sluice.engine.function.kernel.Values;
import java.util.Arrays;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.vector.Float4Vector;
import org.apache.arrow.vector.complex.ListVector;
import org.jspecify.annotations.Nullable;

/**
 * Places of the first argument's values among the others, which are constants; what is not among
 * them, and NULL, comes behind them. A dictionary's values are looked up once each.
 */
public final class CategoryCodes implements Kernel {
  /** What is made of the place. */
  public enum Result {
    /** A BIGINT. */
    CODE,
    /** An array of REAL with a 1 at the place and 0 elsewhere. */
    ONE_HOT
  }

  private static final int UNKNOWN = -1;

  private final String function;
  private final Result result;
  private @Nullable CategoryTable table;
  private int[] codes = new int[0];

  /** Known by identity; its values are not read any more once it is not in use. */
  private @Nullable SharedDictionary dictionary;

  /** By index of the dictionary. */
  private int[] known = new int[0];

  public CategoryCodes(String function, Result result) {
    this.function = function;
    this.result = result;
  }

  @Override
  public boolean takesDictionaries() {
    return true;
  }

  @Override
  public void evaluate(Values[] arguments, Values out, int count) {
    CategoryTable categories = table;
    if (categories == null) {
      Constants.check(function, "categories", arguments, 1);
      categories = new CategoryTable(arguments, 1);
      table = categories;
    }
    if (codes.length < count) {
      codes = new int[count];
    }
    Values column = arguments[0];
    if (column.isDictionary()) {
      lookUp(categories, column, count);
    } else if (column.isConstant() || column.layout() == Layout.NONE) {
      boolean none = column.layout() == Layout.NONE || column.isNull(0);
      Arrays.fill(codes, 0, count, none ? categories.size() : categories.code(column, 0));
    } else {
      categories.codes(column, count, codes);
    }
    switch (result) {
      case CODE -> {
        ArrowBuf to = out.data();
        for (int i = 0; i < count; i++) {
          to.setLong((long) i << 3, codes[i]);
        }
      }
      case ONE_HOT ->
          out.own(oneHot(out, categories.size() + 1, count), out.isConstant(), out.count());
    }
  }

  private void lookUp(CategoryTable categories, Values column, int count) {
    SharedDictionary values = column.dictionary();
    if (values != dictionary) {
      known = new int[values.size()];
      Arrays.fill(known, UNKNOWN);
      dictionary = values;
    }
    try (Values flat = new Values(column.type(), column.allocator())) {
      flat.borrow(values.values(), false, values.size());
      boolean nulls = column.hasNulls();
      ArrowBuf indices = column.data();
      for (int i = 0; i < count; i++) {
        if (nulls && column.isNull(i)) {
          codes[i] = categories.size();
          continue;
        }
        int index = indices.getInt((long) i << 2);
        if (known[index] == UNKNOWN) {
          known[index] = categories.code(flat, index);
        }
        codes[i] = known[index];
      }
    }
  }

  private ListVector oneHot(Values out, int width, int count) {
    ListVector list = (ListVector) Vectors.create(out.type(), out.allocator());
    try {
      int slots = Math.multiplyExact(count, width);
      list.setInitialCapacity(count);
      list.allocateNew();
      Float4Vector elements = (Float4Vector) list.getDataVector();
      elements.allocateNew(slots);
      ArrowBuf data = elements.getDataBuffer();
      data.setZero(0, (long) slots << 2);
      ArrowBuf offsets = list.getOffsetBuffer();
      for (int i = 0; i < count; i++) {
        offsets.setInt((long) i << 2, i * width);
        data.setFloat((long) (i * width + codes[i]) << 2, 1);
      }
      offsets.setInt((long) count << 2, slots);
      elements.getValidityBuffer().setOne(0, elements.getValidityBuffer().capacity());
      list.getValidityBuffer().setOne(0, list.getValidityBuffer().capacity());
      list.setLastSet(count - 1);
      list.setValueCount(count);
      return list;
    } catch (RuntimeException | Error failure) {
      list.close();
      throw failure;
    }
  }
}
