package io.sluice.engine.operator.aggregate;

import io.sluice.engine.batch.Column;
import io.sluice.engine.batch.ConstantColumn;
import io.sluice.engine.batch.DictionaryColumn;
import io.sluice.engine.batch.SharedDictionary;
import java.util.Arrays;
import java.util.List;
import org.apache.arrow.memory.ArrowBuf;
import org.jspecify.annotations.Nullable;

/**
 * The groups of combinations of dictionary ids, so that rows of few, encoded keys are not hashed:
 * valid for one set of dictionaries, known by identity.
 */
final class DictionaryGroups {
  private static final int MAX_COMBINATIONS = 1 << 14;
  private static final int UNKNOWN = -1;

  private @Nullable SharedDictionary[] dictionaries = new SharedDictionary[0];
  private int[] groups = new int[0];
  private int[] codes = new int[0];

  /** Whether all keys are encoded and their combinations few, compared with the rows. */
  boolean fits(List<? extends Column> keys, int rows) {
    long combinations = 1;
    boolean anyDictionary = false;
    for (Column key : keys) {
      if (key instanceof DictionaryColumn dictionary) {
        anyDictionary = true;
        combinations *= dictionary.dictionary().size() + 1L;
      } else if (!(key instanceof ConstantColumn constant && constant.isNull(0))) {
        return false;
      }
      if (combinations > MAX_COMBINATIONS || combinations > rows) {
        return false;
      }
    }
    if (anyDictionary) {
      adopt(keys, (int) combinations);
    }
    return anyDictionary;
  }

  private void adopt(List<? extends Column> keys, int combinations) {
    boolean same = dictionaries.length == keys.size();
    for (int k = 0; same && k < keys.size(); k++) {
      same = dictionaries[k] == dictionary(keys.get(k));
    }
    if (!same) {
      dictionaries = new SharedDictionary[keys.size()];
      for (int k = 0; k < keys.size(); k++) {
        dictionaries[k] = dictionary(keys.get(k));
      }
      groups = new int[combinations];
      Arrays.fill(groups, UNKNOWN);
    }
  }

  private static @Nullable SharedDictionary dictionary(Column key) {
    return key instanceof DictionaryColumn column ? column.dictionary() : null;
  }

  /**
   * Fills in the groups that are known.
   *
   * @param rows physical rows of the keys
   * @param missing the positions of one row for each combination that is not known
   * @return how many are missing
   */
  int find(List<? extends Column> keys, int[] rows, int count, int[] found, int[] missing) {
    if (codes.length < count) {
      codes = new int[count];
    }
    Arrays.fill(codes, 0, count, 0);
    for (Column key : keys) {
      if (key instanceof DictionaryColumn column) {
        addCodes(column, rows, count);
      }
    }
    int misses = 0;
    for (int i = 0; i < count; i++) {
      int group = groups[codes[i]];
      found[i] = group;
      if (group == UNKNOWN) {
        groups[codes[i]] = -2 - misses;
        missing[misses++] = i;
      }
    }
    return misses;
  }

  private void addCodes(DictionaryColumn column, int[] rows, int count) {
    ArrowBuf indices = column.indices().getDataBuffer();
    int size = column.dictionary().size() + 1;
    if (column.indices().getNullCount() == 0) {
      for (int i = 0; i < count; i++) {
        codes[i] = codes[i] * size + indices.getInt((long) rows[i] << 2);
      }
    } else {
      for (int i = 0; i < count; i++) {
        int code = column.isNull(rows[i]) ? size - 1 : indices.getInt((long) rows[i] << 2);
        codes[i] = codes[i] * size + code;
      }
    }
  }

  /** Learns the groups of what was missing, and fills them in. */
  void learn(int[] missing, int misses, int[] groupsOfMissing, int[] found, int count) {
    for (int m = 0; m < misses; m++) {
      groups[codes[missing[m]]] = groupsOfMissing[m];
    }
    for (int i = 0; i < count; i++) {
      found[i] = groups[codes[i]];
    }
  }

  /** Forgets combinations whose groups could not be made. */
  void reset() {
    dictionaries = new SharedDictionary[0];
  }
}
