package io.sluice.planner.training;

/**
 * A line of AUDIT.
 *
 * @param check its name
 * @param column of the dataset, several between commas
 * @param severity {@code error} where the dataset knows what it should not, {@code warning} where
 *     it very likely does, {@code info} where someone should look
 * @param rows that are concerned
 * @param example figures, and a row where there is one
 */
record Finding(String check, String column, Severity severity, long rows, String example) {
  enum Severity {
    ERROR,
    WARNING,
    INFO
  }
}
