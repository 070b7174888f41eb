package io.sluice.engine.batch;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sluice.engine.testing.AllocatorExtension;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(AllocatorExtension.class)
class StringCopyTest {
  private static final byte UNTOUCHED = -1;

  @Test
  void copiesEveryLengthAndNothingElse(BufferAllocator allocator) {
    for (int length = 0; length <= 70; length++) {
      for (int start = 0; start < 3; start++) {
        int position = 2 - start;
        // Buffers end where the strings do: bytes behind them must not even be read.
        try (ArrowBuf from = allocator.buffer(start + length).capacity(start + length);
            ArrowBuf to = allocator.buffer(position + length).capacity(position + length)) {
          for (int i = 0; i < start + length; i++) {
            from.setByte(i, i + 1);
          }
          for (int i = 0; i < position; i++) {
            to.setByte(i, UNTOUCHED);
          }
          StringCopy.copy(from, start, to, position, length);
          for (int i = 0; i < position + length; i++) {
            byte expected = i < position ? UNTOUCHED : (byte) (start + i - position + 1);
            assertEquals(expected, to.getByte(i), "byte " + i + " of " + length);
          }
        }
      }
    }
  }

  @Test
  void leavesTheBytesBehindAlone(BufferAllocator allocator) {
    try (ArrowBuf from = allocator.buffer(128);
        ArrowBuf to = allocator.buffer(128)) {
      from.setZero(0, 128);
      for (int length = 0; length <= 70; length++) {
        for (int i = 0; i < 128; i++) {
          to.setByte(i, UNTOUCHED);
        }
        StringCopy.copy(from, 0, to, 0, length);
        for (int i = 0; i < 128; i++) {
          assertEquals(i < length ? 0 : UNTOUCHED, to.getByte(i), "byte " + i + " of " + length);
        }
      }
    }
  }
}
