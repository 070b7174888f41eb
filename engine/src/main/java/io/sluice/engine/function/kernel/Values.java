package io.sluice.engine.function.kernel;

import io.sluice.engine.batch.SharedDictionary;
import io.sluice.engine.batch.Vectors;
import io.sluice.engine.type.ArrowTypes;
import io.sluice.engine.type.SqlType;
import java.util.List;
import java.util.Objects;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.NullVector;
import org.apache.arrow.vector.ipc.message.ArrowFieldNode;
import org.apache.arrow.vector.types.pojo.Field;
import org.jspecify.annotations.Nullable;

/**
 * Values of one expression for the rows under evaluation, as raw buffers: flat (one value per row),
 * constant (row 0 stands for all), or dictionary (int32 indices into shared values). The memory is
 * either borrowed from a vector or owned scratch that the next evaluation reuses.
 *
 * <p>A NULL row's value is unspecified but readable. The tail of a bitmap's last 64-bit word may be
 * read and written.
 */
public final class Values implements AutoCloseable {
  /** Below this many rows validity and data share an allocation. */
  private static final int SMALL = 512;

  private final SqlType type;
  private final Layout layout;
  private final BufferAllocator allocator;
  private final ArrowBuf empty;
  private final Field field;

  private int count;
  private boolean constant;
  private boolean hasNulls;
  private ArrowBuf validity;
  private ArrowBuf data;
  private ArrowBuf offsets;
  private @Nullable SharedDictionary dictionary;
  private @Nullable FieldVector vector;

  // Owned scratch. The fields above may be slices of it.
  private @Nullable ArrowBuf ownValidity;
  private @Nullable ArrowBuf ownFixed;
  private @Nullable ArrowBuf ownBytes;
  private @Nullable FieldVector ownVector;
  private @Nullable ArrowBuf ownSpare;
  private int bytesEnd;

  /** Whose scratch the fields above point at, if not this one's. */
  private @Nullable Values owner;

  public Values(SqlType type, BufferAllocator allocator) {
    this.type = type;
    this.layout = Layout.of(type);
    this.allocator = allocator;
    this.empty = allocator.getEmpty();
    this.field = ArrowTypes.field("", type, true);
    this.validity = empty;
    this.data = empty;
    this.offsets = empty;
  }

  public SqlType type() {
    return type;
  }

  public Layout layout() {
    return layout;
  }

  public BufferAllocator allocator() {
    return allocator;
  }

  public Field field() {
    return field;
  }

  /** Rows; a constant has as many as it is asked to stand for. */
  public int count() {
    return count;
  }

  public boolean isConstant() {
    return constant;
  }

  /** All bits to multiply a row number with: a constant is always read at row 0. */
  public int rowMask() {
    return constant ? 0 : -1;
  }

  public boolean isDictionary() {
    return dictionary != null;
  }

  public SharedDictionary dictionary() {
    return Objects.requireNonNull(dictionary);
  }

  /** Whether a row may be NULL; if not, the validity is not to be read. */
  public boolean hasNulls() {
    return hasNulls;
  }

  public ArrowBuf validity() {
    return validity;
  }

  /** Values, bits, bytes, or the indices of a dictionary. */
  public ArrowBuf data() {
    return data;
  }

  public ArrowBuf offsets() {
    return offsets;
  }

  /** The vector behind nested values. */
  public FieldVector vector() {
    return Objects.requireNonNull(vector);
  }

  public boolean isNull(int row) {
    int at = constant ? 0 : row;
    return hasNulls && ((validity.getByte(at >> 3) >> (at & 7)) & 1) == 0;
  }

  /** Whether this is a constant NULL. */
  public boolean isConstantNull() {
    return constant && isNull(0);
  }

  public int start(int row) {
    return offsets.getInt((long) row << 2);
  }

  public int end(int row) {
    return offsets.getInt(((long) row + 1) << 2);
  }

  public boolean bit(int row) {
    return ((data.getByte(row >> 3) >> (row & 7)) & 1) != 0;
  }

  public void setNull(int row) {
    int at = row >> 3;
    validity.setByte(at, validity.getByte(at) & ~(1 << (row & 7)));
    hasNulls = true;
  }

  // ---- borrowing

