package io.sluice.engine.operator.asof;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Access to state that an earlier pipeline has built. */
final class Built {
  private Built() {}

  static <T> T of(@Nullable T state) {
    return Objects.requireNonNull(state, "read before it was built");
  }
}
