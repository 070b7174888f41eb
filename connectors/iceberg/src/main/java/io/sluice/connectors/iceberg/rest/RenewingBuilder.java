package io.sluice.connectors.iceberg.rest;

import java.util.Map;
import java.util.function.Consumer;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.SortOrder;
import org.apache.iceberg.Table;
import org.apache.iceberg.Transaction;
import org.apache.iceberg.catalog.Catalog.TableBuilder;

/** A builder whose tables are told where their files' credentials are renewed. */
record RenewingBuilder(TableBuilder builder, Consumer<Table> staged, Consumer<Table> replaced)
    implements TableBuilder {
  @Override
  public TableBuilder withPartitionSpec(PartitionSpec spec) {
    builder.withPartitionSpec(spec);
    return this;
  }

  @Override
  public TableBuilder withSortOrder(SortOrder order) {
    builder.withSortOrder(order);
    return this;
  }

  @Override
  public TableBuilder withLocation(String location) {
    builder.withLocation(location);
    return this;
  }

  @Override
  public TableBuilder withProperties(Map<String, String> properties) {
    builder.withProperties(properties);
    return this;
  }

  @Override
  public TableBuilder withProperty(String key, String value) {
    builder.withProperty(key, value);
    return this;
  }

  @Override
  public Table create() {
    Table table = builder.create();
    replaced.accept(table);
    return table;
  }

  @Override
  public Transaction createTransaction() {
    Transaction transaction = builder.createTransaction();
    staged.accept(transaction.table());
    return transaction;
  }

  @Override
  public Transaction replaceTransaction() {
    Transaction transaction = builder.replaceTransaction();
    replaced.accept(transaction.table());
    return transaction;
  }

  @Override
  public Transaction createOrReplaceTransaction() {
    Transaction transaction = builder.createOrReplaceTransaction();
    replaced.accept(transaction.table());
    return transaction;
  }
}
