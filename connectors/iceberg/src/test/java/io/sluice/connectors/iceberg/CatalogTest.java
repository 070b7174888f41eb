package io.sluice.connectors.iceberg;

import static io.sluice.connectors.iceberg.Lake.ANYONE;
import static io.sluice.connectors.iceberg.Lake.column;
import static io.sluice.connectors.iceberg.Lake.fails;
import static io.sluice.connectors.iceberg.Lake.row;
import static io.sluice.connectors.iceberg.Lake.table;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.engine.ErrorCode;
import io.sluice.engine.connector.ColumnDefinition;
import io.sluice.engine.connector.ForeignKey;
import io.sluice.engine.connector.Relation;
import io.sluice.engine.connector.RelationEntry;
import io.sluice.engine.connector.TableDefinition;
import io.sluice.engine.connector.TableName;
import io.sluice.engine.connector.ViewDefinition;
import io.sluice.engine.connector.WriteMode;
import io.sluice.engine.testing.AllocatorExtension;
import io.sluice.engine.type.SqlType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.arrow.memory.BufferAllocator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Schemas, tables, views and comments. */
@ExtendWith(AllocatorExtension.class)
class CatalogTest {
  private static final TableDefinition T = table(column("a", SqlType.INTEGER));

  @Test
  void schemas(BufferAllocator allocator, @TempDir Path folder) {
    try (Lake lake = new Lake(folder, allocator)) {
      assertEquals(List.of("main"), lake.catalog.schemas(ANYONE));
      lake.catalog.createSchema(ANYONE, "Sales", Map.of("owner", "me"));
      lake.catalog.createSchema(ANYONE, "a_b", Map.of());
      assertEquals(List.of("Sales", "a_b", "main"), lake.catalog.schemas(ANYONE));
      fails(ErrorCode.ALREADY_EXISTS, () -> lake.catalog.createSchema(ANYONE, "Sales", Map.of()));
      fails(ErrorCode.INVALID_ARGUMENT, () -> lake.catalog.createSchema(ANYONE, "a.b", Map.of()));
      lake.catalog.createTable(ANYONE, "Sales", "t", T, false);
      fails(ErrorCode.SCHEMA_NOT_EMPTY, () -> lake.catalog.dropSchema(ANYONE, "Sales"));
      lake.catalog.dropTable(ANYONE, "Sales", "t");
      lake.catalog.dropSchema(ANYONE, "Sales");
      fails(ErrorCode.UNKNOWN_SCHEMA, () -> lake.catalog.dropSchema(ANYONE, "Sales"));
      fails(
          ErrorCode.UNKNOWN_SCHEMA, () -> lake.catalog.createTable(ANYONE, "none", "t", T, false));
      assertEquals(Optional.empty(), lake.catalog.load(ANYONE, "none", "t"));
    }
    try (Lake again = new Lake(folder, allocator)) {
      assertEquals(List.of("a_b", "main"), again.catalog.schemas(ANYONE));
    }
  }

