package io.sluice.connectors.hazelcast;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.engine.online.OnlineRows;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class PlacementTest {
  private static List<UUID> members(int count) {
    List<UUID> members = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      members.add(UUID.nameUUIDFromBytes(new byte[] {(byte) i}));
    }
    return members;
  }

  @Test
  void everyShareIsKeptByTheFirstAndItsBackups() {
    List<UUID> members = members(5);
    Placement placement = new Placement(members, 2);
    int kept = 0;
    for (UUID member : members) {
      int shares = placement.shares(member).cardinality();
      assertTrue(shares > OnlineRows.SHARES * 3 / 10, "a member keeps " + shares);
      kept += shares;
    }
    assertEquals(3 * OnlineRows.SHARES, kept);
  }

  @Test
  void oneMemberKeepsAll() {
    Placement placement = new Placement(members(1), 3);
    assertEquals(OnlineRows.SHARES, placement.shares(members(1).getFirst()).cardinality());
  }

  @Test
  void whoStaysKeepsWhatItHadWhenAnotherGoes() {
    List<UUID> members = members(4);
    Placement before = new Placement(members, 1);
    Placement after = new Placement(members.subList(0, 3), 1);
    for (UUID member : members.subList(0, 3)) {
      BitSet lost = before.shares(member);
      lost.andNot(after.shares(member));
      assertTrue(lost.isEmpty(), member + " loses " + lost);
    }
  }
}
