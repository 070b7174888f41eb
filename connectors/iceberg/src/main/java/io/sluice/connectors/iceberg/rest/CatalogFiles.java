package io.sluice.connectors.iceberg.rest;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sluice.engine.EngineException;
import io.sluice.engine.ErrorCode;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Catalogs that statements have made, one file each: names, properties and no secret. */
final class CatalogFiles {
  private static final Logger LOG = LoggerFactory.getLogger(CatalogFiles.class);
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String SUFFIX = ".json";

  private final Path folder;

  CatalogFiles(Path folder) {
    this.folder = folder;
  }

  /** A catalog as it was made. */
  record Kept(String name, Map<String, String> properties) {
    Kept {
      properties = Map.copyOf(properties);
    }
  }

  private Path file(String catalog) {
    return folder.resolve(fileName(catalog) + SUFFIX);
  }

  /** The catalog's name as that of a file, which leads nowhere else. */
  static String fileName(String catalog) {
    return URLEncoder.encode(catalog, StandardCharsets.UTF_8)
        .replace("*", "%2A")
        .replace(".", "%2E");
  }

  /** All; one that cannot be read is left out, and the log says so. */
  List<Kept> all() {
    List<Kept> all = new ArrayList<>();
    if (!Files.isDirectory(folder)) {
      return all;
    }
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.filter(each -> each.toString().endsWith(SUFFIX)).sorted().toList()) {
        try {
          all.add(read(file));
        } catch (IOException | RuntimeException e) {
          LOG.warn("catalog of file {} is left out: {}", file, e.toString());
        }
      }
    } catch (IOException e) {
      throw failure("read", e);
    }
    return all;
  }

  private static Kept read(Path file) throws IOException {
    JsonNode root = JSON.readTree(file.toFile());
    Map<String, String> properties = new TreeMap<>();
    root.path("properties")
        .properties()
        .forEach(each -> properties.put(each.getKey(), each.getValue().asText()));
    if (!root.path("name").isTextual()) {
      throw new IOException("it has no name");
    }
    return new Kept(root.path("name").asText(), properties);
  }

  /**
   * Keeps a catalog.
   *
   * @throws EngineException ALREADY_EXISTS where another server on this lake has made it
   */
  void add(Kept catalog) {
    ObjectNode root = JSON.createObjectNode();
    root.put("name", catalog.name());
    ObjectNode properties = root.putObject("properties");
    new TreeMap<>(catalog.properties()).forEach(properties::put);
    Path file = file(catalog.name());
    Path partial = null;
    try {
      Files.createDirectories(folder);
      partial = Files.createTempFile(folder, "new-", ".partial");
      Files.write(partial, JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(root));
      // complete from its first moment, and never over another one
      Files.createLink(file, partial);
    } catch (FileAlreadyExistsException e) {
      throw new EngineException(
          ErrorCode.ALREADY_EXISTS,
          "catalog " + catalog.name() + " already exists: another server on this lake has made it",
          e);
    } catch (JsonProcessingException e) {
      throw new AssertionError(e);
    } catch (IOException e) {
      throw failure("written", e);
    } finally {
      delete(partial);
    }
  }

  private static void delete(@org.jspecify.annotations.Nullable Path partial) {
    if (partial != null) {
      try {
        Files.deleteIfExists(partial);
      } catch (IOException e) {
        LOG.debug("file {} stays behind", partial, e);
      }
    }
  }

  void remove(String catalog) {
    try {
      Files.delete(file(catalog));
    } catch (NoSuchFileException gone) {
      LOG.debug("catalog {} was dropped by another server, too", catalog);
    } catch (IOException e) {
      throw failure("deleted", e);
    }
  }

  private EngineException failure(String what, IOException e) {
    return new EngineException(
        ErrorCode.STORAGE_ERROR,
        "catalogs in folder " + folder + " cannot be " + what + ": " + e,
        e);
  }
}
