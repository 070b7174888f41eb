package io.sluice.connectors.iceberg.write;

import java.util.List;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.complex.ListVector;
import org.apache.arrow.vector.complex.StructVector;

/** Sinks of rows, arrays and maps. */
final class NestedSinks {
  private NestedSinks() {}

  /**
   * A field below another.
   *
   * @param definition the level that says that its parent is there, and so what its NULL is written
   *     at
   */
  record Child(ValueSink sink, int definition) {
    void write(FieldVector vector, int position, int repetition) {
      if (vector.isNull(position)) {
        sink.writeNull(repetition, definition);
      } else {
        sink.write(vector, position, repetition);
      }
    }
  }

  /** Fields in order. */
  record RowSink(List<Child> fields) implements ValueSink {
    RowSink {
      fields = List.copyOf(fields);
    }

    @Override
    public void write(FieldVector vector, int position, int repetition) {
      StructVector struct = (StructVector) vector;
      for (int i = 0; i < fields.size(); i++) {
        fields.get(i).write((FieldVector) struct.getChildByOrdinal(i), position, repetition);
      }
    }

    @Override
    public void writeNull(int repetition, int definition) {
      for (Child field : fields) {
        field.sink().writeNull(repetition, definition);
      }
    }
  }

  /**
   * Elements of an array, or entries of a map as a row.
   *
   * @param present the definition level of an array that is there, perhaps empty
   * @param repeats the repetition level of the second and later elements
   */
  record RepeatedSink(Child element, int present, int repeats) implements ValueSink {
    @Override
    public void write(FieldVector vector, int position, int repetition) {
      ListVector list = (ListVector) vector;
      int start = list.getElementStartIndex(position);
      int end = list.getElementEndIndex(position);
      if (start == end) {
        element.sink().writeNull(repetition, present);
      }
      for (int i = start; i < end; i++) {
        element.write(list.getDataVector(), i, i == start ? repetition : repeats);
      }
    }

    @Override
    public void writeNull(int repetition, int definition) {
      element.sink().writeNull(repetition, definition);
    }
  }
}
