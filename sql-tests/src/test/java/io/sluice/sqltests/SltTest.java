package io.sluice.sqltests;

import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every .slt file in every mode. {@code -Dslt.only=PART} runs the files whose path contains PART;
 * {@code -Dslt.complete=true} writes the present answers into them instead of comparing.
 */
class SltTest {
  private static final Path ROOT = Path.of("src/test/resources/slt");

  static List<Path> files() throws IOException {
    String only = System.getProperty("slt.only", "");
    try (Stream<Path> paths = Files.walk(ROOT)) {
      return paths
          .filter(path -> path.toString().endsWith(".slt") && path.toString().contains(only))
          .sorted()
          .toList();
    }
  }

  static Stream<Arguments> cases() throws IOException {
    List<Mode> modes =
        Boolean.getBoolean("slt.complete") ? List.of(Mode.DEFAULT) : List.of(Mode.values());
    return files().stream().flatMap(file -> modes.stream().map(mode -> Arguments.of(file, mode)));
  }

  @ParameterizedTest(name = "{0} {1}")
  @MethodSource("cases")
  void answers(Path file, Mode mode, @TempDir Path dataDir) throws Exception {
    try (SltRunner runner = new SltRunner(mode, dataDir)) {
      if (Boolean.getBoolean("slt.complete")) {
        runner.complete(file);
      } else {
        runner.run(file);
      }
    }
  }

  @Test
  void thereAreFiles() throws IOException {
    assertFalse(files().isEmpty());
  }
}
