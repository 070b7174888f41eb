package io.sluice.connectors.iceberg;

import io.sluice.connectors.iceberg.history.CommitArchive;
import io.sluice.connectors.iceberg.io.LocalFileIO;
import io.sluice.connectors.iceberg.scan.IcebergTable;
import io.sluice.connectors.iceberg.schema.Declarations;
import io.sluice.connectors.iceberg.schema.Declarations.NewSchema;
import io.sluice.connectors.iceberg.schema.EarlierDeclarations;
import io.sluice.connectors.iceberg.training.IcebergTrainingDatasets;
import io.sluice.connectors.iceberg.write.AppendTarget;
import io.sluice.connectors.iceberg.write.CommitTarget;
import io.sluice.connectors.iceberg.write.CreateTarget;
import io.sluice.connectors.iceberg.write.PinnedOperations;
import io.sluice.connectors.iceberg.write.ReplaceTarget;
import io.sluice.connectors.iceberg.write.Retries;
import io.sluice.engine.EngineException;
import io.sluice.engine.ErrorCode;
import io.sluice.engine.connector.TableChange;
import io.sluice.engine.connector.TableDefinition;
import io.sluice.engine.connector.TableName;
import io.sluice.engine.connector.WriteMode;
import java.nio.file.Files;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;
import org.apache.iceberg.BaseMetastoreTableOperations;
import org.apache.iceberg.CatalogUtil;
import org.apache.iceberg.HasTableOperations;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Schema;
import org.apache.iceberg.SortOrder;
import org.apache.iceberg.Table;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.TableOperations;
import org.apache.iceberg.TableProperties;
import org.apache.iceberg.TableUtil;
import org.apache.iceberg.Transaction;
import org.apache.iceberg.Transactions;
import org.apache.iceberg.UpdateProperties;
import org.apache.iceberg.UpdateSchema;
import org.apache.iceberg.catalog.Catalog;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.exceptions.BadRequestException;
import org.apache.iceberg.exceptions.NoSuchTableException;
import org.jspecify.annotations.Nullable;

/** Creates, replaces, drops and comments tables of an Iceberg catalog. */
public final class TableChanges {
  // What a replacement does not inherit: it belongs to the old columns.
  private static final Set<String> OF_COLUMNS =
      Set.of(
          Declarations.COMMENT,
          Declarations.EVENT_TIME,
          Declarations.INGESTION_TIME,
          Declarations.FOREIGN_KEYS,
          Declarations.COLUMN_TYPES,
          TableProperties.DEFAULT_NAME_MAPPING);

  private final Catalog catalog;
  private final Locations locations;
  private final CommitArchive archive;

  TableChanges(Catalog catalog, Locations locations, CommitArchive archive) {
    this.catalog = catalog;
    this.locations = locations;
    this.archive = archive;
  }

  /** Where rows go, and as what. */
  public record Target(TableDefinition definition, CommitTarget commit) {}

  public static TableIdentifier id(TableName name) {
    return TableIdentifier.of(SchemaNames.namespace(name.schema()), name.table());
  }

  static EngineException unknown(TableName name) {
    return new EngineException(ErrorCode.UNKNOWN_TABLE, "table " + name + " does not exist");
  }

  /** The current state of a table, or null where there is none. */
  public @Nullable Table find(TableIdentifier id) {
    try {
      return loaded(id);
    } catch (NoSuchTableException | BadRequestException e) {
      // a name that a catalog refuses to look at is no table's
      return null;
    }
  }

  /** Whatever is loaded, its commits are remembered from then on. */
  private Table loaded(TableIdentifier id) {
    Table table = catalog.loadTable(id);
    if (!id.namespace().toString().equals(IcebergTrainingDatasets.NAMESPACE)) {
      archive.remember(table);
    }
    return table;
  }

  /** The current state of a table. */
  Table required(TableName name) {
    Table table = find(id(name));
    if (table == null) {
      throw unknown(name);
    }
    return table;
  }

  /** The definition of a table's current state. */
  private static TableDefinition definition(Table table) {
    return Declarations.definition(
        table.schema(), table.properties(), TableUtil.formatVersion(table));
  }

  void create(TableName name, TableDefinition definition, boolean replace) {
    Table existing = find(id(name));
    if (existing != null && !replace) {
      throw new EngineException(ErrorCode.ALREADY_EXISTS, "table " + name + " already exists");
    }
    if (existing == null) {
      creation(name, definition).commitTransaction();
    } else {
      new ReplaceTarget(name.toString(), () -> replacement(name, definition), () -> load(name))
          .commit(List.of(), UUID.randomUUID().toString());
    }
  }

  /** Where a write of this mode goes. */
  public Target target(TableName name, TableDefinition definition, WriteMode mode) {
    Table existing = find(id(name));
    if (mode == WriteMode.CREATE && existing != null) {
      throw new EngineException(ErrorCode.ALREADY_EXISTS, "table " + name + " already exists");
    }
    if (mode == WriteMode.APPEND && existing == null) {
      throw unknown(name);
    }
    CommitTarget target;
    if (existing == null) {
      target =
          new CreateTarget(
              name.toString(),
              creation(name, definition),
              () -> load(name),
              meanwhile(name, definition, mode));
    } else if (mode == WriteMode.REPLACE) {
      target = replacing(name, definition);
    } else {
      target = appending(name);
    }
    return new Target(definition(target.table()), target);
  }

  /** Where rows go if another writer creates the table first. */
  private @Nullable Supplier<CommitTarget> meanwhile(
      TableName name, TableDefinition definition, WriteMode mode) {
    return switch (mode) {
      case CREATE, APPEND -> null;
      case CREATE_OR_APPEND -> () -> appending(name);
      case REPLACE -> () -> replacing(name, definition);
    };
  }

