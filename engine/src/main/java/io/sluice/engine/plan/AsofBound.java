package io.sluice.engine.plan;

import io.sluice.engine.expression.Expression;

/**
 * A condition {@code right <= left} ({@code right < left} where strict; for a forward join {@code
 * right >= left}). Where {@code left} never decreases with the deciding left operand of one
 * entity's rows, a right row is eligible from the first of them that satisfies it, and the join
 * streams the right side; where it does, which is seen in the data, right rows are kept and tried.
 *
 * @param left over left columns
 * @param right over right columns
 */
public record AsofBound(Expression left, Expression right, boolean strict) {}
