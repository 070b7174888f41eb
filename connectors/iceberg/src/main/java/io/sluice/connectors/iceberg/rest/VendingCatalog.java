package io.sluice.connectors.iceberg.rest;

import io.sluice.connectors.iceberg.s3.S3Clients;
import io.sluice.connectors.iceberg.s3.VendedFileIO;
import io.sluice.connectors.iceberg.s3.VendedFileIO.Access;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.iceberg.CatalogProperties;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Table;
import org.apache.iceberg.Transaction;
import org.apache.iceberg.catalog.SessionCatalog;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.exceptions.AlreadyExistsException;
import org.apache.iceberg.io.StorageCredential;
import org.apache.iceberg.rest.ErrorHandlers;
import org.apache.iceberg.rest.HTTPClient;
import org.apache.iceberg.rest.RESTCatalog;
import org.apache.iceberg.rest.RESTClient;
import org.apache.iceberg.rest.RESTSessionCatalog;
import org.apache.iceberg.rest.RESTUtil;
import org.apache.iceberg.rest.auth.AuthManager;
import org.apache.iceberg.rest.auth.AuthManagers;
import org.apache.iceberg.rest.auth.AuthSession;
import org.apache.iceberg.rest.responses.LoadCredentialsResponse;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Iceberg's REST catalog for one user, in which every load of a table has files of its own, with
 * the credentials that were vended for it and a way to have them renewed.
 */
final class VendingCatalog extends RESTCatalog {
  private static final Logger LOG = LoggerFactory.getLogger(VendingCatalog.class);

  private final S3Clients clients;
  private final Access access;
  private final List<AutoCloseable> closeables = new ArrayList<>();
  private String uri = "";
  private @Nullable RESTClient refresher;

  /** Still to be initialized. */
  VendingCatalog(S3Clients clients, Access access) {
    this.clients = clients;
    this.access = access;
    super(SessionCatalog.SessionContext.createEmpty(), VendingCatalog::http);
  }

  @Override
  public void initialize(String name, Map<String, String> config) {
    uri = config.getOrDefault(CatalogProperties.URI, "");
    super.initialize(name, config);
  }

  private static RESTClient http(Map<String, String> config) {
    return HTTPClient.builder(config)
        .uri(config.get("uri"))
        .withHeaders(RESTUtil.configHeaders(config))
        .build();
  }

  @Override
  protected RESTSessionCatalog newSessionCatalog(Function<Map<String, String>, RESTClient> http) {
    return new RESTSessionCatalog(
        http, (context, properties) -> new VendedFileIO(clients, access, properties));
  }

  @Override
  public Table loadTable(TableIdentifier id) {
    return renewed(super.loadTable(id), () -> super.loadTable(id));
  }

  private Table renewed(Table table, Supplier<Table> again) {
    if (table.io() instanceof VendedFileIO files) {
      String endpoint = files.refreshEndpoint();
      files.renewBy(() -> credentials(endpoint), () -> (VendedFileIO) again.get().io());
    }
    return table;
  }

  /** What the catalog's endpoint for credentials gives, or none where it cannot. */
  private List<StorageCredential> credentials(@Nullable String endpoint) {
    // an address elsewhere would be shown this user's token
    if (endpoint == null || (endpoint.contains("://") && !endpoint.startsWith(uri))) {
      return List.of();
    }
    try {
      LoadCredentialsResponse response =
          refresher()
              .get(
                  endpoint.startsWith("/") ? endpoint.substring(1) : endpoint,
                  LoadCredentialsResponse.class,
                  Map.of(),
                  ErrorHandlers.defaultErrorHandler());
      return response.credentials().stream()
          .map(each -> StorageCredential.create(each.prefix(), each.config()))
          .toList();
    } catch (RuntimeException e) {
      LOG.debug("the endpoint for credentials does not answer; the table is loaded anew", e);
      return List.of();
    }
  }

  private synchronized RESTClient refresher() {
    RESTClient known = refresher;
    if (known == null) {
      Map<String, String> config = properties();
      AuthManager manager = AuthManagers.loadAuthManager("credentials of " + name(), config);
      RESTClient plain = http(config);
      AuthSession session = manager.catalogSession(plain, config);
      closeables.add(session);
      closeables.add(manager);
      closeables.add(plain);
      known = plain.withAuthSession(session);
      refresher = known;
    }
    return known;
  }

  @Override
  public void close() throws IOException {
    List<AutoCloseable> all;
    synchronized (this) {
      all = List.copyOf(closeables);
      closeables.clear();
    }
    try {
      for (AutoCloseable each : all) {
        each.close();
      }
    } catch (Exception e) {
      LOG.debug("what renewed credentials is not closed cleanly", e);
    } finally {
      super.close();
    }
  }

  @Override
  public TableBuilder buildTable(TableIdentifier id, Schema schema) {
    TableBuilder builder = super.buildTable(id, schema);
    return new RenewingBuilder(
        builder,
        staged -> renewed(staged, () -> stagedOrLoaded(id, builder)),
        replaced -> renewed(replaced, () -> super.loadTable(id)));
  }

  /** A table that is being created can be staged anew, until it is there. */
  private Table stagedOrLoaded(TableIdentifier id, TableBuilder builder) {
    try {
      Transaction again = builder.createTransaction();
      return again.table();
    } catch (AlreadyExistsException there) {
      return super.loadTable(id);
    }
  }
}