  private CommitTarget appending(TableName name) {
    return new AppendTarget(name.toString(), load(name), () -> load(name));
  }

  private CommitTarget replacing(TableName name, TableDefinition definition) {
    return new ReplaceTarget(
        name.toString(), () -> replacement(name, definition), () -> load(name));
  }

  /** The current state of a table that is there. */
  public Table load(TableName name) {
    return loaded(id(name));
  }

  /** A transaction that creates the table; nothing is visible before its commit. */
  public Transaction creation(TableName name, TableDefinition definition) {
    NewSchema schema = Declarations.schema(definition.columns(), definition.primaryKey());
    Map<String, String> properties = Declarations.properties(definition, schema.schema(), 0);
    Catalog.TableBuilder builder =
        catalog.buildTable(id(name), schema.schema()).withProperties(properties);
    String location = locations.of(name);
    if (location != null) {
      builder = builder.withLocation(free(location));
    }
    Transaction transaction = builder.createTransaction();
    declareTypes(transaction, schema);
    return transaction;
  }

  /** A folder of its own, even where a table that had the name has been renamed and lives on. */
  private static String free(String location) {
    return Files.exists(LocalFileIO.path(location))
        ? location + "-" + UUID.randomUUID().toString().substring(0, 8)
        : location;
  }

  private static void declareTypes(Transaction transaction, NewSchema schema) {
    if (!schema.declaredByName().isEmpty()) {
      transaction
          .updateProperties()
          .set(Declarations.COLUMN_TYPES, schema.declared(transaction.table().schema()).toJson())
          .commit();
    }
  }

  private Transaction replacement(TableName name, TableDefinition definition) {
    NewSchema schema = Declarations.schema(definition.columns(), definition.primaryKey());
    Table existing = load(name);
    Map<String, String> properties =
        Declarations.properties(definition, schema.schema(), TableUtil.formatVersion(existing));
    @Nullable String earlier = EarlierDeclarations.beforeChange(existing, properties);
    if (earlier != null) {
      properties.put(EarlierDeclarations.PROPERTY, earlier);
    }
    Transaction transaction = replacement(name, existing, schema.schema(), properties);
    Set<String> stale = new HashSet<>(existing.properties().keySet());
    stale.retainAll(OF_COLUMNS);
    stale.removeAll(properties.keySet());
    if (!stale.isEmpty()) {
      UpdateProperties update = transaction.updateProperties();
      stale.forEach(update::remove);
      update.commit();
    }
    declareTypes(transaction, schema);
    return transaction;
  }

  private Transaction replacement(
      TableName name, Table existing, Schema schema, Map<String, String> properties) {
    if (existing instanceof HasTableOperations table
        && table.operations() instanceof BaseMetastoreTableOperations) {
      TableOperations pinned = new PinnedOperations(table.operations());
      TableMetadata replaced =
          pinned
              .current()
              .buildReplacement(
                  schema,
                  PartitionSpec.unpartitioned(),
                  SortOrder.unsorted(),
                  pinned.current().location(),
                  new HashMap<>(properties));
      return Transactions.replaceTableTransaction(name.toString(), pinned, replaced);
    }
    return catalog.buildTable(id(name), schema).withProperties(properties).replaceTransaction();
  }

  /** Removes the table and the files within its location; registered files elsewhere stay. */
  void drop(TableName name) {
    Table table = find(id(name));
    if (table == null) {
      throw unknown(name);
    }
    TableMetadata last =
        table instanceof HasTableOperations known ? known.operations().current() : null;
    boolean ours = last != null && table.io() instanceof LocalFileIO;
    if (!catalog.dropTable(id(name), !ours)) {
      throw unknown(name);
    }
    archive.forget(table.uuid().toString());
    if (last != null && table.io() instanceof LocalFileIO local) {
      CatalogUtil.dropTableData(new FilesWithin(local, table.location()), last);
      local.deleteEmptyFolders(table.location());
    }
  }

  /** Removes a table of our own and everything that lies at its location. */
  public void purge(TableName name) {
    Table table = find(id(name));
    if (table == null) {
      return;
    }
    drop(name);
    if (table.io() instanceof LocalFileIO local) {
      local.deleteFolder(table.location());
    }
  }

  /** Whether there was such a table. */
  boolean comment(TableName name, @Nullable String column, @Nullable String comment) {
    Table table = find(id(name));
    if (table == null) {
      return false;
    }
    if (column == null) {
      UpdateProperties update = table.updateProperties();
      if (comment == null) {
        update.remove(Declarations.COMMENT);
      } else {
        update.set(Declarations.COMMENT, comment);
      }
      update.commit();
      return true;
    }
    if (table.schema().asStruct().field(column) == null) {
      throw unknownColumn(name, column);
    }
    UpdateSchema update = table.updateSchema();
    update.updateColumnDoc(column, comment == null ? "" : comment);
    update.commit();
    return true;
  }

  /** Makes changes in one commit; tries again where others commit at the same time. */
  void alter(TableName name, List<TableChange> changes) {
    Retries.onConflict(
        name.toString(),
        () -> {
          TableAlteration.commit(name, required(name), changes);
        });
  }

  /** Keeps the definition of an online table, or takes it away. */
  void defineOnline(TableName name, @Nullable String definition) {
    Retries.onConflict(
        name.toString(),
        () -> {
          UpdateProperties update = required(name).updateProperties();
          if (definition == null) {
            update.remove(IcebergTable.ONLINE);
          } else {
            update.set(IcebergTable.ONLINE, definition);
          }
          update.commit();
        });
  }

  static EngineException unknownColumn(TableName name, String column) {
    return new EngineException(ErrorCode.UNKNOWN_COLUMN, name + " has no column " + column);
  }
}
