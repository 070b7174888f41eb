package io.sluice.server.metadata;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.BitVector;
import org.apache.arrow.vector.IntVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.complex.DenseUnionVector;
import org.apache.arrow.vector.complex.ListVector;
import org.apache.arrow.vector.complex.MapVector;
import org.apache.arrow.vector.complex.StructVector;

/** A value of GetSqlInfo, in one of the six forms that the protocol has. */
sealed interface SqlInfoValue {
  /** A string. */
  record Text(String value) implements SqlInfoValue {}

  /** A boolean. */
  record Flag(boolean value) implements SqlInfoValue {}

  /** A 64-bit number. */
  record Number(long value) implements SqlInfoValue {}

  /** A 32-bit number or set of bits. */
  record Mask(int value) implements SqlInfoValue {
    /** The set of these bit numbers. */
    static Mask of(int... bits) {
      int mask = 0;
      for (int bit : bits) {
        mask |= 1 << bit;
      }
      return new Mask(mask);
    }
  }

  /** Strings. */
  record Texts(List<String> values) implements SqlInfoValue {}

  /** Numbers by number. */
  record Conversions(Map<Integer, List<Integer>> targets) implements SqlInfoValue {}

  /** Sets row {@code row} of the union. */
  default void write(DenseUnionVector union, int row) {
    byte type = (byte) typeId();
    union.setTypeId(row, type);
    int at = union.getVectorByType(type).getValueCount();
    union.getOffsetBuffer().setInt((long) row * DenseUnionVector.OFFSET_WIDTH, at);
    switch (this) {
      case Text text -> {
        VarCharVector vector = (VarCharVector) union.getVectorByType(type);
        vector.setSafe(at, text.value().getBytes(StandardCharsets.UTF_8));
        vector.setValueCount(at + 1);
      }
      case Flag flag -> {
        BitVector vector = (BitVector) union.getVectorByType(type);
        vector.setSafe(at, flag.value() ? 1 : 0);
        vector.setValueCount(at + 1);
      }
      case Number number -> {
        BigIntVector vector = (BigIntVector) union.getVectorByType(type);
        vector.setSafe(at, number.value());
        vector.setValueCount(at + 1);
      }
      case Mask mask -> {
        IntVector vector = (IntVector) union.getVectorByType(type);
        vector.setSafe(at, mask.value());
        vector.setValueCount(at + 1);
      }
      case Texts texts -> {
        ListVector vector = (ListVector) union.getVectorByType(type);
        int start = vector.startNewValue(at);
        for (int i = 0; i < texts.values().size(); i++) {
          ((VarCharVector) vector.getDataVector())
              .setSafe(start + i, texts.values().get(i).getBytes(StandardCharsets.UTF_8));
        }
        vector.endValue(at, texts.values().size());
        vector.setValueCount(at + 1);
      }
      case Conversions conversions -> {
        MapVector vector = (MapVector) union.getVectorByType(type);
        writeMap(vector, at, conversions.targets());
        vector.setValueCount(at + 1);
      }
    }
  }

  private static void writeMap(MapVector vector, int at, Map<Integer, List<Integer>> targets) {
    int entry = vector.startNewValue(at);
    StructVector entries = (StructVector) vector.getDataVector();
    IntVector keys = (IntVector) entries.getChildByOrdinal(0);
    ListVector values = (ListVector) entries.getChildByOrdinal(1);
    for (Map.Entry<Integer, List<Integer>> target : targets.entrySet()) {
      entries.setIndexDefined(entry);
      keys.setSafe(entry, target.getKey());
      int start = values.startNewValue(entry);
      for (int i = 0; i < target.getValue().size(); i++) {
        ((IntVector) values.getDataVector()).setSafe(start + i, target.getValue().get(i));
      }
      values.endValue(entry, target.getValue().size());
      entry++;
    }
    vector.endValue(at, targets.size());
  }

  private int typeId() {
    return switch (this) {
      case Text ignored -> 0;
      case Flag ignored -> 1;
      case Number ignored -> 2;
      case Mask ignored -> 3;
      case Texts ignored -> 4;
      case Conversions ignored -> 5;
    };
  }
}
