package io.sluice.planner;

import io.sluice.engine.EngineException;
import io.sluice.engine.ErrorCode;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Which share of a query's rows a session reads, and in which order: what loaders of training data
 * set.
 *
 * @param shard from 0
 * @param seed of the shuffle, or null for the query's own order
 * @param epoch of the shuffle
 */
public record ReadOptions(long shard, long shards, @Nullable Long seed, long epoch) {
  /** All rows in the query's order. */
  public static final ReadOptions ALL = new ReadOptions(0, 1, null, 0);

  private static final Pattern SHARD = Pattern.compile("\\s*(\\d{1,9})\\s*/\\s*(\\d{1,9})\\s*");

  public ReadOptions {
    assert shard >= 0 && shard < shards : shard + "/" + shards;
  }

  /** Whether nothing is set. */
  public boolean isAll() {
    return equals(ALL);
  }

  /**
   * The same with another shard.
   *
   * @param text such as 0/4, the first of four; null or empty for all rows
   */
  public ReadOptions withShard(@Nullable String text) {
    if (text == null || text.isBlank()) {
      return new ReadOptions(0, 1, seed, epoch);
    }
    Matcher matcher = SHARD.matcher(text);
    if (matcher.matches()) {
      long index = Long.parseLong(matcher.group(1));
      long count = Long.parseLong(matcher.group(2));
      if (index < count) {
        return new ReadOptions(index, count, seed, epoch);
      }
    }
    throw invalid("shard", text, "a shard, counted from 0, and how many there are, such as 0/4");
  }

  /**
   * The same with another seed.
   *
   * @param text an integer; null or empty for the query's own order
   */
  public ReadOptions withSeed(@Nullable String text) {
    Long number = text == null || text.isBlank() ? null : integer("seed", text);
    return new ReadOptions(shard, shards, number, epoch);
  }

  /**
   * The same with another epoch.
   *
   * @param text an integer; null or empty for 0
   */
  public ReadOptions withEpoch(@Nullable String text) {
    long number = text == null || text.isBlank() ? 0 : integer("epoch", text);
    return new ReadOptions(shard, shards, seed, number);
  }

  /** The shard as it is set, empty for all rows. */
  public String shardText() {
    return shards == 1 ? "" : shard + "/" + shards;
  }

  private static long integer(String option, String text) {
    try {
      return Long.parseLong(text.strip());
    } catch (NumberFormatException e) {
      throw invalid(option, text, "an integer");
    }
  }

  private static EngineException invalid(String option, String text, String valid) {
    return new EngineException(
        ErrorCode.INVALID_ARGUMENT, option + " is " + valid + ", not '" + text + "'");
  }
}
