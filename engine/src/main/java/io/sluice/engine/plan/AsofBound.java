package io.sluice.engine.plan;

import io.sluice.engine.expression.Expression;

/**
 * A condition {@code right <= left} ({@code right < left} where strict; for a forward join {@code
 * right >= left}), in which {@code left} never decreases with the deciding left operand. A right
 * row is eligible from the first left row that satisfies it.
 *
 * @param left over left columns
 * @param right over right columns
 */
public record AsofBound(Expression left, Expression right, boolean strict) {}
