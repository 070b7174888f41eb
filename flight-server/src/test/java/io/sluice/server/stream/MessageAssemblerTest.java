package io.sluice.server.stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.engine.batch.Batch;
import io.sluice.engine.batch.Cells;
import io.sluice.engine.batch.Column;
import io.sluice.engine.batch.ConstantColumn;
import io.sluice.engine.batch.DictionaryColumn;
import io.sluice.engine.batch.FlatColumn;
import io.sluice.engine.batch.Selection;
import io.sluice.engine.batch.SharedDictionary;
import io.sluice.engine.testing.AllocatorExtension;
import io.sluice.engine.testing.Batches;
import io.sluice.engine.type.SqlType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.IntVector;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(AllocatorExtension.class)
class MessageAssemblerTest {
  private static final List<SqlType> TYPES =
      List.of(
          SqlType.BIGINT,
          SqlType.BOOLEAN,
          SqlType.VARCHAR,
          SqlType.VARCHAR,
          new SqlType.Array(SqlType.INTEGER),
          SqlType.DOUBLE);

  @Test
  void rowsOfAnyFormComeOutPlainAndInOrder(BufferAllocator memory) {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    List<List<@Nullable Object>> expected = new ArrayList<>();
    List<List<@Nullable Object>> sent = new ArrayList<>();
    try (MessageAssembler assembler = new MessageAssembler(memory)) {
      for (int i = 0; i < 60; i++) {
        Batch batch = batch(random, random.nextInt(300), memory);
        expected.addAll(Batches.rows(batch));
        assembler.add(batch);
        if (random.nextInt(5) == 0) {
          assembler.flush();
        }
        collect(assembler, sent);
      }
      assembler.flush();
      collect(assembler, sent);
    }
    assertEquals(expected, sent, "seed " + seed);
  }

  @Test
  void largeBatchesAreCutAndSmallOnesJoined(BufferAllocator memory) {
    byte[] wide = new byte[100_000];
    Arrays.fill(wide, (byte) 'x');
    List<List<?>> rows = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      rows.add(List.of((long) i, wide));
    }
    try (MessageAssembler assembler = new MessageAssembler(memory)) {
      assembler.add(Batches.of(memory, List.of(SqlType.BIGINT, SqlType.VARBINARY), rows));
      int messages = 0;
      long next = 0;
      for (PlainColumns m = assembler.poll(); m != null; m = assembler.poll()) {
        try (PlainColumns message = m) {
          assertTrue(message.bytes() <= MessageAssembler.MAX_BYTES, message.bytes() + " bytes");
          for (int i = 0; i < message.rows(); i++) {
            assertEquals(next++, Cells.get(message.vectors().get(0), i));
          }
          messages++;
        }
      }
      assertEquals(300, next);
      assertTrue(messages >= 4, messages + " messages");

      for (int i = 0; i < 100; i++) {
        assembler.add(Batches.of(memory, List.of(SqlType.BIGINT), List.of(List.of((long) i))));
      }
      assertEquals(null, assembler.poll());
      assembler.flush();
      try (PlainColumns joined = java.util.Objects.requireNonNull(assembler.poll())) {
        assertEquals(100, joined.rows());
      }
    }
  }

  private static void collect(MessageAssembler from, List<List<@Nullable Object>> to) {
    for (PlainColumns message = from.poll(); message != null; message = from.poll()) {
      List<Column> columns = new ArrayList<>();
      for (int i = 0; i < TYPES.size(); i++) {
        columns.add(new FlatColumn(TYPES.get(i), message.vectors().get(i)));
      }
      try (Batch batch = new Batch(columns, message.rows())) {
        to.addAll(Batches.rows(batch));
      }
    }
  }

  private static Batch batch(Random random, int rows, BufferAllocator memory) {
    List<@Nullable Object> longs = new ArrayList<>();
    List<@Nullable Object> flags = new ArrayList<>();
    List<@Nullable Object> texts = new ArrayList<>();
    List<@Nullable Object> lists = new ArrayList<>();
    for (int i = 0; i < rows; i++) {
      longs.add(random.nextInt(4) == 0 ? null : random.nextLong());
      flags.add(random.nextInt(4) == 0 ? null : random.nextBoolean());
      texts.add(random.nextInt(4) == 0 ? null : "t" + random.nextInt(1000));
      lists.add(random.nextInt(4) == 0 ? null : Arrays.asList((long) random.nextInt(9), null));
    }
    List<Column> columns = new ArrayList<>();
    columns.add(new FlatColumn(TYPES.get(0), Cells.vector(TYPES.get(0), longs, memory)));
    columns.add(new FlatColumn(TYPES.get(1), Cells.vector(TYPES.get(1), flags, memory)));
    columns.add(new FlatColumn(TYPES.get(2), Cells.vector(TYPES.get(2), texts, memory)));
    columns.add(dictionary(random, rows, memory));
    columns.add(new FlatColumn(TYPES.get(4), Cells.vector(TYPES.get(4), lists, memory)));
    columns.add(
        new ConstantColumn(
            TYPES.get(5),
            Cells.vector(TYPES.get(5), Arrays.asList(random.nextBoolean() ? null : 1.5), memory),
            rows));
    if (rows == 0 || random.nextBoolean()) {
      return new Batch(columns, rows);
    }
    ArrowBuf selected = memory.buffer(4L * rows);
    int count = 0;
    for (int i = 0; i < rows; i++) {
      if (random.nextBoolean()) {
        selected.setInt(4L * count++, i);
      }
    }
    return new Batch(columns, rows, new Selection(selected, count));
  }

  private static Column dictionary(Random random, int rows, BufferAllocator memory) {
    FieldVector values = Cells.vector(SqlType.VARCHAR, List.of("a", "bb", "ccc"), memory);
    IntVector indices = new IntVector("", memory);
    indices.allocateNew(Math.max(1, rows));
    for (int i = 0; i < rows; i++) {
      if (random.nextInt(4) == 0) {
        indices.setNull(i);
      } else {
        indices.set(i, random.nextInt(3));
      }
    }
    indices.setValueCount(rows);
    return new DictionaryColumn(indices, new SharedDictionary(SqlType.VARCHAR, values));
  }
}