  @Test
  void declarations(BufferAllocator allocator, @TempDir Path folder) {
    TableDefinition definition =
        new TableDefinition(
            List.of(
                new ColumnDefinition("Id", SqlType.BIGINT, false, "the key"),
                new ColumnDefinition("ts", SqlType.TIMESTAMP_TZ, true, null),
                new ColumnDefinition("seen", SqlType.TIMESTAMP_TZ, true, null),
                new ColumnDefinition("ref", SqlType.SMALLINT, false, null)),
            List.of("Id"),
            "ts",
            "seen",
            List.of(new ForeignKey(List.of("ref"), "lake.main.u", List.of("id"))),
            "what it is",
            Map.of("format-version", "2", "owner", "me"));
    try (Lake lake = new Lake(folder, allocator)) {
      lake.catalog.createTable(ANYONE, "main", "T", definition, false);
      TableDefinition read = lake.table("T").definition();
      assertEquals(definition.columns(), read.columns());
      assertEquals(definition.primaryKey(), read.primaryKey());
      assertEquals("ts", read.eventTime());
      assertEquals("seen", read.ingestionTime());
      assertEquals(definition.foreignKeys(), read.foreignKeys());
      assertEquals("what it is", read.comment());
      assertEquals("2", read.properties().get("format-version"));
      assertEquals("me", read.properties().get("owner"));
      assertEquals(-1, lake.current("T").snapshotId());
      assertEquals(0, lake.current("T").statistics().rowCount());
      assertEquals(List.of(), lake.read("T"));
      assertEquals(Optional.empty(), lake.catalog.load(ANYONE, "main", "t"));

      fails(
          ErrorCode.ALREADY_EXISTS, () -> lake.catalog.createTable(ANYONE, "main", "T", T, false));
      // what belonged to the old columns does not outlive them
      lake.catalog.createTable(ANYONE, "main", "T", T, true);
      TableDefinition replaced = lake.table("T").definition();
      assertEquals(T.columns(), replaced.columns());
      assertEquals(null, replaced.eventTime());
      assertEquals(List.of(), replaced.foreignKeys());
      assertEquals(null, replaced.comment());
      assertEquals("2", replaced.properties().get("format-version"));
    }
  }

  @Test
  void badDeclarations(BufferAllocator allocator, @TempDir Path folder) {
    try (Lake lake = new Lake(folder, allocator)) {
      ColumnDefinition real = column("r", SqlType.REAL);
      fails(
          ErrorCode.INVALID_ARGUMENT,
          () -> create(lake, List.of(real), List.of("r"), null, Map.of()));
      fails(
          ErrorCode.UNKNOWN_COLUMN,
          () -> create(lake, List.of(real), List.of("x"), null, Map.of()));
      fails(
          ErrorCode.INVALID_ARGUMENT, () -> create(lake, List.of(real), List.of(), "r", Map.of()));
      fails(
          ErrorCode.INVALID_ARGUMENT,
          () -> create(lake, List.of(real, real), List.of(), null, Map.of()));
      fails(
          ErrorCode.INVALID_ARGUMENT,
          () -> create(lake, List.of(real), List.of(), null, Map.of("format-version", "4")));
      assertEquals(List.of(), lake.catalog.relations(ANYONE, "main"));
      assertEquals(List.of(), lake.warehouseFiles());
    }
  }

  private static void create(
      Lake lake,
      List<ColumnDefinition> columns,
      List<String> key,
      @org.jspecify.annotations.Nullable String eventTime,
      Map<String, String> properties) {
    lake.catalog.createTable(
        ANYONE,
        "main",
        "t",
        new TableDefinition(columns, key, eventTime, null, List.of(), null, properties),
        false);
  }

  @Test
  void droppingRemovesFilesAndNamesLeadNowhere(BufferAllocator allocator, @TempDir Path folder) {
    try (Lake lake = new Lake(folder, allocator)) {
      for (String name :
          List.of("../x", "a b", "..", "\u00e4/\u00f6", "it's \"quoted\"", "T", "t", "files")) {
        lake.write(name, T, WriteMode.CREATE, List.of(row(1L)));
        assertEquals(List.of(row(1L)), lake.read(name), name);
      }
      assertEquals(8, lake.catalog.relations(ANYONE, "main").size());
      for (RelationEntry entry : lake.catalog.relations(ANYONE, "main")) {
        lake.catalog.dropTable(ANYONE, "main", entry.name());
      }
      assertEquals(List.of(), lake.warehouseFiles());
      assertTrue(Files.notExists(folder.resolve("warehouse/x")));
      fails(ErrorCode.UNKNOWN_TABLE, () -> lake.catalog.dropTable(ANYONE, "main", "T"));
    }
  }

