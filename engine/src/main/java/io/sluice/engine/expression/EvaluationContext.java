package io.sluice.engine.expression;

import java.time.ZoneId;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;

/**
 * What expressions are compiled against.
 *
 * @param allocator of results and scratch; the query's, as results are handed on
 * @param parameters values by index
 * @param zone the session's, for conversions between zoned and zone-less values
 * @param vectorApi whether hot kernels use their SIMD forms; results are the same bits
 */
public record EvaluationContext(
    BufferAllocator allocator,
    List<Expression.Literal> parameters,
    ZoneId zone,
    boolean vectorApi) {
  public EvaluationContext {
    parameters = List.copyOf(parameters);
  }
}
