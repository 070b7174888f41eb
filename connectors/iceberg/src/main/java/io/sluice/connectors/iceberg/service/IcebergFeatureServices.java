package io.sluice.connectors.iceberg.service;

import io.sluice.connectors.iceberg.Locations;
import io.sluice.connectors.iceberg.io.Failures;
import io.sluice.engine.EngineException;
import io.sluice.engine.ErrorCode;
import io.sluice.engine.connector.FeatureServiceStore;
import io.sluice.engine.connector.TableName;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.iceberg.Schema;
import org.apache.iceberg.catalog.Catalog;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.catalog.SupportsNamespaces;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.catalog.ViewCatalog;
import org.apache.iceberg.exceptions.AlreadyExistsException;
import org.apache.iceberg.exceptions.NoSuchViewException;
import org.apache.iceberg.types.Types;
import org.apache.iceberg.view.View;
import org.apache.iceberg.view.ViewBuilder;
import org.jspecify.annotations.Nullable;

/**
 * A view for each service, in a namespace that nobody else uses; a property is the definition. A
 * view is what a catalog replaces in one atomic step.
 */
public final class IcebergFeatureServices implements FeatureServiceStore {
  /** The namespace of the views; not shown to users. */
  public static final String NAMESPACE = "_sluice_services";

  private static final Namespace RESERVED = Namespace.of(NAMESPACE);
  private static final String RECORD = "sluice.service.record";
  private static final String DIALECT = "sluice-service";
  private static final Schema SCHEMA =
      new Schema(Types.NestedField.optional(1, "service", Types.StringType.get()));

  private final String catalogName;
  private final @Nullable ViewCatalog catalog;
  private final SupportsNamespaces namespaces;
  private final Locations locations;

  public IcebergFeatureServices(
      String catalogName, Catalog catalog, SupportsNamespaces namespaces, Locations locations) {
    this.catalogName = catalogName;
    this.catalog = catalog instanceof ViewCatalog views ? views : null;
    this.namespaces = namespaces;
    this.locations = locations;
  }

  private static <T> T translated(java.util.function.Supplier<T> action) {
    return Failures.translated("feature services", action);
  }

  @Override
  public List<StoredService> list() {
    ViewCatalog views = catalog;
    return translated(
        () -> {
          if (views == null || !namespaces.namespaceExists(RESERVED)) {
            return List.of();
          }
          List<StoredService> found = new ArrayList<>();
          for (TableIdentifier id : views.listViews(RESERVED)) {
            String name = URLDecoder.decode(id.name(), StandardCharsets.UTF_8);
            read(name).ifPresent(found::add);
          }
          found.sort(Comparator.comparing(StoredService::name));
          return List.copyOf(found);
        });
  }

  @Override
  public Optional<StoredService> find(String name) {
    return translated(() -> read(name));
  }

  private Optional<StoredService> read(String name) {
    if (catalog == null) {
      return Optional.empty();
    }
    try {
      View view = catalog.loadView(id(name));
      return Optional.ofNullable(view.properties().get(RECORD))
          .map(record -> new StoredService(name, record));
    } catch (NoSuchViewException e) {
      return Optional.empty();
    }
  }

  private static TableIdentifier id(String name) {
    return TableIdentifier.of(RESERVED, URLEncoder.encode(name, StandardCharsets.UTF_8));
  }

  @Override
  public void put(StoredService service, boolean replace) {
    ViewCatalog views = catalog;
    if (views == null) {
      throw new EngineException(
          ErrorCode.UNSUPPORTED,
          "catalog " + catalogName + " keeps no views, and so no feature services");
    }
    translated(
        () -> {
          makeNamespace();
          write(views, service, replace);
          return true;
        });
  }

  private void makeNamespace() {
    try {
      if (!namespaces.namespaceExists(RESERVED)) {
        namespaces.createNamespace(RESERVED, Map.of());
      }
    } catch (RuntimeException failure) {
      // another server may have made it at the same time
      if (!namespaces.namespaceExists(RESERVED)) {
        throw failure;
      }
    }
  }

  private void write(ViewCatalog views, StoredService service, boolean replace) {
    TableIdentifier id = id(service.name());
    ViewBuilder builder =
        views
            .buildView(id)
            .withSchema(SCHEMA)
            .withQuery(DIALECT, service.record())
            .withDefaultNamespace(RESERVED)
            .withProperty(RECORD, service.record());
    String location = locations.of(new TableName(catalogName, NAMESPACE, id.name()));
    if (location != null) {
      builder = builder.withLocation(location);
    }
    try {
      if (replace) {
        builder.createOrReplace();
      } else {
        builder.create();
      }
    } catch (AlreadyExistsException taken) {
      throw new EngineException(
          ErrorCode.ALREADY_EXISTS,
          "feature service "
              + service.name()
              + " already exists; CREATE OR REPLACE FEATURE SERVICE replaces it",
          taken);
    }
  }

  @Override
  public boolean drop(String name) {
    ViewCatalog views = catalog;
    return translated(() -> views != null && views.dropView(id(name)));
  }
}