  @Test
  void views(BufferAllocator allocator, @TempDir Path folder) {
    ViewDefinition view =
        new ViewDefinition(
            "SELECT a, b FROM t",
            "lake",
            "main",
            List.of(
                new ColumnDefinition("a", SqlType.TINYINT, true, "small"),
                column("b", new SqlType.Decimal(12, 3))),
            "a view");
    TableName name = new TableName("lake", "main", "V");
    try (Lake lake = new Lake(folder, allocator)) {
      lake.catalog.createView(ANYONE, "main", "V", view, false);
      assertEquals(
          Optional.of(new Relation.View(name, view)), lake.catalog.load(ANYONE, "main", "V"));
      fails(
          ErrorCode.ALREADY_EXISTS,
          () -> lake.catalog.createView(ANYONE, "main", "V", view, false));
      fails(ErrorCode.ALREADY_EXISTS, () -> lake.catalog.createTable(ANYONE, "main", "V", T, true));
      lake.catalog.comment(ANYONE, "main", "V", null, "other");
      lake.catalog.comment(ANYONE, "main", "V", "b", "money");
      ViewDefinition commented = view(lake);
      assertEquals("other", commented.comment());
      assertEquals("money", commented.columns().get(1).comment());
      assertEquals("small", commented.columns().get(0).comment());

      ViewDefinition other =
          new ViewDefinition(
              "SELECT 1 AS one", "lake", "main", List.of(column("one", SqlType.INTEGER)), null);
      lake.catalog.createView(ANYONE, "main", "V", other, true);
      assertEquals(other, view(lake));
      lake.catalog.createTable(ANYONE, "main", "t", T, false);
      fails(
          ErrorCode.ALREADY_EXISTS,
          () -> lake.catalog.createView(ANYONE, "main", "t", other, true));
      assertEquals(
          List.of(
              new RelationEntry("V", RelationEntry.Kind.VIEW, null),
              new RelationEntry("t", RelationEntry.Kind.TABLE, null)),
          lake.catalog.relations(ANYONE, "main"));
      fails(ErrorCode.SCHEMA_NOT_EMPTY, () -> lake.catalog.dropSchema(ANYONE, "main"));
      lake.catalog.dropView(ANYONE, "main", "V");
      fails(ErrorCode.UNKNOWN_TABLE, () -> lake.catalog.dropView(ANYONE, "main", "V"));
    }
  }

  private static ViewDefinition view(Lake lake) {
    return ((Relation.View) lake.catalog.load(ANYONE, "main", "V").orElseThrow()).definition();
  }

  @Test
  void comments(BufferAllocator allocator, @TempDir Path folder) {
    try (Lake lake = new Lake(folder, allocator)) {
      lake.catalog.createTable(ANYONE, "main", "t", T, false);
      String uuid = lake.table("t").uuid();
      lake.catalog.comment(ANYONE, "main", "t", null, "all of it");
      lake.catalog.comment(ANYONE, "main", "t", "a", "one of it");
      assertEquals("all of it", lake.table("t").definition().comment());
      assertEquals("one of it", lake.table("t").definition().columns().getFirst().comment());
      lake.catalog.comment(ANYONE, "main", "t", null, null);
      lake.catalog.comment(ANYONE, "main", "t", "a", null);
      assertEquals(null, lake.table("t").definition().comment());
      assertEquals(null, lake.table("t").definition().columns().getFirst().comment());
      fails(ErrorCode.UNKNOWN_COLUMN, () -> lake.catalog.comment(ANYONE, "main", "t", "none", "x"));
      fails(ErrorCode.UNKNOWN_TABLE, () -> lake.catalog.comment(ANYONE, "main", "none", null, "x"));
      assertEquals(uuid, lake.table("t").uuid());
      lake.catalog.dropTable(ANYONE, "main", "t");
      lake.catalog.createTable(ANYONE, "main", "t", T, false);
      assertNotEquals(uuid, lake.table("t").uuid());
    }
  }
}
