package io.sluice.connectors.iceberg.scan;

import io.sluice.connectors.iceberg.schema.IcebergTypes;
import io.sluice.connectors.iceberg.schema.StoredValues;
import io.sluice.engine.connector.ScanRequest;
import io.sluice.engine.connector.SupportsMetadataAggregates.Known;
import io.sluice.engine.connector.SupportsMetadataAggregates.Wanted;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.expressions.Expression;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.types.Comparators;
import org.apache.iceberg.types.Conversions;
import org.apache.iceberg.types.Types;
import org.jspecify.annotations.Nullable;

/**
 * Counts and extremes from manifests, where these are exact: no row of the files is deleted, every
 * file has the figures, and a filter is decided by partitions alone. Bounds of texts may be cut,
 * those of floats leave NaN out and have two zeros, UUIDs have two orders: their extremes are not
 * told.
 */
final class MetadataAggregates {
  private final IcebergSnapshot snapshot;
  private final ScanRequest request;

  MetadataAggregates(IcebergSnapshot snapshot, ScanRequest request) {
    this.snapshot = snapshot;
    this.request = request;
  }

  Optional<Known> answer(List<Wanted> wanted) {
    List<Figure> figures = new ArrayList<>();
    for (Wanted one : wanted) {
      Figure figure = figure(one);
      if (figure == null) {
        return Optional.empty();
      }
      figures.add(figure);
    }
    if (snapshot.snapshot() == null) {
      return Optional.of(known(figures, 0));
    }
    FilterTranslation translation =
        new FilterTranslation(request.columns(), snapshot.schema(), snapshot.filterSchema());
    Expression filter = translation.translate(request.filter());
    if (!translation.isExact()) {
      return Optional.empty();
    }
    long files = 0;
    try (CloseableIterable<FileScanTask> tasks =
        snapshot.icebergScan().filter(filter).includeColumnStats().planFiles()) {
      for (FileScanTask task : tasks) {
        files++;
        if (!isWhole(task) || !figures.stream().allMatch(figure -> figure.add(task.file()))) {
          return Optional.empty();
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException("manifests cannot be closed", e);
    }
    return Optional.of(known(figures, files));
  }

  /** Whether all rows of a file are there and wanted. */
  private static boolean isWhole(FileScanTask task) {
    return task.deletes().isEmpty() && task.residual().op() == Expression.Operation.TRUE;
  }

  private static Known known(List<Figure> figures, long files) {
    List<@Nullable Object> values = new ArrayList<>();
    figures.forEach(figure -> values.add(figure.value()));
    return new Known(values, files);
  }

  private @Nullable Figure figure(Wanted wanted) {
    return switch (wanted) {
      case Wanted.Rows ignored -> new Rows();
      case Wanted.Values values -> {
        Types.NestedField column = column(values.column());
        yield column == null ? null : new Values(column.fieldId());
      }
      case Wanted.Least least -> extreme(column(least.column()), false);
      case Wanted.Greatest greatest -> extreme(column(greatest.column()), true);
    };
  }

  private Types.@Nullable NestedField column(String name) {
    Types.NestedField column = snapshot.schema().asStruct().field(name);
    return column == null
            || !column.type().isPrimitiveType()
            || !IcebergTypes.isReadable(column.type())
        ? null
        : column;
  }

  private static @Nullable Figure extreme(Types.@Nullable NestedField column, boolean greatest) {
    if (column == null) {
      return null;
    }
    return switch (column.type().typeId()) {
      case INTEGER, LONG, DATE, TIME, TIMESTAMP, TIMESTAMP_NANO, DECIMAL ->
          new Extreme(column, greatest);
      default -> null;
    };
  }

  /** What is added up from file to file. */
  private interface Figure {
    /** Whether the file has told its part. */
    boolean add(DataFile file);

    @Nullable Object value();
  }

  private static final class Rows implements Figure {
    private long rows;

    @Override
    public boolean add(DataFile file) {
      rows += file.recordCount();
      return true;
    }

    @Override
    public Object value() {
      return rows;
    }
  }

  private static final class Values implements Figure {
    private final int id;
    private long values;

    Values(int id) {
      this.id = id;
    }

    @Override
    public boolean add(DataFile file) {
      long own = values(file, id);
      values += own;
      return own >= 0;
    }

    @Override
    public Object value() {
      return values;
    }
  }

  /** Values of a column that are not NULL, or -1 where the file does not tell. */
  private static long values(DataFile file, int id) {
    Long all = get(file.valueCounts(), id);
    Long nulls = get(file.nullValueCounts(), id);
    return all == null || nulls == null || all != file.recordCount() ? -1 : all - nulls;
  }

  private static <T> @Nullable T get(@Nullable Map<Integer, T> figures, int id) {
    return figures == null ? null : figures.get(id);
  }

  private static final class Extreme implements Figure {
    private final Types.NestedField column;
    private final boolean greatest;
    private final Comparator<Object> order;
    private @Nullable Object value;

    Extreme(Types.NestedField column, boolean greatest) {
      this.column = column;
      this.greatest = greatest;
      this.order = Comparators.forType(column.type().asPrimitiveType());
    }

    @Override
    public boolean add(DataFile file) {
      long values = values(file, column.fieldId());
      if (values <= 0) {
        return values == 0;
      }
      ByteBuffer bytes = get(greatest ? file.upperBounds() : file.lowerBounds(), column.fieldId());
      if (bytes == null || !isOfType(bytes)) {
        return false;
      }
      Object bound = Conversions.fromByteBuffer(column.type(), bytes);
      if (value == null || (order.compare(bound, value) > 0) == greatest) {
        value = bound;
      }
      return true;
    }

    /** Not the bound of a date in a file that is older than the column's being a timestamp. */
    private boolean isOfType(ByteBuffer bytes) {
      return switch (column.type().typeId()) {
        case TIME, TIMESTAMP, TIMESTAMP_NANO -> bytes.remaining() == Long.BYTES;
        default -> true;
      };
    }

    @Override
    public @Nullable Object value() {
      return StoredValues.literal(column.type(), value);
    }
  }
}
