package io.sluice.connectors.iceberg.register;

import io.sluice.engine.EngineException;
import io.sluice.engine.ErrorCode;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** The files that a path, a folder or a glob stands for. */
final class FileSet {
  private static final String SUFFIX = ".parquet";

  private FileSet() {}

  /**
   * Absolute paths in order.
   *
   * @throws EngineException STORAGE_ERROR where there is no such file
   */
  static List<Path> of(Path location) {
    Path absolute = location.toAbsolutePath().normalize();
    try {
      if (Files.isRegularFile(absolute)) {
        return List.of(absolute);
      }
      if (Files.isDirectory(absolute)) {
        return found(
            walk(absolute, path -> path.getFileName().toString().endsWith(SUFFIX)),
            "folder " + absolute + " has no file that ends with " + SUFFIX);
      }
      Path base = absolute;
      while (base != null && isPattern(base)) {
        base = base.getParent();
      }
      if (base == null || base.equals(absolute) || !Files.isDirectory(base)) {
        throw new EngineException(ErrorCode.STORAGE_ERROR, "file " + absolute + " does not exist");
      }
      PathMatcher matcher = FileSystems.getDefault().getPathMatcher("glob:" + absolute);
      return found(walk(base, matcher::matches), "no file matches " + absolute);
    } catch (IOException e) {
      throw new EngineException(
          ErrorCode.STORAGE_ERROR, "files of " + absolute + " cannot be listed: " + e, e);
    }
  }

  private static boolean isPattern(Path path) {
    return path.toString().chars().anyMatch(c -> "*?[{".indexOf(c) >= 0);
  }

  private static List<Path> walk(Path root, Predicate<Path> wanted) throws IOException {
    try (Stream<Path> walk = Files.walk(root)) {
      return walk.filter(Files::isRegularFile).filter(wanted).sorted().toList();
    }
  }

  private static List<Path> found(List<Path> files, String otherwise) {
    if (files.isEmpty()) {
      throw new EngineException(ErrorCode.STORAGE_ERROR, otherwise);
    }
    return files;
  }
}
