package io.sluice.connectors.parquet;

import io.sluice.connectors.parquet.ChunkStatistics.Bounds;
import io.sluice.connectors.parquet.ParquetMetadata.ColumnChunk;
import io.sluice.connectors.parquet.ParquetMetadata.RowGroup;
import io.sluice.engine.expression.Expression;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.parquet.schema.PrimitiveType;
import org.jspecify.annotations.Nullable;

/**
 * Chooses the rows of a row group that a filter can keep, by what the file says beside its footer:
 * the values of a dictionary, and the bounds of pages.
 */
public final class RowFilter {
  // Smaller row groups are read faster than what tells of them.
  private static final int LEAST_ROWS = 1000;
  // Values of a dictionary times nodes of the condition.
  private static final long MOST_WORK = 1 << 20;

  private final ParquetFile file;
  private final RowGroup group;
  private final List<ColumnRequest> columns;
  private final Expression filter;
  private final PageMemory memory;

  /**
   * Which rows are to be read.
   *
   * @param ranges null for all
   * @param pagesSkipped pages of the filter's columns in which no row is wanted
   */
  public record Chosen(@Nullable RowRanges ranges, long pagesSkipped) {
    private static final Chosen ALL = new Chosen(null, 0);
    private static final Chosen NONE = new Chosen(new RowRanges(), 0);

    /** Whether the row group need not be read. */
    public boolean isEmpty() {
      return ranges != null && ranges.count() == 0;
    }
  }

  private RowFilter(
      ParquetFile file,
      RowGroup group,
      List<ColumnRequest> columns,
      Expression filter,
      PageMemory memory) {
    this.file = file;
    this.group = group;
    this.columns = columns;
    this.filter = filter;
    this.memory = memory;
  }

  /**
   * The rows that can match.
   *
   * @param filter over {@code columns}, as in {@code ScanRequest}; null for none
   * @param allocator of what is read meanwhile; stays the caller's
   */
  public static Chosen choose(
      ParquetFile file,
      int rowGroup,
      @Nullable Expression filter,
      List<ColumnRequest> columns,
      BufferAllocator allocator) {
    RowGroup group = file.metadata().rowGroups().get(rowGroup);
    if (filter == null || group.rowCount() < LEAST_ROWS || group.rowCount() > Integer.MAX_VALUE) {
      return Chosen.ALL;
    }
    try (PageMemory memory = new PageMemory(allocator)) {
      RowFilter choice = new RowFilter(file, group, columns, filter, memory);
      return choice.dictionariesDeny() ? Chosen.NONE : choice.pages();
    }
  }

  /** Whether for some conjunct no value of its one column will do. */
  private boolean dictionariesDeny() {
    for (Expression conjunct : conjuncts(filter, new ArrayList<>())) {
      TreeSet<Integer> read = new TreeSet<>();
      int nodes = nodes(conjunct, read);
      if (read.size() == 1 && read.first() < columns.size() && compares(conjunct)) {
        int column = read.first();
        try {
          if (denies(conjunct, column, nodes)) {
            return true;
          }
        } catch (CorruptPage | UnsupportedPage | ArithmeticException e) {
          // told by those who read the column, if anyone does
          return false;
        }
      }
    }
    return false;
  }

  private static List<Expression> conjuncts(Expression filter, List<Expression> into) {
    if (filter instanceof Expression.Call call && call.function().equals("and")) {
      call.arguments().forEach(argument -> conjuncts(argument, into));
    } else {
      into.add(filter);
    }
    return into;
  }

  /** How many parts an expression has; adds the columns that it reads. */
  private static int nodes(Expression expression, TreeSet<Integer> columns) {
    return switch (expression) {
      case Expression.InputRef ref -> {
        columns.add(ref.column());
        yield 1;
      }
      case Expression.Call call ->
          1 + call.arguments().stream().mapToInt(a -> nodes(a, columns)).sum();
      default -> 1;
    };
  }

  /** Whether it asks for single values: ranges are the bounds' to decide. */
  private static boolean compares(Expression expression) {
    return expression instanceof Expression.Call call
        && switch (call.function()) {
          case "eq", "is_not_distinct_from" -> true;
          case "or" -> call.arguments().stream().allMatch(RowFilter::compares);
          case "and" -> call.arguments().stream().anyMatch(RowFilter::compares);
          default -> false;
        };
  }

  private boolean denies(Expression conjunct, int column, int nodes) {
    ColumnRequest request = columns.get(column);
    ParquetColumn stored = request.column();
    if (stored == null || !stored.isFlat()) {
      return false;
    }
    ColumnChunk chunk = group.chunks().get(stored.index());
    Conversion conversion = chunk.encrypted() ? null : Conversion.of(stored.type(), request.type());
    if (!chunk.allDictionary()
        || conversion == null
        || !Decompressor.supports(chunk.codec())
        || mayHold(conjunct, column, new Bounds(null, null, 1, 1, true, false))) {
      return false;
    }
    try (PageStream pages = new PageStream(file.input(), stored, chunk, memory, false)) {
      DataPage page = pages.dictionary();
      if (page == null || (long) page.values() * nodes > MOST_WORK) {
        return false;
      }
      int bytes = Math.toIntExact(page.end() - page.start());
      ByteBuffer values =
          page.buffer()
              .nioBuffer(page.start() - page.buffer().memoryAddress(), bytes)
              .order(ByteOrder.LITTLE_ENDIAN);
      for (int i = 0; i < page.values(); i++) {
        if (mayHold(conjunct, column, value(stored.type(), conversion, values))) {
          return false;
        }
      }
      return true;
    }
  }

  private boolean mayHold(Expression conjunct, int column, @Nullable Bounds value) {
    return RowGroupPruner.mayMatch(conjunct, columns, c -> c == column ? value : null);
  }

  private static @Nullable Bounds value(
      PrimitiveType type, Conversion conversion, ByteBuffer dictionary) {
    Object raw = RawValues.whole(type, RawValues.next(type, dictionary));
    Object low = raw == null ? null : ChunkStatistics.value(conversion, raw, false);
    Object high = raw == null ? null : ChunkStatistics.value(conversion, raw, true);
    return low == null || high == null ? null : new Bounds(low, high, 0, 1, false, false);
  }

  /** The rows of pages whose bounds do not exclude them. */
  private Chosen pages() {
    TreeSet<Integer> read = new TreeSet<>();
    nodes(filter, read);
    TreeMap<Integer, PageBounds> known = new TreeMap<>();
    TreeSet<Long> starts = new TreeSet<>();
    for (int column : read) {
      PageBounds bounds =
          column < columns.size()
              ? PageBounds.read(file, group, columns.get(column), memory)
              : null;
      if (bounds != null) {
        known.put(column, bounds);
        bounds.addStarts(starts);
      }
    }
    if (starts.size() <= 1) {
      return Chosen.ALL;
    }
    RowRanges ranges = new RowRanges();
    for (long start : starts) {
      Long next = starts.higher(start);
      long end = next == null ? group.rowCount() : next;
      boolean matches =
          RowGroupPruner.mayMatch(
              filter,
              columns,
              column -> {
                PageBounds bounds = known.get(column);
                return bounds == null
                    ? ChunkStatistics.bounds(group, columns.get(column))
                    : bounds.at(start);
              });
      if (matches) {
        ranges.add((int) start, (int) end);
      }
    }
    if (ranges.rows() == group.rowCount()) {
      return Chosen.ALL;
    }
    return new Chosen(
        ranges, known.values().stream().mapToLong(bounds -> bounds.unread(ranges)).sum());
  }
}
