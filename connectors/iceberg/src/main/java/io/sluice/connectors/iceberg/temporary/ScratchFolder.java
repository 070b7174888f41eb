package io.sluice.connectors.iceberg.temporary;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A folder of this process alone, removed when closed. A file lock beside it, which the operating
 * system releases however the process ends, says that it is in use; folders whose lock is free are
 * left from processes that were killed.
 */
final class ScratchFolder implements AutoCloseable {
  private static final String LOCK = ".lock";

  private final Path folder;
  private final Path lock;
  private final FileChannel held;

  private ScratchFolder(Path folder, Path lock, FileChannel held) {
    this.folder = folder;
    this.lock = lock;
    this.held = held;
  }

  /** A new folder below {@code parent}, which is made where it is missing. */
  static ScratchFolder claim(Path parent) {
    try {
      Files.createDirectories(parent);
      while (true) {
        String name = UUID.randomUUID().toString();
        Path lock = parent.resolve(name + LOCK);
        FileChannel channel =
            FileChannel.open(lock, StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW);
        // Another process may have taken it for a stale one before it was locked.
        if (locked(channel) && Files.exists(lock)) {
          return new ScratchFolder(Files.createDirectory(parent.resolve(name)), lock, channel);
        }
        channel.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException("no folder for temporary tables in " + parent, e);
    }
  }

  /** Removes what processes that no longer live have left below {@code parent}. */
  static void removeStale(Path parent) {
    if (!Files.isDirectory(parent)) {
      return;
    }
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(parent)) {
      for (Path entry : entries) {
        String name = String.valueOf(entry.getFileName());
        if (name.endsWith(LOCK)) {
          String folder = name.substring(0, name.length() - LOCK.length());
          removeIfFree(entry, parent.resolve(folder));
        } else if (!Files.exists(parent.resolve(name + LOCK))) {
          // The lock is made before the folder and removed after it.
          removeAll(entry);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException("temporary tables in " + parent + " cannot be removed", e);
    }
  }

  private static void removeIfFree(Path lock, Path folder) throws IOException {
    try (FileChannel channel = FileChannel.open(lock, StandardOpenOption.WRITE)) {
      if (locked(channel)) {
        removeAll(folder);
        Files.deleteIfExists(lock);
      }
    } catch (NoSuchFileException e) {
      // Another process is removing it, too.
      assert e.getFile() != null;
    }
  }

  private static boolean locked(FileChannel channel) throws IOException {
    try {
      return channel.tryLock() != null;
    } catch (OverlappingFileLockException e) {
      // Another server in this process has it.
      return false;
    }
  }

  Path path() {
    return folder;
  }

  @Override
  public void close() {
    try (held) {
      removeAll(folder);
      Files.deleteIfExists(lock);
    } catch (IOException e) {
      throw new UncheckedIOException("temporary tables in " + folder + " cannot be removed", e);
    }
  }

  /** Removes a folder and what is in it; one that is not there counts as removed. */
  static void removeAll(Path folder) {
    try {
      Files.walkFileTree(
          folder,
          new SimpleFileVisitor<Path>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
                throws IOException {
              Files.deleteIfExists(file);
              return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException failure)
                throws IOException {
              if (failure instanceof NoSuchFileException) {
                return FileVisitResult.CONTINUE;
              }
              throw failure;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException failure)
                throws IOException {
              if (failure != null) {
                throw failure;
              }
              Files.deleteIfExists(directory);
              return FileVisitResult.CONTINUE;
            }
          });
    } catch (IOException e) {
      throw new UncheckedIOException("folder " + folder + " cannot be removed", e);
    }
  }
}
