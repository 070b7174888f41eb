package io.sluice.connectors.iceberg;

import io.sluice.connectors.iceberg.io.LocalFileIO;
import java.util.Map;
import org.apache.iceberg.io.FileIO;
import org.apache.iceberg.io.InputFile;
import org.apache.iceberg.io.OutputFile;

/**
 * Deletes only what lies within a folder: a table may refer to files that its owner keeps
 * elsewhere, which dropping it must not take away.
 */
final class FilesWithin implements FileIO {
  private static final long serialVersionUID = 1L;

  private final LocalFileIO io;
  private final String folder;

  FilesWithin(LocalFileIO io, String folder) {
    this.io = io;
    this.folder = folder;
  }

  @Override
  public InputFile newInputFile(String location) {
    return io.newInputFile(location);
  }

  @Override
  public OutputFile newOutputFile(String location) {
    return io.newOutputFile(location);
  }

  @Override
  public void deleteFile(String location) {
    if (LocalFileIO.path(location).normalize().startsWith(LocalFileIO.path(folder).normalize())) {
      io.deleteFile(location);
    }
  }

  @Override
  public Map<String, String> properties() {
    return io.properties();
  }

  @Override
  public void close() {}
}
