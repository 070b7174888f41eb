package io.sluice.connectors.iceberg;

import static io.sluice.connectors.iceberg.Lake.ANYONE;
import static io.sluice.connectors.iceberg.Lake.column;
import static io.sluice.connectors.iceberg.Lake.row;
import static io.sluice.connectors.iceberg.Lake.table;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.engine.connector.TableDefinition;
import io.sluice.engine.connector.WriteMode;
import io.sluice.engine.testing.AllocatorExtension;
import io.sluice.engine.type.SqlType;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What takes another process: being killed, writing at the same time, a class path of its own. */
@ExtendWith(AllocatorExtension.class)
class ProcessTest {
  private static final TableDefinition T =
      table(column("n", SqlType.BIGINT), column("s", SqlType.VARCHAR));
  private static final int ROWS = 2_000;

  /** Creates tables, appends to one and replaces another, until it is done or killed. */
  public static void main(String[] args) {
    Path folder = Path.of(args[0]);
    String run = args[1];
    int rounds = Integer.parseInt(args[2]);
    try (BufferAllocator allocator = new RootAllocator();
        Lake lake = new Lake(folder, allocator)) {
      for (long round = 0; round < rounds; round++) {
        List<List<@Nullable Object>> rows = new ArrayList<>();
        for (int i = 0; i < ROWS; i++) {
          rows.add(row(round, run));
        }
        lake.write("created_" + run + "_" + round, T, WriteMode.CREATE, rows);
        lake.write("appended", T, WriteMode.CREATE_OR_APPEND, rows);
        lake.write("replaced", T, WriteMode.REPLACE, rows);
        lake.read("appended");
      }
    }
  }

  private static Process start(Path folder, String run, int rounds, String... flags)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    for (String flag : ManagementFactory.getRuntimeMXBean().getInputArguments()) {
      if (flag.startsWith("--")) {
        command.add(flag);
      }
    }
    command.addAll(List.of(flags));
    command.addAll(
        List.of(
            "-cp",
            System.getProperty("java.class.path"),
            ProcessTest.class.getName(),
            folder.toString(),
            run,
            Integer.toString(rounds)));
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(folder.resolve("output-" + run).toFile())
        .start();
  }

  @Test
  void hadoopStaysOut(@TempDir Path folder) throws Exception {
    Path log = folder.resolve("classes");
    Process process = start(folder, "a", 1, "-Xlog:class+load=info:file=" + log);
    assertTrue(process.waitFor(60, TimeUnit.SECONDS));
    assertEquals(0, process.exitValue(), Files.readString(folder.resolve("output-a")));
    String loaded = Files.readString(log);
    assertTrue(loaded.contains("io.sluice.connectors.iceberg.scan.IcebergScan"));
    for (String name :
        List.of("security.UserGroupInformation", "fs.FileSystem", "conf.Configuration ")) {
      assertTrue(!loaded.contains("org.apache.hadoop." + name), name);
    }
  }

  @Test
  void killedAtAnyMomentAllOrNothingIsThere(BufferAllocator allocator, @TempDir Path folder)
      throws Exception {
    long seed = System.nanoTime();
    System.out.println("ProcessTest seed " + seed);
    Random random = new Random(seed);
    for (int run = 0; run < 4; run++) {
      Process process = start(folder, "r" + run, 1000);
      process.waitFor(1500 + random.nextInt(1500), TimeUnit.MILLISECONDS);
      process.destroyForcibly().waitFor();
      check(folder, allocator);
    }
  }

  private static void check(Path folder, BufferAllocator allocator) {
    try (Lake lake = new Lake(folder, allocator)) {
      for (var entry : lake.catalog.relations(ANYONE, "main")) {
        Map<List<@Nullable Object>, Integer> counts = new HashMap<>();
        lake.read(entry.name()).forEach(row -> counts.merge(row, 1, Integer::sum));
        counts.forEach((row, count) -> assertEquals(ROWS, count, entry.name() + row));
        if (!entry.name().equals("appended")) {
          assertEquals(1, counts.size(), entry.name());
        }
      }
    }
  }

  @Test
  void twoProcessesShareALake(BufferAllocator allocator, @TempDir Path folder) throws Exception {
    int rounds = 5;
    Process first = start(folder, "x", rounds);
    Process second = start(folder, "y", rounds);
    assertTrue(first.waitFor(120, TimeUnit.SECONDS));
    assertTrue(second.waitFor(120, TimeUnit.SECONDS));
    assertEquals(0, first.exitValue(), Files.readString(folder.resolve("output-x")));
    assertEquals(0, second.exitValue(), Files.readString(folder.resolve("output-y")));
    check(folder, allocator);
    try (Lake lake = new Lake(folder, allocator)) {
      assertEquals(2 * rounds * ROWS, lake.read("appended").size());
    }
  }
}
