package io.sluice.server.metadata;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.BitVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.IntVector;
import org.apache.arrow.vector.UInt1Vector;
import org.apache.arrow.vector.UInt4Vector;
import org.apache.arrow.vector.VarBinaryVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.complex.DenseUnionVector;
import org.apache.arrow.vector.complex.ListVector;
import org.apache.arrow.vector.types.pojo.Schema;
import org.jspecify.annotations.Nullable;

/** Rows that answer a metadata command, in one of the schemas that Flight SQL prescribes. */
public record MetadataTable(Schema schema, List<List<@Nullable Object>> rows) {
  /** As many rows as clients read without complaint about the message's size. */
  private static final int ROWS_PER_MESSAGE = 4096;

  /** The rows in pieces; the caller closes each. An empty table is one empty piece. */
  public List<VectorSchemaRoot> messages(BufferAllocator allocator) {
    List<VectorSchemaRoot> messages = new ArrayList<>();
    try {
      int start = 0;
      do {
        int end = Math.min(rows.size(), start + ROWS_PER_MESSAGE);
        messages.add(message(rows.subList(start, end), allocator));
        start = end;
      } while (start < rows.size());
      return messages;
    } catch (RuntimeException | Error failure) {
      messages.forEach(VectorSchemaRoot::close);
      throw failure;
    }
  }

  private VectorSchemaRoot message(List<List<@Nullable Object>> some, BufferAllocator allocator) {
    VectorSchemaRoot root = VectorSchemaRoot.create(schema, allocator);
    try {
      root.allocateNew();
      for (int row = 0; row < some.size(); row++) {
        for (int column = 0; column < schema.getFields().size(); column++) {
          set(root.getVector(column), row, some.get(row).get(column));
        }
      }
      root.setRowCount(some.size());
      return root;
    } catch (RuntimeException | Error failure) {
      root.close();
      throw failure;
    }
  }

  private static void set(FieldVector vector, int row, @Nullable Object value) {
    if (value == null) {
      return;
    }
    switch (vector) {
      case VarCharVector strings -> strings.setSafe(row, utf8(value));
      case VarBinaryVector binaries -> binaries.setSafe(row, (byte[]) value);
      case IntVector ints -> ints.setSafe(row, (Integer) value);
      case UInt1Vector bytes -> bytes.setSafe(row, (Integer) value);
      case UInt4Vector ints -> ints.setSafe(row, (Integer) value);
      case BitVector bits -> bits.setSafe(row, (Boolean) value ? 1 : 0);
      case ListVector list -> {
        List<?> items = (List<?>) value;
        int start = list.startNewValue(row);
        for (int i = 0; i < items.size(); i++) {
          ((VarCharVector) list.getDataVector()).setSafe(start + i, utf8(items.get(i)));
        }
        list.endValue(row, items.size());
      }
      case DenseUnionVector union -> ((SqlInfoValue) value).write(union, row);
      default -> throw new AssertionError(vector.getField());
    }
  }

  private static byte[] utf8(Object value) {
    return ((String) value).getBytes(StandardCharsets.UTF_8);
  }
}
