package io.sluice.planner.parse;

import java.util.Locale;
import org.apache.calcite.sql.SqlBasicTypeNameSpec;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlTypeNameSpec;
import org.apache.calcite.sql.SqlUserDefinedTypeNameSpec;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.apache.calcite.sql.type.SqlTypeName;

/** Types by the names that other systems give them, and by words that are not keywords here. */
final class TypeAliases {
  private static final int NANOS = 9;

  private TypeAliases() {}

  static SqlTypeNameSpec resolve(SqlIdentifier name, SqlParserPos pos) {
    if (!name.isSimple()) {
      return new SqlUserDefinedTypeNameSpec(name, pos);
    }
    return switch (name.getSimple().toUpperCase(Locale.ROOT)) {
      case "BOOL", "BOOLEAN" -> basic(SqlTypeName.BOOLEAN, pos);
      case "INT1", "TINYINT" -> basic(SqlTypeName.TINYINT, pos);
      case "INT2", "SHORT", "SMALLINT" -> basic(SqlTypeName.SMALLINT, pos);
      case "INT", "INT4", "SIGNED", "INTEGER" -> basic(SqlTypeName.INTEGER, pos);
      case "INT8", "LONG", "BIGINT" -> basic(SqlTypeName.BIGINT, pos);
      case "DEC", "DECIMAL", "NUMERIC" -> new SqlBasicTypeNameSpec(SqlTypeName.DECIMAL, 18, 3, pos);
      case "FLOAT4", "REAL" -> basic(SqlTypeName.REAL, pos);
      case "FLOAT8", "DOUBLE", "FLOAT" -> basic(SqlTypeName.DOUBLE, pos);
      case "STRING", "TEXT", "VARCHAR", "CHAR", "CHARACTER", "BPCHAR" ->
          basic(SqlTypeName.VARCHAR, pos);
      case "BYTEA", "BLOB", "BYTES", "BINARY", "VARBINARY" -> basic(SqlTypeName.VARBINARY, pos);
      case "DATE" -> basic(SqlTypeName.DATE, pos);
      case "TIME" -> basic(SqlTypeName.TIME, pos);
      case "TIMESTAMP", "DATETIME" -> basic(SqlTypeName.TIMESTAMP, pos);
      case "TIMESTAMPTZ" -> basic(SqlTypeName.TIMESTAMP_WITH_LOCAL_TIME_ZONE, pos);
      case "TIMESTAMP_NS" -> new SqlBasicTypeNameSpec(SqlTypeName.TIMESTAMP, NANOS, pos);
      case "TIMESTAMPTZ_NS" ->
          new SqlBasicTypeNameSpec(SqlTypeName.TIMESTAMP_WITH_LOCAL_TIME_ZONE, NANOS, pos);
      case "UUID" -> basic(SqlTypeName.UUID, pos);
      default -> new SqlUserDefinedTypeNameSpec(name, pos);
    };
  }

  private static SqlTypeNameSpec basic(SqlTypeName type, SqlParserPos pos) {
    return new SqlBasicTypeNameSpec(type, pos);
  }
}