  /** Points at the buffers of a plain vector, which must outlive the use. */
  public void borrow(FieldVector source, boolean asConstant, int rows) {
    count = rows;
    constant = asConstant;
    dictionary = null;
    owner = null;
    vector = source;
    if (source instanceof NullVector) {
      beginConstant(rows);
      setNull(0);
      return;
    }
    hasNulls = source.getNullCount() > 0;
    validity = source.getValidityBuffer();
    if (layout != Layout.NESTED) {
      data = source.getDataBuffer();
      if (layout == Layout.BYTES) {
        offsets = source.getOffsetBuffer();
        if (offsets.capacity() == 0) {
          // Arrow allows an empty vector to have no offsets at all.
          begin(0);
        }
      }
    }
  }

  /** Points at indices into a dictionary; both must outlive the use. */
  public void borrowDictionary(FieldVector indices, SharedDictionary values, int rows) {
    count = rows;
    constant = false;
    dictionary = values;
    owner = null;
    vector = null;
    hasNulls = indices.getNullCount() > 0;
    validity = indices.getValidityBuffer();
    data = indices.getDataBuffer();
  }

  /** Points at the indices of {@code indices} into another dictionary. */
  public void borrowDictionary(Values indices, SharedDictionary values, int rows) {
    alias(indices, rows);
    dictionary = values;
  }

  /** Points at the same memory as {@code other}, of the same layout, for {@code rows} rows. */
  public void alias(Values other, int rows) {
    count = rows;
    constant = other.constant;
    hasNulls = other.hasNulls;
    validity = other.validity;
    data = other.data;
    offsets = other.offsets;
    dictionary = other.dictionary;
    vector = other.vector;
    owner = other;
  }

  /** A constant that is to stand for another number of rows. */
  public Values forRows(int rows) {
    assert constant;
    count = rows;
    return this;
  }

  /** Makes the one row that is written stand for {@code rows}. */
  public void asConstant(int rows) {
    assert count == 1;
    constant = true;
    count = rows;
  }

  // ---- writing

  /** Owned buffers for {@code rows} flat rows. All are valid until set to NULL; data is unset. */
  public void begin(int rows) {
    begin(rows, layout.width());
    if (layout != Layout.NESTED) {
      Bits.fill(validity, rows);
    }
  }

  /** As {@link #begin(int)} for one row that stands for {@code rows}. */
  public void beginConstant(int rows) {
    begin(1);
    constant = true;
    count = rows;
  }

  /** Owned int32 indices into {@code values}. All are valid until set to NULL. */
  public void beginDictionary(int rows, SharedDictionary values) {
    begin(rows, Integer.BYTES);
    Bits.fill(validity, rows);
    dictionary = values;
  }

  private void begin(int rows, int width) {
    count = rows;
    constant = false;
    hasNulls = false;
    dictionary = null;
    owner = null;
    vector = null;
    if (layout == Layout.NESTED && width != Integer.BYTES) {
      validity = empty;
      return;
    }
    long bitmap = Bits.bytes(rows);
    long fixed = fixedBytes(rows, width);
    if (rows <= SMALL) {
      ownFixed = reserve(ownFixed, bitmap + fixed);
      validity = ownFixed.slice(0, bitmap);
      setFixed(ownFixed.slice(bitmap, fixed), width);
    } else {
      ownValidity = reserve(ownValidity, bitmap);
      ownFixed = reserve(ownFixed, fixed);
      validity = ownValidity.slice(0, bitmap);
      setFixed(ownFixed.slice(0, fixed), width);
    }
  }

  private void setFixed(ArrowBuf buffer, int width) {
    if (layout == Layout.BYTES && width == 0) {
      offsets = buffer;
      offsets.setInt(0, 0);
      bytesEnd = 0;
      ownBytes = reserve(ownBytes, 16);
      data = ownBytes;
    } else {
      data = buffer;
    }
  }

  private long fixedBytes(int rows, int width) {
    if (width > 0) {
      return Math.max(8L, ((long) rows * width + 7) & ~7L);
    }
    return switch (layout) {
      case BIT -> Bits.bytes(rows);
      case BYTES -> (((rows + 1L) << 2) + 7) & ~7L;
      default -> 8;
    };
  }

