package io.sluice.connectors.iceberg.s3;

import io.sluice.engine.EngineException;
import io.sluice.engine.ErrorCode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.apache.iceberg.CatalogProperties;
import org.apache.iceberg.aws.AwsClientProperties;
import org.apache.iceberg.aws.s3.S3FileIO;
import org.apache.iceberg.aws.s3.S3FileIOProperties;
import org.apache.iceberg.io.FileIO;
import org.apache.iceberg.io.InputFile;
import org.apache.iceberg.io.OutputFile;
import org.apache.iceberg.io.StorageCredential;
import org.apache.iceberg.io.SupportsBulkOperations;
import org.apache.iceberg.io.SupportsStorageCredentials;
import org.apache.iceberg.util.SerializableSupplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.s3.S3AsyncClient;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * The files of one table as it was loaded for one user. Each location is read and written with the
 * credentials that the catalog vended for it, and a location for which it vended none is refused,
 * whatever the process could reach itself. Safe for use by several threads.
 */
public final class VendedFileIO
    implements FileIO, SupportsBulkOperations, SupportsStorageCredentials {
  private static final long serialVersionUID = 1L;

  private static final List<String> KEYS =
      List.of(
          S3FileIOProperties.ACCESS_KEY_ID,
          S3FileIOProperties.SECRET_ACCESS_KEY,
          S3FileIOProperties.SESSION_TOKEN,
          S3FileIOProperties.SESSION_TOKEN_EXPIRES_AT_MS);

  private final transient S3Clients clients;
  private final transient Access access;
  private final transient Map<String, String> properties;
  private final transient Map<String, S3FileIO> byScope = new ConcurrentHashMap<>();
  private transient volatile @Nullable TableCredentials credentials;
  private transient volatile List<StorageCredential> vended = List.of();

  /** Whose credentials are used where the catalog vends none. */
  public enum Access {
    /** The catalog's own, where it was configured with keys; otherwise files are refused. */
    VENDED,
    /** The catalog's own or, where it has none, those of this process. */
    AMBIENT
  }

  /**
   * @param properties the catalog's, and over them those that came with the table
   */
  public VendedFileIO(S3Clients clients, Access access, Map<String, String> properties) {
    this.clients = clients;
    this.access = access;
    this.properties = Map.copyOf(properties);
  }

  @Override
  public void setCredentials(List<StorageCredential> storage) {
    vended = List.copyOf(storage);
    credentials = null;
  }

  @Override
  public List<StorageCredential> credentials() {
    return vended;
  }

  /** What came with the table, and for what locations. */
  private List<StorageScope> scopes() {
    List<StorageScope> scopes = new ArrayList<>(scopes(vended));
    if (scopes.isEmpty()) {
      StorageScope everywhere = new StorageScope("", keys(properties));
      if (everywhere.hasKeys()) {
        scopes.add(everywhere);
      }
    }
    return scopes;
  }

  private static Map<String, String> keys(Map<String, String> all) {
    Map<String, String> keys = new HashMap<>(all);
    keys.keySet().retainAll(KEYS);
    return keys;
  }

  /**
   * Where new credentials come from.
   *
   * @param endpoint gives credentials alone, or none where it cannot
   * @param again loads the table's files another time
   */
  public void renewBy(Supplier<List<StorageCredential>> endpoint, Supplier<VendedFileIO> again) {
    table()
        .renewBy(
            () -> {
              List<StorageScope> scopes = scopes(endpoint.get());
              return scopes.isEmpty() ? again.get().scopes() : scopes;
            });
  }

  private static List<StorageScope> scopes(List<StorageCredential> credentials) {
    return credentials.stream()
        .map(each -> new StorageScope(each.prefix(), each.config()))
        .filter(scope -> scope.prefix().startsWith("s3") && scope.hasKeys())
        .toList();
  }

  /** Where the catalog says that new credentials alone are to be had, or null. */
  public @Nullable String refreshEndpoint() {
    for (StorageScope scope : table().scopes()) {
      Map<String, String> all = new HashMap<>(properties);
      all.putAll(scope.config());
      String endpoint = all.get(AwsClientProperties.REFRESH_CREDENTIALS_ENDPOINT);
      boolean wanted =
          !"false".equalsIgnoreCase(all.get(AwsClientProperties.REFRESH_CREDENTIALS_ENABLED));
      if (endpoint != null && wanted) {
        return endpoint;
      }
    }
    return null;
  }

  private synchronized TableCredentials table() {
    TableCredentials known = credentials;
    if (known == null) {
      known = new TableCredentials(scopes());
      credentials = known;
    }
    return known;
  }

  @Override
  public Map<String, String> properties() {
    // manifests never change under one name; the library keeps a bounded number of their bytes for
    // each of these objects, so that no other user is given them
    return Map.of(CatalogProperties.IO_MANIFEST_CACHE_ENABLED, "true");
  }

  @Override
  public InputFile newInputFile(String location) {
    return files(location).newInputFile(StorageScope.plain(location));
  }

  @Override
  public InputFile newInputFile(String location, long length) {
    return files(location).newInputFile(StorageScope.plain(location), length);
  }

  @Override
  public OutputFile newOutputFile(String location) {
    return files(location).newOutputFile(location);
  }

  @Override
  public void deleteFile(String location) {
    files(location).deleteFile(location);
  }

  @Override
  public void deleteFiles(Iterable<String> locations) {
    Map<S3FileIO, List<String>> byOwner = new HashMap<>();
    for (String location : locations) {
      byOwner.computeIfAbsent(files(location), owner -> new ArrayList<>()).add(location);
    }
    byOwner.forEach(S3FileIO::deleteFiles);
  }

  private S3FileIO files(String written) {
    String location = StorageScope.plain(written);
    if (!location.startsWith("s3://")) {
      throw new EngineException(
          ErrorCode.UNSUPPORTED,
          "file " + written + " is not on S3, which is all that remote catalogs are read from");
    }
    Optional<StorageScope> scope = table().find(location);
    if (scope.isEmpty() && (access != Access.AMBIENT || !table().scopes().isEmpty())) {
      throw refused(written);
    }
    String place = scope.map(StorageScope::prefix).orElse("ambient");
    return byScope.computeIfAbsent(place, key -> open(scope, location));
  }

  private EngineException refused(String location) {
    List<StorageScope> scopes = table().scopes();
    return new EngineException(
        ErrorCode.PERMISSION_DENIED,
        scopes.isEmpty()
            ? "the catalog vended no credentials for "
                + location
                + " and has no keys of its own; let it vend them, or give the catalog"
                + " s3.access-key-id and s3.secret-access-key"
            : "file "
                + location
                + " lies outside of what the catalog vended credentials for: "
                + scopes);
  }

  private S3FileIO open(Optional<StorageScope> scope, String location) {
    Map<String, String> merged = new HashMap<>(properties);
    scope.ifPresent(each -> merged.putAll(each.config()));
    TableCredentials table = table();
    String place = scope.filter(s -> s.prefix().contains("://")).map(s -> s.prefix()).orElse("");
    String renewed = place.isEmpty() ? location : place;
    SerializableSupplier<S3Client> client =
        scope.isPresent()
            ? () -> clients.client(merged, table, renewed)
            : () -> clients.ambient(merged);
    S3FileIO files = new Files(client);
    Map<String, String> settings = new HashMap<>(merged);
    KEYS.forEach(settings::remove);
    settings.keySet().removeIf(key -> !key.startsWith("s3."));
    files.setCredentials(List.of(StorageCredential.create("s3", settings)));
    return files;
  }

  @Override
  public void close() {
    byScope.values().forEach(S3FileIO::close);
    byScope.clear();
  }

  /** Iceberg's, which this object closes or which is collected with it: there is nothing to say. */
  private static final class Files extends S3FileIO {
    private static final long serialVersionUID = 1L;

    Files(SerializableSupplier<S3Client> client) {
      super(client, Files::none);
    }

    private static S3AsyncClient none() {
      throw new UnsupportedOperationException("there are no asynchronous calls");
    }

    @SuppressWarnings({"deprecation", "removal", "Finalize"})
    @Override
    protected void finalize() {}
  }
}
