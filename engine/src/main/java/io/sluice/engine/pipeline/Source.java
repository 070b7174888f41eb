package io.sluice.engine.pipeline;

/** One task's supply of batches. Used by one worker at a time, not always the same. */
public interface Source extends AutoCloseable {
  /**
   * The next batch, the end, or what to wait for. Never blocks and does about one batch of work: a
   * source that has done much without a row answers with an empty batch.
   */
  Poll poll();

  /** Also closes what is left unread. Idempotent. */
  @Override
  void close();
}
