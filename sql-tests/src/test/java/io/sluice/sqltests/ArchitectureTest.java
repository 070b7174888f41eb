package io.sluice.sqltests;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The classes that ARCHITECTURE.md names exist. */
class ArchitectureTest {
  private static final Path ROOT = Path.of("..");
  private static final Pattern NAME = Pattern.compile("`([A-Z][A-Za-z]+)(\\.[a-z]\\w*)?`");

  @Test
  void namedClassesExist() throws IOException {
    Set<String> classes;
    try (Stream<Path> files = Files.walk(ROOT)) {
      classes =
          files
              .map(path -> path.getFileName().toString())
              .filter(name -> name.endsWith(".java"))
              .map(name -> name.substring(0, name.length() - ".java".length()))
              .collect(Collectors.toSet());
    }
    Set<String> missing = new TreeSet<>();
    Matcher names = NAME.matcher(Files.readString(ROOT.resolve("ARCHITECTURE.md")));
    int found = 0;
    while (names.find()) {
      found++;
      if (!classes.contains(names.group(1))) {
        missing.add(names.group(1));
      }
    }
    assertTrue(missing.isEmpty(), "no such classes: " + missing);
    assertTrue(found > 10, "ARCHITECTURE.md names " + found + " classes");
  }
}
