package io.sluice.engine.operator.aggregate.profile;

/**
 * What is kept of the values of one column in one group. Values are counted one by one as long as
 * few of them differ; then their number and distribution are estimated. Which of the two it is, and
 * every result, depends on the values alone, not on the order in which they or partial profiles
 * come.
 */
public sealed interface Profile permits WordProfile, BytesProfile {
  /** More different values are not counted one by one. */
  int EXACT_VALUES = 4096;

  /** More bytes of different values are not either. */
  int EXACT_BYTES = 1 << 20;

  /** Takes in another profile of the same type, which is not to be used any more. */
  void merge(Profile other);

  /** Writes what is known of the values that are not NULL. */
  void describe(ProfileJson json);
}
