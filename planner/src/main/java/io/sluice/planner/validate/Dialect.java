package io.sluice.planner.validate;

import org.apache.calcite.rel.type.DelegatingTypeSystem;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeFactory;
import org.apache.calcite.rel.type.RelDataTypeSystem;
import org.apache.calcite.sql.type.SqlTypeName;
import org.apache.calcite.sql.validate.SqlConformance;
import org.apache.calcite.sql.validate.SqlConformanceEnum;
import org.apache.calcite.sql.validate.SqlDelegatingConformance;

/** What the grammar lets through, and how wide types are. */
public final class Dialect {
  private static final int MAX_DECIMAL = 38;
  private static final int MICROS = 6;
  private static final int NANOS = 9;

  private Dialect() {}

  /** GROUP BY ordinals and aliases, {@code !=}, {@code %}, and no SQL Server or MySQL surprises. */
  public static final SqlConformance CONFORMANCE =
      new SqlDelegatingConformance(SqlConformanceEnum.BABEL) {
        @Override
        public boolean allowCharLiteralAlias() {
          return false;
        }

        @Override
        public SelectAliasLookup isSelectAlias() {
          return SelectAliasLookup.UNSUPPORTED;
        }

        @Override
        public boolean allowExplicitRowValueConstructor() {
          return true;
        }

        @Override
        public boolean isHavingAlias() {
          return true;
        }

        @Override
        public boolean isNonStrictGroupBy() {
          return false;
        }

        @Override
        public boolean splitQuotedTableName() {
          return false;
        }

        @Override
        public boolean allowHyphenInUnquotedTableName() {
          return false;
        }

        @Override
        public boolean isColonFieldAccessAllowed() {
          return false;
        }

        @Override
        public boolean isMinusAllowed() {
          return true;
        }

        @Override
        public boolean isValueAllowed() {
          return false;
        }

        @Override
        public boolean allowQualifyingCommonColumn() {
          return true;
        }
      };

  /**
   * Decimals to 38 digits, microseconds unless nanoseconds are asked for, strings of any length.
   */
  public static final RelDataTypeSystem TYPES =
      new DelegatingTypeSystem(RelDataTypeSystem.DEFAULT) {
        @Override
        public int getMaxPrecision(SqlTypeName type) {
          return switch (type) {
            case DECIMAL -> MAX_DECIMAL;
            case TIMESTAMP, TIMESTAMP_WITH_LOCAL_TIME_ZONE, TIMESTAMP_TZ, TIME -> NANOS;
            case CHAR, VARCHAR, BINARY, VARBINARY -> Integer.MAX_VALUE;
            default -> super.getMaxPrecision(type);
          };
        }

        @Override
        public int getDefaultPrecision(SqlTypeName type) {
          return switch (type) {
            case TIMESTAMP, TIMESTAMP_WITH_LOCAL_TIME_ZONE, TIMESTAMP_TZ, TIME -> MICROS;
            case DECIMAL -> 18;
            default -> super.getDefaultPrecision(type);
          };
        }

        @Override
        public int getDefaultScale(SqlTypeName type) {
          return type == SqlTypeName.DECIMAL ? 0 : super.getDefaultScale(type);
        }

        @Override
        public int getMaxScale(SqlTypeName type) {
          return type == SqlTypeName.DECIMAL ? MAX_DECIMAL : super.getMaxScale(type);
        }

        @SuppressWarnings("deprecation")
        @Override
        public int getMaxNumericPrecision() {
          return MAX_DECIMAL;
        }

        @SuppressWarnings("deprecation")
        @Override
        public int getMaxNumericScale() {
          return MAX_DECIMAL;
        }

        @Override
        public RelDataType deriveSumType(RelDataTypeFactory factory, RelDataType argument) {
          SqlTypeName sum =
              switch (argument.getSqlTypeName()) {
                case TINYINT, SMALLINT, INTEGER, BIGINT -> SqlTypeName.BIGINT;
                case REAL, FLOAT, DOUBLE -> SqlTypeName.DOUBLE;
                default -> argument.getSqlTypeName();
              };
          RelDataType type =
              sum == SqlTypeName.DECIMAL
                  ? factory.createSqlType(sum, MAX_DECIMAL, argument.getScale())
                  : argument.getSqlTypeName() == sum ? argument : factory.createSqlType(sum);
          return factory.createTypeWithNullability(type, argument.isNullable());
        }

        @Override
        public RelDataType deriveAvgAggType(RelDataTypeFactory factory, RelDataType argument) {
          return factory.createTypeWithNullability(
              factory.createSqlType(SqlTypeName.DOUBLE), argument.isNullable());
        }

        @Override
        public boolean shouldConvertRaggedUnionTypesToVarying() {
          return true;
        }
      };
}
