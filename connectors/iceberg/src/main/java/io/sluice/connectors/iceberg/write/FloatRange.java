package io.sluice.connectors.iceberg.write;

import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.Float4Vector;
import org.apache.iceberg.FieldMetrics;

/** Bounds of a REAL or DOUBLE column without its NaNs, which a Parquet footer cannot count. */
final class FloatRange {
  private final int fieldId;
  private final boolean single;
  private long values;
  private long nulls;
  private long nans;
  private double min = Double.POSITIVE_INFINITY;
  private double max = Double.NEGATIVE_INFINITY;

  FloatRange(int fieldId, boolean single) {
    this.fieldId = fieldId;
    this.single = single;
  }

  /**
   * @param position -1 for NULL
   */
  void add(FieldVector vector, int position) {
    values++;
    if (position < 0) {
      nulls++;
      return;
    }
    double value =
        vector instanceof Float4Vector
            ? vector.getDataBuffer().getFloat((long) position << 2)
            : vector.getDataBuffer().getDouble((long) position << 3);
    if (Double.isNaN(value)) {
      nans++;
    } else {
      // unlike Math.min, an ordering in which -0.0 comes before 0.0
      min = Double.compare(value, min) < 0 ? value : min;
      max = Double.compare(value, max) > 0 ? value : max;
    }
  }

  FieldMetrics<?> metrics() {
    if (values == nulls + nans) {
      return new FieldMetrics<>(fieldId, values, nulls, nans);
    }
    return single
        ? new FieldMetrics<>(fieldId, values, nulls, nans, (float) min, (float) max)
        : new FieldMetrics<>(fieldId, values, nulls, nans, min, max);
  }
}
