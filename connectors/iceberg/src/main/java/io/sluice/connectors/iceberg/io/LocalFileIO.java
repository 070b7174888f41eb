package io.sluice.connectors.iceberg.io;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.iceberg.CatalogProperties;
import org.apache.iceberg.exceptions.ValidationException;
import org.apache.iceberg.io.FileIO;
import org.apache.iceberg.io.InputFile;
import org.apache.iceberg.io.OutputFile;

/**
 * The local file system. Locations are absolute paths, with or without {@code file:} before them;
 * nothing in them is percent-decoded. A file appears under its name only when it is complete and on
 * disk.
 */
public final class LocalFileIO implements FileIO {
  private static final long serialVersionUID = 1L;

  /** Used by catalogs, which create it by name. */
  public LocalFileIO() {}

  @Override
  public void initialize(Map<String, String> properties) {}

  @Override
  public Map<String, String> properties() {
    // manifests never change under one name; the library keeps a bounded number of their bytes
    return Map.of(CatalogProperties.IO_MANIFEST_CACHE_ENABLED, "true");
  }

  @Override
  public InputFile newInputFile(String location) {
    return new LocalInputFile(location, path(location));
  }

  @Override
  public OutputFile newOutputFile(String location) {
    return new LocalOutputFile(location, path(location));
  }

  /** Deletes a file; one that is not there counts as deleted. */
  @Override
  public void deleteFile(String location) {
    try {
      Files.deleteIfExists(path(location));
    } catch (IOException e) {
      throw new UncheckedIOException("file " + location + " cannot be deleted", e);
    }
  }

  /** Deletes the folders below and at a location that hold no file. */
  public void deleteEmptyFolders(String location) {
    Path root = path(location);
    if (!Files.isDirectory(root)) {
      return;
    }
    try (Stream<Path> walk = Files.walk(root)) {
      List<Path> deepestFirst =
          walk.filter(Files::isDirectory).sorted(Comparator.reverseOrder()).toList();
      for (Path folder : deepestFirst) {
        deleteIfEmpty(folder);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("folder " + location + " cannot be cleaned", e);
    }
  }

  /** Deletes everything at a location. */
  public void deleteFolder(String location) {
    Path root = path(location);
    if (!Files.isDirectory(root)) {
      return;
    }
    try (Stream<Path> walk = Files.walk(root)) {
      for (Path path : walk.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(path);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("folder " + location + " cannot be deleted", e);
    }
  }

  private static void deleteIfEmpty(Path folder) throws IOException {
    try {
      Files.deleteIfExists(folder);
    } catch (DirectoryNotEmptyException e) {
      // stays: it holds what is not ours
    }
  }

  @Override
  public void close() {}

  /**
   * The path that a location stands for.
   *
   * @throws ValidationException where it is of another file system
   */
  public static Path path(String location) {
    String plain = location;
    if (location.startsWith("file:")) {
      plain = location.substring("file:".length());
      if (plain.startsWith("//")) {
        int slash = plain.indexOf('/', 2);
        plain = slash < 0 ? "/" : plain.substring(slash);
      }
    } else if (location.matches("[A-Za-z][A-Za-z0-9+.-]+:/.*")) {
      throw new ValidationException("%s is not on the local file system", location);
    }
    try {
      return Path.of(plain);
    } catch (InvalidPathException e) {
      throw new ValidationException(e, "%s is not a path", location);
    }
  }
}
