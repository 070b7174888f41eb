package io.sluice.engine.connector;

/** A catalog that knows a schema by its name without listing all of them. */
public interface SupportsSchemaLookup {
  /** Whether there is a schema of exactly that name. */
  boolean hasSchema(Principal principal, String schema);
}
