package io.sluice.engine.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.engine.batch.Cells;
import io.sluice.engine.batch.Vectors;
import io.sluice.engine.testing.AllocatorExtension;
import io.sluice.engine.type.SqlType;
import java.util.List;
import java.util.function.BiFunction;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.ipc.message.ArrowFieldNode;
import org.apache.arrow.vector.util.TransferPair;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Parts of one piece of memory live and die as buffers of their own would. */
@ExtendWith(AllocatorExtension.class)
class SlabTest {
  private static FieldVector longs(Slab slab, BufferAllocator allocator, long... values) {
    ArrowBuf validity = slab.take(1);
    ArrowBuf data = slab.take((long) values.length * Long.BYTES);
    validity.setByte(0, (1 << values.length) - 1);
    for (int i = 0; i < values.length; i++) {
      data.setLong((long) i * Long.BYTES, values[i]);
    }
    FieldVector vector = Vectors.create(SqlType.BIGINT, allocator);
    vector.loadFieldBuffers(new ArrowFieldNode(values.length, 0), List.of(validity, data));
    return vector;
  }

  private static void holds(FieldVector vector, long... values) {
    assertEquals(values.length, vector.getValueCount());
    for (int i = 0; i < values.length; i++) {
      assertEquals(values[i], Cells.get(vector, i));
    }
  }

  @Test
  void freedWithItsLastPart(BufferAllocator allocator) {
    FieldVector first;
    FieldVector second;
    try (Slab slab = new Slab(allocator, 64)) {
      first = longs(slab, allocator, 1, 2, 3);
      second = longs(slab, allocator, 4);
    }
    long held = allocator.getAllocatedMemory();
    assertTrue(held >= 48);
    holds(first, 1, 2, 3);
    first.close();
    assertEquals(held, allocator.getAllocatedMemory());
    FieldVector shared = Vectors.share(second, allocator);
    second.close();
    holds(shared, 4);
    shared.close();
    assertEquals(0, allocator.getAllocatedMemory());
  }

  @Test
  void anotherAllocatorSharesIt(BufferAllocator root) {
    outlivesItsAllocator(root, Vectors::share);
  }

  @Test
  void anotherAllocatorTakesItOver(BufferAllocator root) {
    outlivesItsAllocator(
        root,
        (vector, client) -> {
          TransferPair pair = vector.getTransferPair(client);
          pair.transfer();
          assertEquals(0, vector.getValueCount());
          return (FieldVector) pair.getTo();
        });
  }

  private static void outlivesItsAllocator(
      BufferAllocator root, BiFunction<FieldVector, BufferAllocator, FieldVector> handOver) {
    BufferAllocator query = root.newChildAllocator("query", 0, Long.MAX_VALUE);
    try (BufferAllocator client = root.newChildAllocator("client", 0, Long.MAX_VALUE)) {
      FieldVector ofClient;
      try (Slab slab = new Slab(query, 32);
          FieldVector ofQuery = longs(slab, query, 7, 8)) {
        ofClient = handOver.apply(ofQuery, client);
        holds(ofClient, 7, 8);
      }
      // all of it belongs to the one that is left
      query.close();
      holds(ofClient, 7, 8);
      assertTrue(client.getAllocatedMemory() > 0);
      ofClient.close();
      assertEquals(0, client.getAllocatedMemory());
    }
  }

  @Test
  void noMoreThanItsRoom(BufferAllocator allocator) {
    try (Slab slab = new Slab(allocator, Slab.rounded(9))) {
      assertEquals(16, slab.take(9).capacity());
      assertThrows(AssertionError.class, () -> slab.take(1 << 20));
    }
    assertEquals(0, allocator.getAllocatedMemory());
  }
}
