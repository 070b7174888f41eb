package io.sluice.engine.batch;

import io.sluice.engine.type.ArrowTypes;
import io.sluice.engine.type.SqlType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.NullVector;
import org.apache.arrow.vector.complex.StructVector;
import org.apache.arrow.vector.ipc.message.ArrowFieldNode;
import org.apache.arrow.vector.types.pojo.Field;

/** Creating and sharing Arrow vectors. */
public final class Vectors {
  /** Of types that are not nested, of which there are only so many. */
  private static final Map<SqlType, Field> FLAT = new ConcurrentHashMap<>();

  private Vectors() {}

  /** An empty vector of the type's layout. */
  public static FieldVector create(SqlType type, BufferAllocator allocator) {
    Field field = type.isNested() ? unnamed(type) : FLAT.computeIfAbsent(type, Vectors::unnamed);
    return field.createVector(allocator);
  }

  private static Field unnamed(SqlType type) {
    return ArrowTypes.field("", type, true);
  }

  /** A vector of {@code rows} NULLs of the type. */
  public static FieldVector nulls(SqlType type, int rows, BufferAllocator allocator) {
    FieldVector vector = create(type, allocator);
    try {
      vector.setInitialCapacity(rows);
      vector.allocateNew();
      for (int i = 0; i < rows; i++) {
        vector.setNull(i);
      }
      vector.setValueCount(rows);
      return vector;
    } catch (RuntimeException | Error failure) {
      vector.close();
      throw failure;
    }
  }

  /** A second vector over the same buffers; no bytes are copied, both must be closed. */
  public static FieldVector share(FieldVector vector, BufferAllocator allocator) {
    return shareAs(vector, vector.getField(), allocator);
  }

  /**
   * The same under another field of the same layout, as a timestamp in another zone has, or with
   * other names of children.
   */
  public static FieldVector shareAs(FieldVector vector, Field field, BufferAllocator allocator) {
    FieldVector shared = field.createVector(allocator);
    try {
      load(vector, shared, allocator);
      return shared;
    } catch (RuntimeException | Error failure) {
      shared.close();
      throw failure;
    }
  }

  /** Lets a vector show what another of the same layout holds; both must be closed. */
  public static void shareInto(FieldVector from, FieldVector to) {
    to.loadFieldBuffers(
        new ArrowFieldNode(from.getValueCount(), from.getNullCount()), from.getFieldBuffers());
    List<FieldVector> children = from.getChildrenFromFields();
    List<FieldVector> targets = to.getChildrenFromFields();
    for (int i = 0; i < children.size(); i++) {
      shareInto(children.get(i), targets.get(i));
    }
  }

  /** Copies a row, making room where there is none. */
  public static void copyRow(FieldVector from, int row, FieldVector to, int at) {
    if (!(from instanceof StructVector source) || !(to instanceof StructVector target)) {
      if (!(from instanceof NullVector)) {
        to.copyFromSafe(row, at, from);
      }
      return;
    }
    if (source.isNull(row)) {
      target.setNull(at);
      return;
    }
    target.setIndexDefined(at);
    for (int i = 0; i < source.size(); i++) {
      copyRow(
          (FieldVector) source.getChildByOrdinal(i),
          row,
          (FieldVector) target.getChildByOrdinal(i),
          at);
    }
  }

  private static void load(FieldVector from, FieldVector to, BufferAllocator allocator) {
    List<ArrowBuf> buffers = new ArrayList<>();
    try {
      for (ArrowBuf buffer : from.getFieldBuffers()) {
        buffers.add(buffer.getReferenceManager().retain(buffer, allocator));
      }
      to.loadFieldBuffers(new ArrowFieldNode(from.getValueCount(), from.getNullCount()), buffers);
    } finally {
      // the vector holds its own references
      buffers.forEach(buffer -> buffer.getReferenceManager().release());
    }
    List<FieldVector> children = from.getChildrenFromFields();
    List<FieldVector> targets = to.getChildrenFromFields();
    for (int i = 0; i < children.size(); i++) {
      load(children.get(i), targets.get(i), allocator);
    }
  }
}
