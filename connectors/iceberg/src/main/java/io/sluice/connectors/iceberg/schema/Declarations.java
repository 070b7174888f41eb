package io.sluice.connectors.iceberg.schema;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sluice.engine.EngineException;
import io.sluice.engine.ErrorCode;
import io.sluice.engine.connector.ColumnDefinition;
import io.sluice.engine.connector.ForeignKey;
import io.sluice.engine.connector.TableDefinition;
import io.sluice.engine.type.SqlType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.iceberg.Schema;
import org.apache.iceberg.TableProperties;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Types;
import org.jspecify.annotations.Nullable;

/** How table definitions lie in Iceberg schemas and table properties. */
public final class Declarations {
  public static final String COMMENT = "comment";
  public static final String EVENT_TIME = "sluice.event-time";
  public static final String INGESTION_TIME = "sluice.ingestion-time";
  public static final String FOREIGN_KEYS = "sluice.foreign-keys";

  /** Holds {@link DeclaredTypes}. */
  public static final String COLUMN_TYPES = "sluice.column-types";

  private static final String OWN_PREFIX = "sluice.";
  private static final int DEFAULT_FORMAT_VERSION = 3;
  private static final int MAX_FORMAT_VERSION = 3;
  private static final ObjectMapper JSON = new ObjectMapper();

  private Declarations() {}

  /**
   * A schema with ids of its own, and what its types do not tell.
   *
   * @param declaredByName declared types by full field name, as ids change when a table is made
   */
  public record NewSchema(Schema schema, Map<String, SqlType> declaredByName) {
    public NewSchema {
      declaredByName = Map.copyOf(declaredByName);
    }

    /** The declared types by the ids that a catalog gave to the fields. */
    public DeclaredTypes declared(Schema assigned) {
      Map<Integer, SqlType> byId = new HashMap<>();
      declaredByName.forEach((name, type) -> byId.put(assigned.findField(name).fieldId(), type));
      return new DeclaredTypes(byId);
    }
  }

  /**
   * The schema of a new table or view.
   *
   * @throws EngineException where a definition cannot be held
   */
  public static NewSchema schema(List<ColumnDefinition> columns, List<String> primaryKey) {
    AtomicInteger last = new AtomicInteger(columns.size());
    Map<Integer, SqlType> declared = new HashMap<>();
    List<Types.NestedField> fields = new ArrayList<>();
    Set<String> names = new HashSet<>();
    Set<Integer> identifiers = new HashSet<>();
    for (int i = 0; i < columns.size(); i++) {
      ColumnDefinition column = columns.get(i);
      if (!names.add(column.name())) {
        throw new EngineException(
            ErrorCode.INVALID_ARGUMENT, "column " + column.name() + " stands twice");
      }
      boolean key = primaryKey.contains(column.name());
      if (key) {
        checkKey(column);
        identifiers.add(i + 1);
      }
      boolean required = key || !column.nullable();
      if (required && column.type().kind() == SqlType.Kind.NULL) {
        throw new EngineException(
            ErrorCode.INVALID_ARGUMENT,
            "column " + column.name() + " has no type and cannot be NOT NULL");
      }
      Type type =
          IcebergTypes.toIceberg(
              column.name(), column.type(), i + 1, last::incrementAndGet, declared);
      fields.add(
          Types.NestedField.builder()
              .withId(i + 1)
              .withName(column.name())
              .ofType(type)
              .isOptional(!required)
              .withDoc(column.comment())
              .build());
    }
    for (String key : primaryKey) {
      if (!names.contains(key)) {
        throw new EngineException(
            ErrorCode.UNKNOWN_COLUMN, "primary key column " + key + " is not in " + names);
      }
    }
    Schema schema = new Schema(fields, identifiers);
    Map<String, SqlType> byName = new HashMap<>();
    declared.forEach((id, type) -> byName.put(schema.findColumnName(id), type));
    return new NewSchema(schema, byName);
  }

  private static void checkKey(ColumnDefinition column) {
    if (column.type().isFloating() || column.type().isNested()) {
      throw new EngineException(
          ErrorCode.INVALID_ARGUMENT,
          "primary key column "
              + column.name()
              + " is "
              + column.type().sql()
              + "; keys are neither floating nor nested");
    }
  }

  /**
   * The properties of a new table, without {@link #COLUMN_TYPES}.
   *
   * @param replacedVersion the format version of the table that is replaced, 0 where it is new
   * @throws EngineException where a declaration names no column or a property has no such value
   */
  public static Map<String, String> properties(
      TableDefinition definition, Schema schema, int replacedVersion) {
    Map<String, String> properties = new TreeMap<>(definition.properties());
    properties.keySet().removeIf(key -> key.startsWith(OWN_PREFIX));
    int version = formatVersion(properties, replacedVersion);
    properties.put(TableProperties.FORMAT_VERSION, Integer.toString(version));
    for (Types.NestedField field : schema.columns()) {
      checkVersion(field, field.type(), version);
    }
    properties.putAll(declared(definition, DeclaredTypes.NONE));
    if (definition.comment() != null) {
      properties.put(COMMENT, definition.comment());
    }
    return properties;
  }

  /**
   * The properties that declare times, foreign keys and column types.
   *
   * @throws EngineException where a declaration names no column
   */
  public static Map<String, String> declared(TableDefinition definition, DeclaredTypes types) {
    Map<String, String> properties = new TreeMap<>();
    putTime(properties, EVENT_TIME, "event time", definition.eventTime(), definition);
    putTime(properties, INGESTION_TIME, "ingestion time", definition.ingestionTime(), definition);
    if (!definition.foreignKeys().isEmpty()) {
      for (ForeignKey key : definition.foreignKeys()) {
        key.columns().forEach(column -> column(definition, "foreign key", column));
      }
      try {
        properties.put(FOREIGN_KEYS, JSON.writeValueAsString(definition.foreignKeys()));
      } catch (JsonProcessingException e) {
        throw new AssertionError(e);
      }
    }
    if (!types.byFieldId().isEmpty()) {
      properties.put(COLUMN_TYPES, types.toJson());
    }
    return properties;
  }

