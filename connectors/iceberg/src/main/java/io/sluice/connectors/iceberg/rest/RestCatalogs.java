package io.sluice.connectors.iceberg.rest;

import io.sluice.connectors.iceberg.history.CommitArchive;
import io.sluice.connectors.iceberg.history.CommitDatabase;
import io.sluice.engine.EngineException;
import io.sluice.engine.ErrorCode;
import io.sluice.engine.connector.Catalog;
import io.sluice.engine.connector.CatalogRegistry;
import io.sluice.engine.connector.Catalogs;
import io.sluice.engine.connector.Principal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.arrow.memory.BufferAllocator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The REST catalogs of a server: those of its configuration, and those that statements have made,
 * which are kept in a folder of the lake. Safe for use by several threads.
 */
public final class RestCatalogs implements CatalogRegistry {
  private static final Logger LOG = LoggerFactory.getLogger(RestCatalogs.class);
  private static final String FOLDER = "catalogs";

  private final Catalogs catalogs;
  private final Path folder;
  private final CatalogFiles files;
  private final References.Policy policy;
  private final SharedParts shared;
  private final Map<String, Made> made = new ConcurrentHashMap<>();

  private enum Origin {
    CONFIGURATION,
    STATEMENT
  }

  private record Made(Description description, Origin origin) {}

  private RestCatalogs(
      Catalogs catalogs, Path folder, References.Policy policy, SharedParts shared) {
    this.catalogs = catalogs;
    this.folder = folder;
    this.files = new CatalogFiles(folder);
    this.policy = policy;
    this.shared = shared;
  }

  /**
   * Adds the catalogs to others. None of them is asked for anything yet.
   *
   * @param dataDir of the lake
   * @param configured properties by name
   * @param policy for references in statements; configuration may use any
   * @param allocator for footers while they are parsed; stays the caller's
   * @throws EngineException CONFIGURATION for a configured catalog that cannot be
   */
  public static void addTo(
      Catalogs catalogs,
      Path dataDir,
      Map<String, Map<String, String>> configured,
      References.Policy policy,
      BufferAllocator allocator) {
    Path folder = dataDir.toAbsolutePath().normalize().resolve(FOLDER);
    RestCatalogs all = new RestCatalogs(catalogs, folder, policy, SharedParts.with(allocator));
    try {
      configured.forEach(all::configure);
      all.files.all().forEach(all::restore);
    } catch (RuntimeException | Error failure) {
      all.close();
      throw failure;
    }
    catalogs.keepRegistry(all);
  }

  private void configure(String name, Map<String, String> properties) {
    try {
      add(name, properties, Origin.CONFIGURATION, new References.Policy.Any());
    } catch (EngineException e) {
      throw new EngineException(
          ErrorCode.CONFIGURATION, "catalogs." + name + ": " + e.getMessage(), e);
    }
  }

  private void restore(CatalogFiles.Kept kept) {
    try {
      // what may be used is asked when it is: the catalog is there and says what is wrong
      CatalogOptions options = CatalogOptions.of(kept.properties(), new References.Policy.Any());
      add(kept.name(), kept.properties(), options, Origin.STATEMENT, policy);
    } catch (EngineException e) {
      LOG.warn("catalog {} is left out: {}", kept.name(), e.getMessage());
    }
  }

  private void add(
      String name, Map<String, String> properties, Origin origin, References.Policy allowed) {
    add(name, properties, CatalogOptions.of(properties, allowed), origin, allowed);
  }

  private void add(
      String name,
      Map<String, String> properties,
      CatalogOptions options,
      Origin origin,
      References.Policy allowed) {
    RestCatalog catalog = new RestCatalog(name, properties, allowed, shared, archive(name));
    try {
      made.put(name, new Made(new Description("rest", options.uri().toString()), origin));
      catalogs.add(catalog);
    } catch (RuntimeException | Error failure) {
      made.remove(name);
      catalog.close();
      throw failure;
    }
  }

  /** Where commits of the catalog's tables stay known. */
  private CommitArchive archive(String name) {
    try {
      Files.createDirectories(folder);
    } catch (IOException e) {
      throw new EngineException(
          ErrorCode.STORAGE_ERROR, "folder " + folder + " cannot be made: " + e, e);
    }
    return CommitDatabase.open(folder.resolve(CatalogFiles.fileName(name) + ".commits.db"));
  }

  @Override
  public Optional<Description> describe(String catalog) {
    return Optional.ofNullable(made.get(catalog)).map(Made::description);
  }

  @Override
  public synchronized void create(
      Principal principal, String catalog, Map<String, String> properties) {
    if (catalogs.find(catalog).isPresent()) {
      throw new EngineException(ErrorCode.ALREADY_EXISTS, "catalog " + catalog + " already exists");
    }
    CatalogOptions.of(properties, policy);
    files.add(new CatalogFiles.Kept(catalog, properties));
    try {
      add(catalog, properties, Origin.STATEMENT, policy);
    } catch (RuntimeException | Error failure) {
      files.remove(catalog);
      throw failure;
    }
  }

  @Override
  public synchronized void drop(Principal principal, String catalog) {
    Made known = made.get(catalog);
    if (known == null) {
      throw new EngineException(
          ErrorCode.UNSUPPORTED, "catalog " + catalog + " is this server's own and stays");
    }
    if (known.origin() == Origin.CONFIGURATION) {
      throw new EngineException(
          ErrorCode.UNSUPPORTED,
          "catalog "
              + catalog
              + " is made by the server's configuration: remove catalogs."
              + catalog
              + ".* there");
    }
    files.remove(catalog);
    made.remove(catalog);
    catalogs.remove(catalog).ifPresent(Catalog::close);
  }

  @Override
  public void close() {
    shared.close();
  }
}
