package io.sluice.server.ingest;

import io.sluice.engine.EngineException;
import io.sluice.engine.ErrorCode;
import io.sluice.engine.batch.Cells;
import io.sluice.engine.batch.Take;
import io.sluice.engine.batch.Vectors;
import io.sluice.engine.type.ArrowTypes;
import io.sluice.engine.type.SqlType;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.BaseLargeVariableWidthVector;
import org.apache.arrow.vector.BaseVariableWidthVector;
import org.apache.arrow.vector.BaseVariableWidthViewVector;
import org.apache.arrow.vector.BitVectorHelper;
import org.apache.arrow.vector.ExtensionTypeVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.IntVector;
import org.apache.arrow.vector.TimeStampVector;
import org.apache.arrow.vector.dictionary.DictionaryProvider;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.DictionaryEncoding;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.apache.arrow.vector.util.TransferPair;

/**
 * Turns vectors of what a client sends into vectors of one SQL type: without copying where the
 * layout is the same, in bulk where it is a matter of units or offsets, and value by value
 * otherwise.
 */
final class ColumnConverter {
  /** What a client can do to keep nanoseconds. */
  static final String NANO_REMEDY =
      "; to keep nine, set timestamp_precision=9 as an option of the ingest or of the session";

  private final Field source;
  private final SqlType target;
  private final Field targetField;
  private final DictionaryProvider dictionaries;
  private final Path path;
  private final CellReader cells;

  private enum Path {
    SHARE,
    DICTIONARY,
    TIMESTAMP,
    LARGE_OFFSETS,
    VIEWS,
    CELLS
  }

  /**
   * @throws EngineException TYPE_MISMATCH where such values never fit
   */
  ColumnConverter(Field source, SqlType target, DictionaryProvider dictionaries) {
    this.source = source;
    this.target = target;
    this.targetField = ArrowTypes.field(source.getName(), target, true);
    this.dictionaries = dictionaries;
    this.cells = CellReader.of(storage(source), target, dictionaries);
    this.path = path(storage(source), targetField);
  }

  private static Field storage(Field field) {
    return field.getType() instanceof ArrowType.ExtensionType extension
        ? new Field(
            field.getName(),
            new FieldType(field.isNullable(), extension.storageType(), null, field.getMetadata()),
            field.getChildren())
        : field;
  }

  private static Path path(Field source, Field target) {
    if (source.getDictionary() != null) {
      return Path.DICTIONARY;
    }
    if (sameLayout(source, target)) {
      return Path.SHARE;
    }
    ArrowType from = source.getType();
    boolean varying =
        target.getType() instanceof ArrowType.Utf8 || target.getType() instanceof ArrowType.Binary;
    return switch (from) {
      case ArrowType.Timestamp ignored when target.getType() instanceof ArrowType.Timestamp ->
          Path.TIMESTAMP;
      case ArrowType.LargeUtf8 ignored when varying -> Path.LARGE_OFFSETS;
      case ArrowType.LargeBinary ignored when varying -> Path.LARGE_OFFSETS;
      case ArrowType.Utf8View ignored when varying -> Path.VIEWS;
      case ArrowType.BinaryView ignored when varying -> Path.VIEWS;
      default -> Path.CELLS;
    };
  }

  private static boolean sameLayout(Field source, Field target) {
    if (source.getDictionary() != null
        || source.getChildren().size() != target.getChildren().size()) {
      return false;
    }
    boolean same =
        switch (source.getType()) {
          case ArrowType.Timestamp from ->
              target.getType() instanceof ArrowType.Timestamp to && from.getUnit() == to.getUnit();
          case ArrowType.Decimal from ->
              target.getType() instanceof ArrowType.Decimal to
                  && from.getBitWidth() == to.getBitWidth()
                  && from.getScale() == to.getScale()
                  && from.getPrecision() <= to.getPrecision();
          // Fields of rows are matched by name, keys of maps are looked at.
          case ArrowType.Struct ignored -> false;
          case ArrowType.Map ignored -> false;
          default -> source.getType().equals(target.getType());
        };
    for (int i = 0; same && i < source.getChildren().size(); i++) {
      same = sameLayout(source.getChildren().get(i), target.getChildren().get(i));
    }
    return same;
  }

  /**
   * Converts some rows.
   *
   * @param firstRow the number of row {@code start} within the upload, for messages
   * @return a vector that the caller closes
   */
  FieldVector convert(
      FieldVector vector, int start, int count, long firstRow, BufferAllocator allocator) {
    FieldVector from =
        vector instanceof ExtensionTypeVector<?> extension
            ? (FieldVector) extension.getUnderlyingVector()
            : vector;
    return switch (path) {
      case SHARE -> share(from, start, count, allocator);
      case DICTIONARY -> decode(from, start, count, firstRow, allocator);
      case TIMESTAMP -> timestamps((TimeStampVector) from, start, count, firstRow, allocator);
      case LARGE_OFFSETS -> narrow((BaseLargeVariableWidthVector) from, start, count, allocator);
      case VIEWS -> views((BaseVariableWidthViewVector) from, start, count, allocator);
      case CELLS -> cells(from, start, count, firstRow, allocator);
    };
  }

