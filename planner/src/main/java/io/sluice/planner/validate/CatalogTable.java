package io.sluice.planner.validate;

import io.sluice.engine.connector.ColumnDefinition;
import io.sluice.engine.connector.TableName;
import io.sluice.engine.connector.TableSnapshot;
import io.sluice.engine.connector.TableStatistics;
import io.sluice.engine.connector.TableVersion;
import io.sluice.engine.connector.ViewDefinition;
import java.util.List;
import org.apache.calcite.linq4j.tree.Expression;
import org.apache.calcite.plan.RelOptSchema;
import org.apache.calcite.plan.RelOptTable;
import org.apache.calcite.prepare.Prepare;
import org.apache.calcite.rel.RelCollation;
import org.apache.calcite.rel.RelDistribution;
import org.apache.calcite.rel.RelDistributions;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.RelReferentialConstraint;
import org.apache.calcite.rel.logical.LogicalTableScan;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeFactory;
import org.apache.calcite.schema.Table;
import org.apache.calcite.schema.impl.AbstractTable;
import org.apache.calcite.sql.SqlAccessType;
import org.apache.calcite.sql.validate.SqlModality;
import org.apache.calcite.sql.validate.SqlMonotonicity;
import org.apache.calcite.util.ImmutableBitSet;
import org.jspecify.annotations.Nullable;

/** A table or view as the validator and the optimizer see it: names and types of its columns. */
public abstract sealed class CatalogTable extends Prepare.AbstractPreparingTable {
  private static final double UNKNOWN_ROWS = 1_000_000;

  private final TableName name;
  private final RelDataType rowType;
  private final RelOptSchema schema;

  private CatalogTable(TableName name, RelDataType rowType, RelOptSchema schema) {
    this.name = name;
    this.rowType = rowType;
    this.schema = schema;
  }

  public TableName name() {
    return name;
  }

  static RelDataType rowType(List<ColumnDefinition> columns, RelDataTypeFactory types) {
    RelDataTypeFactory.Builder builder = types.builder();
    for (ColumnDefinition column : columns) {
      builder.add(column.name(), SqlTypes.toCalcite(column.type(), column.nullable(), types));
    }
    return builder.build();
  }

  /** A table in one of its versions. */
  public static final class Base extends CatalogTable {
    private final TableVersion version;
    private final TableSnapshot snapshot;

    Base(
        TableName name,
        TableVersion version,
        TableSnapshot snapshot,
        RelDataType rowType,
        RelOptSchema schema) {
      super(name, rowType, schema);
      this.version = version;
      this.snapshot = snapshot;
    }

    public TableVersion version() {
      return version;
    }

    /** For statistics; the plan names the version, not the snapshot. */
    public TableSnapshot snapshot() {
      return snapshot;
    }

    @Override
    public double getRowCount() {
      long rows = snapshot.statistics().rowCount();
      return rows < 0 ? UNKNOWN_ROWS : rows;
    }

    @Override
    public List<String> getQualifiedName() {
      return List.of(
          PinnedNames.catalog(name().catalog(), version),
          name().schema(),
          PinnedNames.pin(name().table(), version));
    }

    @Override
    public <C> @Nullable C unwrap(Class<C> type) {
      return type == TableStatistics.class ? type.cast(snapshot.statistics()) : super.unwrap(type);
    }

    @Override
    public RelNode toRel(RelOptTable.ToRelContext context) {
      return LogicalTableScan.create(context.getCluster(), this, List.of());
    }
  }

  /** A stored query, which takes the place of its name. */
  public static final class View extends CatalogTable {
    private final ViewDefinition definition;
    private final List<ColumnDefinition> hidden;
    private final Expander expander;

    View(
        TableName name,
        ViewDefinition definition,
        List<ColumnDefinition> hidden,
        RelDataType rowType,
        RelOptSchema schema,
        Expander expander) {
      super(name, rowType, schema);
      this.definition = definition;
      this.hidden = hidden;
      this.expander = expander;
    }

    @Override
    public double getRowCount() {
      return UNKNOWN_ROWS;
    }

    @Override
    public List<String> getQualifiedName() {
      return List.of(name().catalog(), name().schema(), name().table());
    }

    @Override
    public RelNode toRel(RelOptTable.ToRelContext context) {
      return expander.expand(name(), definition, hidden, getRowType(), context);
    }
  }

  /** Plans the queries of views. */
  @FunctionalInterface
  public interface Expander {
    /**
     * The view's rows with exactly the row type.
     *
     * @param hidden columns of the view's table that the row type has behind the view's own
     */
    RelNode expand(
        TableName name,
        ViewDefinition definition,
        List<ColumnDefinition> hidden,
        RelDataType rowType,
        RelOptTable.ToRelContext context);

    /** Whether each of the view's rows is one of a table that has these hidden columns. */
    default boolean hasHidden(
        TableName name, ViewDefinition definition, List<ColumnDefinition> hidden) {
      return false;
    }
  }

  @Override
  public RelDataType getRowType() {
    return rowType;
  }

  @Override
  public RelOptSchema getRelOptSchema() {
    return schema;
  }

  @Override
  public SqlMonotonicity getMonotonicity(String columnName) {
    return SqlMonotonicity.NOT_MONOTONIC;
  }

  @Override
  public SqlAccessType getAllowedAccess() {
    return SqlAccessType.ALL;
  }

  /** Declared keys are not enforced: a rule that relied on one would give wrong rows. */
  @Override
  public boolean isKey(ImmutableBitSet columns) {
    return false;
  }

  @Override
  public boolean supportsModality(SqlModality modality) {
    return modality == SqlModality.RELATION;
  }

  @Override
  public boolean isTemporal() {
    return true;
  }

  @Override
  public @Nullable Expression getExpression(Class clazz) {
    return null;
  }

  @Override
  protected RelOptTable extend(Table extendedTable) {
    throw new UnsupportedOperationException();
  }

  @Override
  public @Nullable List<ImmutableBitSet> getKeys() {
    return null;
  }

  @Override
  public @Nullable List<RelReferentialConstraint> getReferentialConstraints() {
    return null;
  }

  @Override
  public @Nullable List<RelCollation> getCollationList() {
    return List.of();
  }

  @Override
  public RelDistribution getDistribution() {
    return RelDistributions.ANY;
  }

  /** What Calcite's schemas hold in this table's place. */
  final Table schemaTable() {
    return new SchemaTable(this);
  }

  @Override
  public <C> @Nullable C unwrap(Class<C> type) {
    if (type.isInstance(this)) {
      return type.cast(this);
    }
    return type == Table.class ? type.cast(schemaTable()) : null;
  }

  private static final class SchemaTable extends AbstractTable {
    private final CatalogTable table;

    private SchemaTable(CatalogTable table) {
      this.table = table;
    }

    @Override
    public RelDataType getRowType(RelDataTypeFactory factory) {
      return table.getRowType();
    }

    @Override
    public <C> @Nullable C unwrap(Class<C> type) {
      return type.isInstance(table) ? type.cast(table) : super.unwrap(type);
    }
  }
}
