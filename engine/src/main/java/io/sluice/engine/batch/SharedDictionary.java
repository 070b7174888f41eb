package io.sluice.engine.batch;

import io.sluice.engine.type.SqlType;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.arrow.vector.FieldVector;

/**
 * The values that dictionary columns point at, counted by their users. Values are plain, may repeat
 * and hold no NULL; nobody compares ids across dictionaries. Identity of this object means identity
 * of values, so work per dictionary may be cached under it.
 */
public final class SharedDictionary {
  private final SqlType type;
  private final FieldVector values;
  private final AtomicInteger users = new AtomicInteger(1);

  /** Takes ownership of the values; the creator is the first user. */
  public SharedDictionary(SqlType type, FieldVector values) {
    this.type = type;
    this.values = values;
  }

  public SqlType type() {
    return type;
  }

  public FieldVector values() {
    return values;
  }

  public int size() {
    return values.getValueCount();
  }

  public SharedDictionary retain() {
    int before = users.getAndIncrement();
    assert before > 0 : "dictionary used after release";
    return this;
  }

  public void release() {
    int left = users.decrementAndGet();
    assert left >= 0 : "dictionary released twice";
    if (left == 0) {
      values.close();
    }
  }
}