  /** Room in scratch whose contents are of no account. */
  private ArrowBuf reserve(@Nullable ArrowBuf buffer, long bytes) {
    if (buffer != null && buffer.capacity() >= bytes) {
      return buffer;
    }
    ArrowBuf larger = allocator.buffer(bytes);
    if (buffer != null) {
      buffer.close();
    }
    return larger;
  }

  /** Further scratch of this many bytes, for whoever fills these values. */
  ArrowBuf spare(long bytes) {
    ownSpare = reserve(ownSpare, bytes);
    return ownSpare;
  }

  /** Declares that rows may be NULL after writing the validity directly. */
  public void validityWritten() {
    hasNulls = true;
  }

  /** Recounts, after writing the validity directly: without NULLs it is not read any more. */
  public void checkNulls() {
    hasNulls = !Bits.allSet(validity, constant ? 1 : count);
  }

  /** Room for {@code bytes} more bytes of a BYTES value; they go to {@link #data} at the result. */
  public int room(int bytes) {
    int position = bytesEnd;
    long wanted = (long) position + bytes;
    ArrowBuf buffer = data;
    if (wanted > buffer.capacity()) {
      if (wanted > Integer.MAX_VALUE) {
        throw TextSink.tooLong(wanted);
      }
      ArrowBuf larger =
          allocator.buffer(Math.min(Integer.MAX_VALUE, Math.max(wanted, 2L * position)));
      // A row that is being written reaches beyond the last row's end.
      larger.setBytes(0, buffer, 0, buffer.capacity());
      buffer.close();
      ownBytes = larger;
      data = larger;
    }
    return position;
  }

  /** Row {@code row} of a BYTES value ends after {@code bytes} more; rows are ended in order. */
  public void endRow(int row, int bytes) {
    bytesEnd += bytes;
    offsets.setInt((row + 1L) << 2, bytesEnd);
  }

  /** Makes an own nested vector the values. */
  public void own(FieldVector nested, boolean asConstant, int rows) {
    if (ownVector != null) {
      ownVector.close();
    }
    ownVector = nested;
    borrow(nested, asConstant, rows);
  }

  // ---- handing on

  /**
   * The flat or constant values as a vector that shares this memory, which is then no longer
   * scratch. The caller closes the vector.
   */
  public FieldVector toVector() {
    int rows = constant ? 1 : count;
    if (layout == Layout.NESTED) {
      return Vectors.share(vector(), allocator);
    }
    FieldVector target = field.createVector(allocator);
    try {
      if (layout == Layout.NONE) {
        target.setValueCount(rows);
        return target;
      }
      load(target, rows, layout == Layout.BYTES);
      return target;
    } catch (RuntimeException | Error failure) {
      target.close();
      throw failure;
    }
  }

  /** The indices of dictionary values as an int32 vector, as {@link #toVector}. */
  public FieldVector toIndices() {
    FieldVector target = Vectors.create(SqlType.INTEGER, allocator);
    try {
      load(target, count, false);
      return target;
    } catch (RuntimeException | Error failure) {
      target.close();
      throw failure;
    }
  }

  private void load(FieldVector target, int rows, boolean variable) {
    ArrowBuf valid = validity;
    ArrowBuf made = null;
    try {
      if (valid.capacity() == 0 || (!hasNulls && !owns())) {
        made = allocator.buffer(Bits.bytes(rows));
        Bits.fill(made, rows);
        valid = made;
      }
      // A null count that is neither none nor all keeps Arrow from making its own validity.
      target.loadFieldBuffers(
          new ArrowFieldNode(rows, -1),
          variable ? List.of(valid, offsets, data) : List.of(valid, data));
    } finally {
      if (made != null) {
        made.close();
      }
    }
    release();
  }

  private boolean owns() {
    return ownFixed != null;
  }

  private void release() {
    if (owner != null) {
      owner.release();
    }
    if (ownValidity != null) {
      ownValidity.close();
      ownValidity = null;
    }
    if (ownFixed != null) {
      ownFixed.close();
      ownFixed = null;
    }
    if (ownBytes != null) {
      ownBytes.close();
      ownBytes = null;
    }
  }

  @Override
  public void close() {
    owner = null;
    release();
    if (ownSpare != null) {
      ownSpare.close();
      ownSpare = null;
    }
    if (ownVector != null) {
      ownVector.close();
      ownVector = null;
    }
    validity = empty;
    data = empty;
    offsets = empty;
    count = 0;
  }
}
