package io.sluice.engine;

/** A place in a SQL text; both numbers count from 1. */
public record SqlPosition(int line, int column) {
  @Override
  public String toString() {
    return "line " + line + ", column " + column;
  }
}
