package io.sluice.engine.operator.join;

import io.sluice.engine.expression.Expression;
import io.sluice.engine.operator.hash.KeyLayout;
import java.util.List;

/**
 * The keys of a hash join.
 *
 * @param nullSafe by key, whether NULL equals NULL
 */
record BuildKeys(
    List<Expression> probe, List<Expression> build, List<Boolean> nullSafe, KeyLayout layout) {
  BuildKeys(List<Expression> probe, List<Expression> build, List<Boolean> nullSafe) {
    this(probe, build, nullSafe, new KeyLayout(build.stream().map(Expression::type).toList()));
  }

  /** A bit for each of the first 64 keys whose NULL equals nothing. */
  long unsafe() {
    long bits = 0;
    for (int k = 0; k < nullSafe.size(); k++) {
      bits |= nullSafe.get(k) ? 0 : 1L << k;
    }
    return bits;
  }
}
