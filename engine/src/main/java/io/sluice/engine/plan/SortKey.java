package io.sluice.engine.plan;

/** Orders by one column; NULL's place does not depend on the direction. */
public record SortKey(int column, boolean descending, boolean nullsFirst) {}
