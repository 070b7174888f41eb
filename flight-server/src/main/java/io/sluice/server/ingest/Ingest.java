package io.sluice.server.ingest;

import io.sluice.engine.EngineException;
import io.sluice.engine.ErrorCode;
import io.sluice.engine.connector.Catalog;
import io.sluice.engine.connector.Catalogs;
import io.sluice.engine.connector.ColumnDefinition;
import io.sluice.engine.connector.Principal;
import io.sluice.engine.connector.RelationEntry;
import io.sluice.engine.connector.TableDefinition;
import io.sluice.engine.connector.TableWrite;
import io.sluice.engine.connector.TemporaryTables;
import io.sluice.engine.connector.WriteMode;
import io.sluice.server.session.ClientSession;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.arrow.flight.FlightStream;
import org.apache.arrow.flight.sql.impl.FlightSql.CommandStatementIngest;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;

/** Bulk ingest: the rows of one upload, made visible by one commit. */
public final class Ingest {
  private final Catalogs catalogs;
  private final BufferAllocator allocator;

  public Ingest(Catalogs catalogs, BufferAllocator allocator) {
    this.catalogs = catalogs;
    this.allocator = allocator;
  }

  /**
   * Reads the stream to its end and commits. Blocks. A stream that breaks off, or rows that the
   * table cannot hold, leave nothing behind.
   *
   * @return rows written
   */
  public long run(CommandStatementIngest command, FlightStream stream, ClientSession session) {
    IngestRequest request = IngestRequest.of(command);
    boolean more = stream.next();
    if (!stream.hasRoot()) {
      throw new EngineException(
          ErrorCode.INVALID_ARGUMENT, "the ingest sent neither a schema nor rows");
    }
    Schema sent = stream.getRoot().getSchema();
    Integer precision = request.timestampPrecision();
    IngestTypes types =
        new IngestTypes(
            stream.getDictionaryProvider(),
            precision == null ? session.timestampPrecision() : precision);
    try (BufferAllocator memory = allocator.newChildAllocator("ingest", 0, Long.MAX_VALUE);
        TableWrite write = open(request, sent, types, session)) {
      BatchConverter converter =
          new BatchConverter(sent, write.definition().columns(), stream.getDictionaryProvider());
      while (more) {
        converter.convert(stream.getRoot(), memory, write::write);
        more = stream.next();
      }
      return write.commit();
    }
  }

  private TableWrite open(
      IngestRequest request, Schema sent, IngestTypes types, ClientSession session) {
    Principal principal = session.principal();
    Catalog catalog = catalog(request, session);
    String schema = schema(request, catalog, session);
    List<RelationEntry> relations = catalog.relations(principal, schema);
    String table = find(relations.stream().map(RelationEntry::name).toList(), request.table());
    boolean exists = false;
    for (RelationEntry relation : relations) {
      if (relation.name().equals(table)) {
        exists = true;
        if (relation.kind() == RelationEntry.Kind.TRAINING_DATASET) {
          throw new EngineException(
              ErrorCode.INVALID_ARGUMENT,
              "'" + table + "' is a training dataset, whose versions never change");
        }
        if (relation.kind() == RelationEntry.Kind.VIEW) {
          throw new EngineException(
              ErrorCode.INVALID_ARGUMENT, "'" + table + "' is a view; rows go into tables");
        }
      }
    }
    if (request.mustExist() && !exists) {
      throw new EngineException(
          ErrorCode.UNKNOWN_TABLE,
          "no table '"
              + request.table()
              + "' in "
              + catalog.name()
              + "."
              + schema
              + "; ingest with mode create or create_append makes it");
    }
    TableDefinition definition =
        request.mode() == WriteMode.APPEND
            ? TableDefinition.of(List.of())
            : definition(sent, types);
    return catalog.write(principal, schema, table, definition, request.mode());
  }

  private Catalog catalog(IngestRequest request, ClientSession session) {
    if (request.temporary()) {
      String catalog = request.catalog();
      String schema = request.schema();
      if ((catalog != null && !catalog.equalsIgnoreCase(TemporaryTables.NAME))
          || (schema != null && !schema.equalsIgnoreCase(TemporaryTables.NAME))) {
        throw new EngineException(
            ErrorCode.INVALID_ARGUMENT,
            "a temporary table is in schema temp; name no catalog and no schema for it");
      }
      return session
          .sql()
          .temporaryTables(catalogs)
          .orElseThrow(
              () ->
                  new EngineException(
                      ErrorCode.UNSUPPORTED, "there are no temporary tables on this server"));
    }
    String name = request.catalog() == null ? session.sql().catalog() : request.catalog();
    return catalogs
        .find(find(catalogs.names(), name))
        .orElseThrow(
            () ->
                new EngineException(
                    ErrorCode.UNKNOWN_CATALOG,
                    "no catalog '" + name + "'; there are " + catalogs.names()));
  }

  private static String schema(IngestRequest request, Catalog catalog, ClientSession session) {
    if (request.temporary()) {
      return TemporaryTables.NAME;
    }
    String name = request.schema() == null ? session.sql().schema() : request.schema();
    List<String> schemas = catalog.schemas(session.principal());
    String schema = find(schemas, name);
    if (!schemas.contains(schema)) {
      throw new EngineException(
          ErrorCode.UNKNOWN_SCHEMA,
          "no schema '"
              + name
              + "' in catalog "
              + catalog.name()
              + (name.equalsIgnoreCase(TemporaryTables.NAME)
                  ? "; temporary=True ingests into a temporary table"
                  : "; there are " + schemas));
    }
    return schema;
  }

  private static String find(List<String> names, String name) {
    int at = ColumnMatch.find(names, name);
    return at < 0 ? name : names.get(at);
  }

  /** The table that the sent columns would make. */
  private static TableDefinition definition(Schema sent, IngestTypes types) {
    List<ColumnDefinition> columns = new ArrayList<>();
    Set<String> seen = new HashSet<>();
    for (Field field : sent.getFields()) {
      if (field.getName().isEmpty()) {
        throw new EngineException(
            ErrorCode.INVALID_ARGUMENT,
            "column " + columns.size() + " (the first is 0) has no name");
      }
      if (!seen.add(field.getName())) {
        throw new EngineException(
            ErrorCode.AMBIGUOUS_NAME, "column '" + field.getName() + "' is sent more than once");
      }
      columns.add(
          new ColumnDefinition(field.getName(), types.sqlType(field), field.isNullable(), null));
    }
    return TableDefinition.of(columns);
  }
}