  /**
   * Properties that a table of a format version may be given.
   *
   * @throws EngineException INVALID_ARGUMENT where the format version is none, or a lower one
   */
  public static Map<String, String> checked(Map<String, String> properties, int version) {
    formatVersion(properties, version);
    return properties;
  }

  /** Whether a property is Sluice's own to write. */
  public static boolean isOwn(String property) {
    return property.startsWith(OWN_PREFIX) || property.equals(COMMENT);
  }

  private static int formatVersion(Map<String, String> properties, int replacedVersion) {
    String value = properties.get(TableProperties.FORMAT_VERSION);
    if (value == null) {
      return replacedVersion > 0 ? replacedVersion : DEFAULT_FORMAT_VERSION;
    }
    try {
      int version = Integer.parseInt(value.trim());
      if (version >= 1 && version <= MAX_FORMAT_VERSION) {
        if (version < replacedVersion) {
          throw new EngineException(
              ErrorCode.INVALID_ARGUMENT,
              "a table of format-version " + replacedVersion + " cannot go back to " + version);
        }
        return version;
      }
    } catch (NumberFormatException e) {
      // reported below
    }
    throw new EngineException(
        ErrorCode.INVALID_ARGUMENT, "format-version " + value + " is none of 1, 2 and 3");
  }

  /**
   * Checks that a table of a format version can hold a type.
   *
   * @throws EngineException UNSUPPORTED
   */
  public static void checkVersion(Types.NestedField column, Type type, int version) {
    switch (type.typeId()) {
      case TIMESTAMP_NANO, UNKNOWN -> {
        if (version < 3) {
          throw new EngineException(
              ErrorCode.UNSUPPORTED,
              "column "
                  + column.name()
                  + (type.typeId() == Type.TypeID.UNKNOWN
                      ? " has no type, which"
                      : " has nanoseconds, which")
                  + " needs format-version 3, not "
                  + version);
        }
      }
      case STRUCT, LIST, MAP ->
          type.asNestedType()
              .fields()
              .forEach(child -> checkVersion(column, child.type(), version));
      default -> {}
    }
  }

  private static void putTime(
      Map<String, String> properties,
      String property,
      String what,
      @Nullable String name,
      TableDefinition definition) {
    if (name == null) {
      return;
    }
    ColumnDefinition column = column(definition, what, name);
    switch (column.type().kind()) {
      case TIMESTAMP, TIMESTAMP_TZ, DATE -> properties.put(property, name);
      default ->
          throw new EngineException(
              ErrorCode.INVALID_ARGUMENT,
              what
                  + " column "
                  + name
                  + " is "
                  + column.type().sql()
                  + "; it must be a timestamp or a date");
    }
  }

  private static ColumnDefinition column(TableDefinition definition, String what, String name) {
    for (ColumnDefinition column : definition.columns()) {
      if (column.name().equals(name)) {
        return column;
      }
    }
    throw new EngineException(
        ErrorCode.UNKNOWN_COLUMN, what + " column " + name + " is not a column of the table");
  }

  /** What a schema with its table's properties declares. */
  public static TableDefinition definition(
      Schema schema, Map<String, String> properties, int formatVersion) {
    DeclaredTypes declared = declaredTypes(properties);
    List<String> key = new ArrayList<>();
    for (Types.NestedField field : schema.columns()) {
      if (schema.identifierFieldIds().contains(field.fieldId())) {
        key.add(field.name());
      }
    }
    Map<String, String> others = new HashMap<>(properties);
    others.keySet().removeIf(Declarations::isOwn);
    others.put(TableProperties.FORMAT_VERSION, Integer.toString(formatVersion));
    return new TableDefinition(
        columns(schema, declared),
        key,
        existing(schema, properties.get(EVENT_TIME)),
        existing(schema, properties.get(INGESTION_TIME)),
        foreignKeys(properties.get(FOREIGN_KEYS)),
        properties.get(COMMENT),
        others);
  }

  /** The columns of a table's or view's schema. */
  public static List<ColumnDefinition> columns(Schema schema, DeclaredTypes declared) {
    List<ColumnDefinition> columns = new ArrayList<>();
    for (Types.NestedField field : schema.columns()) {
      SqlType type = IcebergTypes.toSql(field.type(), field.fieldId(), declared);
      String doc = field.doc();
      String comment = doc == null || doc.isEmpty() ? null : doc;
      columns.add(new ColumnDefinition(field.name(), type, field.isOptional(), comment));
    }
    return columns;
  }

  /** The declared types among a table's properties. */
  public static DeclaredTypes declaredTypes(Map<String, String> properties) {
    String json = properties.get(COLUMN_TYPES);
    return json == null ? DeclaredTypes.NONE : DeclaredTypes.fromJson(json);
  }

  private static @Nullable String existing(Schema schema, @Nullable String column) {
    // another engine may have renamed or dropped it
    return column != null && schema.findField(column) != null ? column : null;
  }

  private static List<ForeignKey> foreignKeys(@Nullable String json) {
    if (json == null) {
      return List.of();
    }
    try {
      return JSON.readValue(json, new TypeReference<List<ForeignKey>>() {});
    } catch (JsonProcessingException e) {
      throw new EngineException(
          ErrorCode.CATALOG_ERROR,
          "table property " + FOREIGN_KEYS + " does not hold foreign keys: " + json,
          e);
    }
  }
}
