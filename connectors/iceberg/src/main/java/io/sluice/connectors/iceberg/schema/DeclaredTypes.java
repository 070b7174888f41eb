package io.sluice.connectors.iceberg.schema;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sluice.engine.type.SqlType;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/** The declared types of fields whose Iceberg type does not tell them, by field id. */
public record DeclaredTypes(Map<Integer, SqlType> byFieldId) {
  public static final DeclaredTypes NONE = new DeclaredTypes(Map.of());

  private static final ObjectMapper JSON = new ObjectMapper();

  public DeclaredTypes {
    byFieldId = Map.copyOf(byFieldId);
  }

  /** The declared type of a field, or what its Iceberg type says. */
  public SqlType of(int fieldId, SqlType otherwise) {
    SqlType declared = byFieldId.getOrDefault(fieldId, otherwise);
    boolean sameWidth = isLong(declared) == isLong(otherwise);
    // the field may have been widened since by another engine
    return sameWidth ? declared : otherwise;
  }

  /** These and others, which go first. */
  public DeclaredTypes with(DeclaredTypes others) {
    Map<Integer, SqlType> types = new TreeMap<>(byFieldId);
    types.putAll(others.byFieldId);
    return new DeclaredTypes(types);
  }

  /** These without a field's. */
  public DeclaredTypes without(int fieldId) {
    Map<Integer, SqlType> types = new TreeMap<>(byFieldId);
    types.remove(fieldId);
    return new DeclaredTypes(types);
  }

  private static boolean isLong(SqlType type) {
    return type.equals(SqlType.BIGINT) || type.equals(SqlType.INTERVAL_MICROS);
  }

  /** As in a table property: {@code {"3": "TINYINT"}}. */
  public String toJson() {
    Map<String, String> names = new LinkedHashMap<>();
    new TreeMap<>(byFieldId).forEach((id, type) -> names.put(id.toString(), type.sql()));
    try {
      return JSON.writeValueAsString(names);
    } catch (JsonProcessingException e) {
      throw new AssertionError(e);
    }
  }

  /** Reads a property; what is not understood counts as not declared. */
  public static DeclaredTypes fromJson(String json) {
    Map<Integer, SqlType> types = new TreeMap<>();
    try {
      JSON.readValue(json, new TypeReference<Map<String, String>>() {})
          .forEach(
              (id, name) -> {
                SqlType type = byName(name);
                if (type.kind() != SqlType.Kind.NULL) {
                  types.put(Integer.valueOf(id), type);
                }
              });
    } catch (JsonProcessingException | NumberFormatException e) {
      return NONE;
    }
    return new DeclaredTypes(types);
  }

  private static SqlType byName(String name) {
    for (SqlType type :
        new SqlType[] {
          SqlType.TINYINT, SqlType.SMALLINT, SqlType.INTERVAL_MONTHS, SqlType.INTERVAL_MICROS
        }) {
      if (type.sql().equals(name)) {
        return type;
      }
    }
    return SqlType.NULL;
  }
}
