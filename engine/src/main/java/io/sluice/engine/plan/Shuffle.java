package io.sluice.engine.plan;

/**
 * Which permutation of the rows is wanted.
 *
 * @param rows how many there are; -1 in a plan that is only shown
 */
public record Shuffle(long seed, long epoch, long rows) {}
