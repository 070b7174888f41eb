package io.sluice.engine.plan;

/** Where the right operand must lie, seen from the left operand. */
public enum AsofDirection {
  /** right &lt;= left, greatest wins. */
  AT_OR_BEFORE(true, true),
  /** right &lt; left, greatest wins. */
  BEFORE(true, false),
  /** right &gt;= left, least wins. */
  AT_OR_AFTER(false, true),
  /** right &gt; left, least wins. */
  AFTER(false, false);

  private final boolean backward;
  private final boolean inclusive;

  AsofDirection(boolean backward, boolean inclusive) {
    this.backward = backward;
    this.inclusive = inclusive;
  }

  public boolean backward() {
    return backward;
  }

  public boolean inclusive() {
    return inclusive;
  }
}
