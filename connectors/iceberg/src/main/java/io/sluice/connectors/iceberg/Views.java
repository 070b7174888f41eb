package io.sluice.connectors.iceberg;

import io.sluice.connectors.iceberg.schema.Declarations;
import io.sluice.connectors.iceberg.schema.Declarations.NewSchema;
import io.sluice.connectors.iceberg.schema.DeclaredTypes;
import io.sluice.engine.EngineException;
import io.sluice.engine.ErrorCode;
import io.sluice.engine.connector.ColumnDefinition;
import io.sluice.engine.connector.Relation;
import io.sluice.engine.connector.RelationEntry;
import io.sluice.engine.connector.TableName;
import io.sluice.engine.connector.ViewDefinition;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.iceberg.catalog.Catalog;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.catalog.ViewCatalog;
import org.apache.iceberg.exceptions.BadRequestException;
import org.apache.iceberg.exceptions.NoSuchViewException;
import org.apache.iceberg.view.SQLViewRepresentation;
import org.apache.iceberg.view.UpdateViewProperties;
import org.apache.iceberg.view.View;
import org.apache.iceberg.view.ViewBuilder;
import org.jspecify.annotations.Nullable;

/** Iceberg views whose SQL is Sluice's. */
final class Views {
  static final String DIALECT = "sluice";

  private final String catalogName;
  private final @Nullable ViewCatalog catalog;
  private final Locations locations;

  Views(String catalogName, Catalog catalog, Locations locations) {
    this.catalogName = catalogName;
    this.catalog = catalog instanceof ViewCatalog views ? views : null;
    this.locations = locations;
  }

  List<RelationEntry> entries(String schema) {
    ViewCatalog views = catalog;
    if (views == null) {
      return List.of();
    }
    List<RelationEntry> entries = new ArrayList<>();
    for (TableIdentifier id : views.listViews(SchemaNames.namespace(schema))) {
      View view = find(id);
      if (view != null) {
        entries.add(
            new RelationEntry(
                id.name(), RelationEntry.Kind.VIEW, view.properties().get(Declarations.COMMENT)));
      }
    }
    return entries;
  }

  private @Nullable View find(TableIdentifier id) {
    try {
      return catalog == null ? null : catalog.loadView(id);
    } catch (NoSuchViewException | BadRequestException e) {
      return null;
    }
  }

  /** Fails where a view has the name. */
  void checkNone(TableName name) {
    if (find(TableChanges.id(name)) != null) {
      throw new EngineException(ErrorCode.ALREADY_EXISTS, name + " is a view");
    }
  }

  Optional<Relation.View> load(TableName name) {
    View view = find(TableChanges.id(name));
    return view == null ? Optional.empty() : Optional.of(load(name, view));
  }

  private Relation.View load(TableName name, View view) {
    SQLViewRepresentation sql = view.sqlFor(DIALECT);
    if (sql == null || !sql.dialect().equalsIgnoreCase(DIALECT)) {
      throw new EngineException(
          ErrorCode.UNSUPPORTED,
          "view "
              + name
              + " is written in another dialect"
              + (sql == null ? "" : " (" + sql.dialect() + ")")
              + "; create it anew with Sluice SQL");
    }
    Namespace namespace = view.currentVersion().defaultNamespace();
    String defaultCatalog = view.currentVersion().defaultCatalog();
    return new Relation.View(
        name,
        new ViewDefinition(
            sql.sql(),
            defaultCatalog == null ? catalogName : defaultCatalog,
            namespace.isEmpty() ? name.schema() : String.join(".", namespace.levels()),
            columns(view),
            view.properties().get(Declarations.COMMENT)));
  }

  private static List<ColumnDefinition> columns(View view) {
    DeclaredTypes declared = Declarations.declaredTypes(view.properties());
    return Declarations.columns(view.schema(), declared);
  }

  void create(TableName name, ViewDefinition definition, boolean replace) {
    ViewCatalog views = catalog;
    if (views == null) {
      throw new EngineException(
          ErrorCode.UNSUPPORTED, "catalog " + catalogName + " keeps no views");
    }
    NewSchema schema = Declarations.schema(definition.columns(), List.of());
    ViewBuilder builder =
        views
            .buildView(TableChanges.id(name))
            .withSchema(schema.schema())
            .withQuery(DIALECT, definition.sql())
            .withDefaultCatalog(definition.defaultCatalog())
            .withDefaultNamespace(SchemaNames.namespace(definition.defaultSchema()))
            // as replacing keeps properties, both are always set
            .withProperty(Declarations.COLUMN_TYPES, schema.declared(schema.schema()).toJson());
    String location = locations.of(name);
    if (location != null) {
      builder = builder.withLocation(location);
    }
    if (definition.comment() != null) {
      builder = builder.withProperty(Declarations.COMMENT, definition.comment());
    }
    if (!replace) {
      builder.create();
      return;
    }
    View view = builder.createOrReplace();
    if (definition.comment() == null && view.properties().containsKey(Declarations.COMMENT)) {
      view.updateProperties().remove(Declarations.COMMENT).commit();
    }
  }

  void drop(TableName name) {
    if (catalog == null || !catalog.dropView(TableChanges.id(name))) {
      throw new EngineException(ErrorCode.UNKNOWN_TABLE, "view " + name + " does not exist");
    }
  }

  void rename(TableName from, TableName to) {
    if (catalog == null || find(TableChanges.id(from)) == null) {
      throw TableChanges.unknown(from);
    }
    catalog.renameView(TableChanges.id(from), TableChanges.id(to));
  }

  /** Whether there was such a view. */
  boolean comment(TableName name, @Nullable String column, @Nullable String comment) {
    View view = find(TableChanges.id(name));
    if (view == null) {
      return false;
    }
    if (column == null) {
      UpdateViewProperties update = view.updateProperties();
      if (comment == null) {
        update.remove(Declarations.COMMENT);
      } else {
        update.set(Declarations.COMMENT, comment);
      }
      update.commit();
      return true;
    }
    if (view.schema().asStruct().field(column) == null) {
      throw TableChanges.unknownColumn(name, column);
    }
    ViewDefinition old = load(name, view).definition();
    List<ColumnDefinition> columns =
        old.columns().stream()
            .map(
                c ->
                    c.name().equals(column)
                        ? new ColumnDefinition(c.name(), c.type(), c.nullable(), comment)
                        : c)
            .toList();
    create(
        name,
        new ViewDefinition(
            old.sql(), old.defaultCatalog(), old.defaultSchema(), columns, old.comment()),
        true);
    return true;
  }
}
