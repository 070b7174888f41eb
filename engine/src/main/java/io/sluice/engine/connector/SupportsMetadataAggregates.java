package io.sluice.engine.connector;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A snapshot whose metadata may tell what an aggregate over its rows is. */
public interface SupportsMetadataAggregates {
  /** What is aggregated. */
  sealed interface Wanted {
    /** The number of rows. */
    record Rows() implements Wanted {}

    /** The number of rows in which a column is not NULL. */
    record Values(String column) implements Wanted {}

    /** The least value of a column. */
    record Least(String column) implements Wanted {}

    /** The greatest value of a column. */
    record Greatest(String column) implements Wanted {}
  }

  /**
   * What metadata tell.
   *
   * @param values in the order in which they are wanted, in the form of {@code Expression.Literal};
   *     null for NULL
   * @param files whose metadata were asked
   */
  record Known(List<@Nullable Object> values, long files) {}

  /**
   * The aggregates over the rows for which the request's filter is true, or nothing where metadata
   * do not tell all of them exactly.
   */
  Optional<Known> aggregates(List<Wanted> wanted, ScanRequest request);
}
