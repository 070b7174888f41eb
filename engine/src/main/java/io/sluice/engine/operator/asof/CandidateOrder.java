package io.sluice.engine.operator.asof;

import io.sluice.engine.operator.sort.SortKeyBytes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/** Puts candidate rows in order. Rows are numbered through all parts and chunks. */
final class CandidateOrder {
  private final List<Candidates.Part> parts;
  private final int[] partOf;
  private final int[] rowOfPart;
  private final int[] entityOf;
  private final long[] codeOf;
  private final long[] locationOf;
  private final RowPlaces places;
  private long[] codes = {};
  private long[] locations = {};

  CandidateOrder(List<Candidates.Part> parts, int total) {
    this.parts = parts;
    partOf = new int[total];
    rowOfPart = new int[total];
    entityOf = new int[total];
    codeOf = new long[total];
    locationOf = new long[total];
    places = places(parts, total);
    int at = 0;
    int chunkNumber = 0;
    for (int p = 0; p < parts.size(); p++) {
      int first = at;
      for (Candidates.Chunk chunk : parts.get(p).chunks()) {
        for (int i = 0; i < chunk.entities().length; i++) {
          partOf[at] = p;
          rowOfPart[at] = at - first;
          entityOf[at] = chunk.entities()[i];
          codeOf[at] = chunk.codes().length == 0 ? 0 : chunk.codes()[i];
          locationOf[at] = ((long) chunkNumber << 32) | i;
          at++;
        }
        chunkNumber++;
      }
    }
  }

  /** The places of all rows; without any where ties are broken by keys. */
  private static RowPlaces places(List<Candidates.Part> parts, int total) {
    RowPlaces all = null;
    int at = 0;
    for (Candidates.Part part : parts) {
      for (Candidates.Chunk chunk : part.chunks()) {
        RowPlaces own = chunk.places();
        if (own != null) {
          if (all == null) {
            all = new RowPlaces(new long[own.order().length][total], new long[total]);
          }
          int count = chunk.entities().length;
          System.arraycopy(own.addresses(), 0, all.addresses(), at, count);
          for (int c = 0; c < own.order().length; c++) {
            System.arraycopy(own.order()[c], 0, all.order()[c], at, count);
          }
          at += count;
        }
      }
    }
    return all == null ? new RowPlaces(new long[0][], new long[0]) : all;
  }

  /** Replaces codes by ranks of the parts' instants. */
  InstantRanks rank(boolean inverted) {
    List<SortKeyBytes> keys = new ArrayList<>();
    for (Candidates.Part part : parts) {
      keys.add(Built.of(part.instants()));
    }
    Integer[] order = new Integer[entityOf.length];
    int count = 0;
    for (int row = 0; row < entityOf.length; row++) {
      if (entityOf[row] >= 0) {
        order[count++] = row;
      }
    }
    Comparator<Integer> byKey =
        (a, b) ->
            SortKeyBytes.compare(
                keys.get(partOf[a]), rowOfPart[a], keys.get(partOf[b]), rowOfPart[b]);
    Arrays.sort(order, 0, count, byKey);
    int[] distinctParts = new int[count];
    int[] distinctRows = new int[count];
    int distinct = 0;
    for (int i = 0; i < count; i++) {
      int row = order[i];
      if (i == 0 || byKey.compare(order[i - 1], row) != 0) {
        distinctParts[distinct] = partOf[row];
        distinctRows[distinct] = rowOfPart[row];
        distinct++;
      }
      codeOf[row] = inverted ? ~(long) (distinct - 1) : distinct - 1;
    }
    return new InstantRanks(
        keys,
        Arrays.copyOf(distinctParts, distinct),
        Arrays.copyOf(distinctRows, distinct),
        inverted);
  }

  /** Orders all rows that can match; returns each entity's range of positions. */
  long[] sort(int entityCount) {
    int[] starts = new int[entityCount + 1];
    for (int entity : entityOf) {
      if (entity >= 0) {
        starts[entity + 1]++;
      }
    }
    for (int entity = 0; entity < entityCount; entity++) {
      starts[entity + 1] += starts[entity];
    }
    EntityRows sorted = new EntityRows(starts[entityCount], 0);
    int[] next = starts.clone();
    for (int row = 0; row < entityOf.length; row++) {
      if (entityOf[row] >= 0) {
        int at = next[entityOf[row]]++;
        sorted.codes[at] = codeOf[row];
        sorted.rows[at] = row;
      }
    }
    long[] ranges = new long[entityCount];
    for (int entity = 0; entity < entityCount; entity++) {
      int from = starts[entity];
      int to = starts[entity + 1];
      sorted.sort(from, to);
      breakTies(sorted, from, to);
      ranges[entity] = Slots.range(from, to - from);
    }
    codes = sorted.codes;
    locations = new long[codes.length];
    for (int i = 0; i < locations.length; i++) {
      locations[i] = locationOf[sorted.rows[i]];
    }
    return ranges;
  }

  private void breakTies(EntityRows sorted, int from, int to) {
    int start = from;
    for (int end = from + 1; end <= to; end++) {
      if (end == to || sorted.codes[end] != sorted.codes[start]) {
        if (end - start > 1) {
          sortTies(sorted.rows, start, end);
        }
        start = end;
      }
    }
  }

  private void sortTies(int[] rows, int from, int to) {
    List<Integer> tied = new ArrayList<>();
    for (int i = from; i < to; i++) {
      tied.add(rows[i]);
    }
    tied.sort(this::compareTies);
    for (int i = from; i < to; i++) {
      rows[i] = tied.get(i - from);
    }
  }

  private int compareTies(int a, int b) {
    SortKeyBytes left = parts.get(partOf[a]).ties();
    SortKeyBytes right = parts.get(partOf[b]).ties();
    return left == null || right == null
        ? places.compare(a, b)
        : SortKeyBytes.compare(left, rowOfPart[a], right, rowOfPart[b]);
  }

  /** In order, after {@link #sort}. */
  long[] codes() {
    return codes;
  }

  long[] locations() {
    return locations;
  }
}
