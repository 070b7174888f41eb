package io.sluice.engine.function.kernel;

import io.sluice.engine.type.SqlType;
import java.util.HashMap;
import java.util.Map;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.Float4Vector;
import org.apache.arrow.vector.complex.ListVector;
import org.jspecify.annotations.Nullable;

/**
 * The place of a text among the other arguments, which are constants; as a number, or as an array
 * with 1 at that place. What is none of them, NULL included, has the place after the last.
 */
public final class CategoryCodes implements Kernel {
  private @Nullable Map<String, Integer> places;

  @Override
  public void evaluate(Values[] arguments, Values out, int count) {
    Map<String, Integer> known = places(arguments);
    int others = arguments.length - 1;
    if (out.type().kind() == SqlType.Kind.ARRAY) {
      slots(arguments[0], known, others, out, count);
      return;
    }
    for (int i = 0; i < count; i++) {
      out.data().setLong((long) i << 3, place(arguments[0], i, known, others));
    }
  }

  private Map<String, Integer> places(Values[] arguments) {
    Map<String, Integer> known = places;
    if (known == null) {
      known = new HashMap<>();
      for (int i = 1; i < arguments.length; i++) {
        if (!arguments[i].isNull(0)) {
          known.putIfAbsent(Bytes.string(arguments[i], 0), i - 1);
        }
      }
      places = known;
    }
    return known;
  }

  private static int place(Values values, int row, Map<String, Integer> known, int others) {
    int at = values.isConstant() ? 0 : row;
    return values.isNull(at) ? others : known.getOrDefault(Bytes.string(values, at), others);
  }

  private static void slots(
      Values values, Map<String, Integer> known, int others, Values out, int count) {
    int width = others + 1;
    FieldVector vector = out.field().createVector(out.allocator());
    try {
      ListVector list = (ListVector) vector;
      // allocates its cells, too, which come in their own size after it
      list.setInitialCapacity(count);
      list.allocateNew();
      while (list.getOffsetBuffer().capacity() < (count + 1L) << 2) {
        list.reAlloc();
      }
      Float4Vector cells = (Float4Vector) list.getDataVector();
      cells.allocateNew(count * width);
      cells.setValueCount(count * width);
      ArrowBuf data = cells.getDataBuffer();
      data.setZero(0, (long) count * width * Float.BYTES);
      setAll(cells.getValidityBuffer(), count * width);
      ArrowBuf offsets = list.getOffsetBuffer();
      for (int i = 0; i < count; i++) {
        offsets.setInt((long) i << 2, i * width);
        long slot = (long) i * width + place(values, i, known, others);
        data.setFloat(slot << 2, 1);
      }
      offsets.setInt((long) count << 2, count * width);
      setAll(list.getValidityBuffer(), count);
      list.setLastSet(count - 1);
      list.setValueCount(count);
    } catch (RuntimeException | Error failure) {
      vector.close();
      throw failure;
    }
    out.own(vector, false, count);
  }

  private static void setAll(ArrowBuf validity, int count) {
    for (int i = 0; i < (count + 7) >> 3; i++) {
      validity.setByte(i, 0xFF);
    }
  }
}