  private FieldVector share(FieldVector from, int start, int count, BufferAllocator allocator) {
    if (start == 0 && count == from.getValueCount()) {
      return Vectors.shareAs(from, targetField, allocator);
    }
    TransferPair pair = from.getTransferPair(from.getField(), allocator);
    pair.splitAndTransfer(start, count);
    try (FieldVector slice = (FieldVector) pair.getTo()) {
      return Vectors.shareAs(slice, targetField, allocator);
    }
  }

  private FieldVector decode(
      FieldVector indices, int start, int count, long firstRow, BufferAllocator allocator) {
    DictionaryEncoding encoding = source.getDictionary();
    FieldVector values = dictionaries.lookup(encoding.getId()).getVector();
    ColumnConverter plain = new ColumnConverter(values.getField(), target, dictionaries);
    try (FieldVector converted = plain.convertValues(values, allocator);
        IntVector narrow = new IntVector("", allocator)) {
      narrow.allocateNew(count);
      for (int i = 0; i < count; i++) {
        if (indices.isNull(start + i)) {
          narrow.setNull(i);
          continue;
        }
        long index = SourceCells.whole(indices, start + i);
        if (index < 0 || index >= values.getValueCount()) {
          throw problem(
              new ConversionProblem(
                  ErrorCode.INVALID_ARGUMENT,
                  "index " + index + " into a dictionary of " + values.getValueCount()),
              firstRow + i);
        }
        narrow.set(i, (int) index);
      }
      narrow.setValueCount(count);
      return Take.take(converted, narrow, allocator);
    }
  }

  private FieldVector convertValues(FieldVector values, BufferAllocator allocator) {
    return convert(values, 0, values.getValueCount(), 0, allocator);
  }

  private FieldVector timestamps(
      TimeStampVector from, int start, int count, long firstRow, BufferAllocator allocator) {
    long fromUnit =
        TimeUnits.perSecond(((ArrowType.Timestamp) from.getField().getType()).getUnit());
    long toUnit = TimeUnits.perSecond(((ArrowType.Timestamp) targetField.getType()).getUnit());
    TimeStampVector to = (TimeStampVector) targetField.createVector(allocator);
    int row = 0;
    try {
      to.allocateNew(count);
      for (; row < count; row++) {
        if (from.isNull(start + row)) {
          to.setNull(row);
        } else {
          to.set(row, TimeUnits.convert(from.get(start + row), fromUnit, toUnit, NANO_REMEDY));
        }
      }
      to.setValueCount(count);
      return to;
    } catch (ConversionProblem problem) {
      to.close();
      throw problem(problem, firstRow + row);
    } catch (RuntimeException | Error failure) {
      to.close();
      throw failure;
    }
  }

  private FieldVector narrow(
      BaseLargeVariableWidthVector from, int start, int count, BufferAllocator allocator) {
    BaseVariableWidthVector to = (BaseVariableWidthVector) targetField.createVector(allocator);
    try {
      ArrowBuf offsets = from.getOffsetBuffer();
      long first = count == 0 ? 0 : offsets.getLong((long) start << 3);
      long bytes = count == 0 ? 0 : offsets.getLong(((long) start + count) << 3) - first;
      to.allocateNew(Math.toIntExact(Math.max(1, bytes)), count);
      for (int i = 0; i < count; i++) {
        to.getOffsetBuffer()
            .setInt(
                ((long) i + 1) << 2, (int) (offsets.getLong(((long) start + i + 1) << 3) - first));
        if (!from.isNull(start + i)) {
          BitVectorHelper.setBit(to.getValidityBuffer(), i);
        }
      }
      to.getOffsetBuffer().setInt(0, 0);
      if (bytes > 0) {
        to.getDataBuffer().setBytes(0, from.getDataBuffer(), first, bytes);
      }
      to.setLastSet(count - 1);
      to.setValueCount(count);
      return to;
    } catch (RuntimeException | Error failure) {
      to.close();
      throw failure;
    }
  }

  private FieldVector views(
      BaseVariableWidthViewVector from, int start, int count, BufferAllocator allocator) {
    BaseVariableWidthVector to = (BaseVariableWidthVector) targetField.createVector(allocator);
    try {
      to.allocateNew(Math.max(1, count) * 16L, count);
      for (int i = 0; i < count; i++) {
        if (from.isNull(start + i)) {
          to.setNull(i);
        } else {
          to.setSafe(i, SourceCells.bytes((FieldVector) from, start + i));
        }
      }
      to.setValueCount(count);
      return to;
    } catch (RuntimeException | Error failure) {
      to.close();
      throw failure;
    }
  }

  private FieldVector cells(
      FieldVector from, int start, int count, long firstRow, BufferAllocator allocator) {
    FieldVector to = targetField.createVector(allocator);
    int row = 0;
    try {
      to.setInitialCapacity(Math.max(1, count));
      to.allocateNew();
      for (; row < count; row++) {
        Cells.set(to, row, cells.read(from, start + row));
      }
      to.setValueCount(count);
      return to;
    } catch (ConversionProblem problem) {
      to.close();
      throw problem(problem, firstRow + row);
    } catch (RuntimeException | Error failure) {
      to.close();
      throw failure;
    }
  }

  private EngineException problem(ConversionProblem problem, long row) {
    return new EngineException(
        problem.code(),
        "column '"
            + source.getName()
            + "', row "
            + row
            + " (the first is 0): "
            + problem.getMessage());
  }
}
