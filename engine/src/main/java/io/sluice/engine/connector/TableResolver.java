package io.sluice.engine.connector;

/**
 * Resolves each table of one statement to one snapshot, the same for all its references. May block;
 * called from statement threads only.
 */
@FunctionalInterface
public interface TableResolver {
  TableSnapshot resolve(TableName name, TableVersion version);
}
