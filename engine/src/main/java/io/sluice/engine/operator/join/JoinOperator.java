package io.sluice.engine.operator.join;

import io.sluice.engine.batch.Batch;
import io.sluice.engine.batch.Selection;
import io.sluice.engine.pipeline.Operator;
import io.sluice.engine.pipeline.Output;
import io.sluice.engine.pipeline.Progress;
import io.sluice.engine.pipeline.TaskContext;
import java.util.Arrays;
import org.apache.arrow.memory.ArrowBuf;
import org.jspecify.annotations.Nullable;

/**
 * The left side of a join. A batch is tried with the right rows of its matcher, pair by pair, as
 * many at a time as a batch has rows; left rows that need all pairs to be known follow at its end.
 */
final class JoinOperator implements Operator {
  private enum Phase {
    MATCHES,
    /** Pairs that might match if NULLs were known. */
    MAYBES,
    DONE
  }

  private static final int NOT_STARTED = -2;

  private final JoinShape shape;
  private final JoinBuild build;
  private final TaskContext task;
  private final StoredRows right;
  private final JoinOutput output;
  private Matcher matcher;
  private @Nullable MaybeMatcher maybeMatcher;
  private final Pairs pairs;
  private @Nullable Batch batch;
  private Phase phase = Phase.DONE;
  private int count;
  private int[] rows = new int[0];
  private boolean[] matched = new boolean[0];
  private boolean[] maybe = new boolean[0];
  private int position;
  private int id;

  JoinOperator(JoinShape shape, JoinBuild build, TaskContext task) {
    this.shape = shape;
    this.build = build;
    this.task = task;
    this.right = build.rows();
    this.output = new JoinOutput(shape, right, task.allocator());
    this.pairs = new Pairs(shape, right, task);
    try {
      BuildKeys keys = shape.keys();
      if (keys == null) {
        matcher = new LoopMatcher(right);
      } else {
        KeyInput input =
            new KeyInput(keys.probe(), keys.layout(), task.expressions(), task.allocator());
        HashMatcher hash = new HashMatcher(build.table(), input, keys);
        matcher = hash;
        if (shape.knowsMaybe()) {
          maybeMatcher = new MaybeMatcher(right, build.keys(), hash, keys);
        }
      }
    } catch (RuntimeException | Error failure) {
      pairs.close();
      throw failure;
    }
  }

  @Override
  public Progress push(Batch input, Output out) {
    batch = input;
    if (right.count() == 0 && shape.needsRight()) {
      closeBatch();
      return Progress.FINISHED;
    }
    begin(input);
    matcher.start(input);
    if (matcher instanceof HashMatcher hash && shape.condition() == null) {
      if (shape.emitsPairs()) {
        if (!build.table().isChained() && pushSingles(input, hash.heads(), out)) {
          return Progress.NEED_INPUT;
        }
      } else {
        matchFirst(hash.heads());
      }
    }
    return advance(out);
  }

  private void begin(Batch input) {
    count = input.rowCount();
    if (rows.length < count) {
      rows = new int[count];
      matched = new boolean[count];
      maybe = new boolean[count];
    }
    Arrays.fill(matched, 0, count, false);
    Arrays.fill(maybe, 0, count, false);
    Selection selection = input.selection();
    for (int i = 0; i < count; i++) {
      rows[i] = selection == null ? i : selection.get(i);
    }
    enter(Phase.MATCHES);
  }

  private void enter(Phase next) {
    phase = next;
    position = 0;
    id = NOT_STARTED;
  }

  /** At most one right row for each left one: the left columns need not be copied. */
  private boolean pushSingles(Batch input, int[] heads, Output out) {
    int found = 0;
    for (int i = 0; i < count; i++) {
      found += heads[i] >= 0 ? 1 : 0;
    }
    int kept = shape.emitsUnmatchedLeft() ? count : found;
    if (kept * 2 < input.length()) {
      return false;
    }
    if (shape.emitsUnmatchedRight()) {
      ArrowBuf flags = build.matched();
      for (int i = 0; i < count; i++) {
        if (heads[i] >= 0) {
          flags.setByte(heads[i], 1);
        }
      }
    }
    Batch result = output.singles(input, rows, heads, count, shape.emitsUnmatchedLeft());
    closeBatch();
    out.push(result);
    return true;
  }

  /** Without a condition one right row says all. */
  private void matchFirst(int[] heads) {
    for (int i = 0; i < count; i++) {
      matched[i] = heads[i] >= 0;
    }
    enter(Phase.MAYBES);
  }

  @Override
  public Progress resume(Output out) {
    return advance(out);
  }

  private Progress advance(Output out) {
    Batch input = batch;
    if (input == null) {
      return Progress.NEED_INPUT;
    }
    while (phase != Phase.DONE) {
      boolean more = phase == Phase.MATCHES ? stepMatches(input, out) : stepMaybes(input);
      task.checkCancelled();
      if (!more) {
        boolean maybes = phase == Phase.MATCHES && maybeMatcher != null;
        enter(maybes ? Phase.MAYBES : Phase.DONE);
      }
      if (out.full() && phase != Phase.DONE) {
        return Progress.MORE;
      }
    }
    Batch rest = output.rest(input, rows, matched, maybe, count);
    closeBatch();
    if (rest != null) {
      out.push(rest);
    }
    return Progress.NEED_INPUT;
  }

  /** Tries some pairs; whether there may be more. */
  private boolean stepMatches(Batch input, Output out) {
    boolean more = fill(matcher, matched);
    // a nested loop's condition holds the comparison whose NULL makes the result unknown
    pairs.keepTrue(input, rows, shape.keys() == null && shape.knowsMaybe() ? maybe : null);
    for (int i = 0; i < pairs.count; i++) {
      matched[pairs.positions[i]] = true;
    }
    if (shape.emitsUnmatchedRight()) {
      ArrowBuf flags = build.matched();
      for (int i = 0; i < pairs.count; i++) {
        flags.setByte(pairs.ids[i], 1);
      }
    }
    if (shape.emitsPairs() && pairs.count > 0) {
      out.push(pairs.output(input, rows));
    }
    return more;
  }

  private boolean stepMaybes(Batch input) {
    if (maybeMatcher == null) {
      return false;
    }
    boolean more = fill(maybeMatcher, maybe);
    pairs.keepTrue(input, rows, null);
    for (int i = 0; i < pairs.count; i++) {
      maybe[pairs.positions[i]] = true;
    }
    return more;
  }

  /** Collects pairs; leaves out left rows of which enough is known. */
  private boolean fill(Matcher from, boolean[] known) {
    int capacity = pairs.capacity();
    boolean all = shape.emitsPairs();
    pairs.count = 0;
    while (position < count) {
      if (!all && (known[position] || matched[position])) {
        position++;
        id = NOT_STARTED;
        continue;
      }
      if (id == NOT_STARTED) {
        id = from.first(position);
      }
      while (id != Matcher.NONE) {
        if (pairs.count == capacity) {
          return true;
        }
        pairs.positions[pairs.count] = position;
        pairs.ids[pairs.count++] = id;
        id = !all && shape.condition() == null ? Matcher.NONE : from.next(id);
      }
      position++;
      id = NOT_STARTED;
    }
    return false;
  }

  @Override
  public Progress finish(Output out) {
    return advance(out);
  }

  private void closeBatch() {
    if (batch != null) {
      batch.close();
      batch = null;
    }
  }

  @Override
  public void close() {
    closeBatch();
    matcher.close();
    pairs.close();
  }
}
