package io.sluice.connectors.hazelcast;

import io.sluice.engine.online.OnlineRows;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;

/**
 * Which members keep which shares: of each share those that a hash of share and member ranks first
 * (rendezvous hashing, Thaler and Ravishankar 1998), so that every member computes the same and
 * little moves when one comes or goes.
 */
final class Placement {
  private final List<List<UUID>> ranked = new ArrayList<>(OnlineRows.SHARES);
  private final int copies;
  private final int members;

  /**
   * @param backups members that keep a share beside the first
   */
  Placement(List<UUID> members, int backups) {
    this.copies = Math.min(members.size(), 1 + backups);
    this.members = members.size();
    for (int share = 0; share < OnlineRows.SHARES; share++) {
      int of = share;
      ranked.add(
          members.stream()
              .sorted(
                  Comparator.comparingLong((UUID member) -> weight(of, member))
                      .thenComparing(Comparator.naturalOrder()))
              .toList());
    }
  }

  private static long weight(int share, UUID member) {
    long x =
        member.getMostSignificantBits()
            ^ Long.rotateLeft(member.getLeastSignificantBits(), 17)
            ^ (share + 1) * 0x9E3779B97F4A7C15L;
    x = (x ^ (x >>> 30)) * 0xBF58476D1CE4E5B9L;
    x = (x ^ (x >>> 27)) * 0x94D049BB133111EBL;
    return x ^ (x >>> 31);
  }

  int members() {
    return members;
  }

  /** All members, those that keep the share first. */
  List<UUID> ranked(int share) {
    return ranked.get(share);
  }

  /** The shares that a member is to keep. */
  BitSet shares(UUID member) {
    BitSet shares = new BitSet(OnlineRows.SHARES);
    for (int share = 0; share < OnlineRows.SHARES; share++) {
      if (ranked.get(share).subList(0, copies).contains(member)) {
        shares.set(share);
      }
    }
    return shares;
  }
}
