package io.sluice.engine.plan;

/**
 * How a join treats rows. SEMI and ANTI output left columns alone. NULL_AWARE_ANTI is NOT IN: one
 * key, and nothing passes where it is NULL on either side (an empty right side passes all). MARK
 * outputs the left columns and one nullable BOOLEAN: whether a right row matches, NULL where no row
 * matches but a NULL key might (the value of IN).
 */
public enum JoinKind {
  INNER,
  LEFT,
  RIGHT,
  FULL,
  SEMI,
  ANTI,
  NULL_AWARE_ANTI,
  MARK
}
