package io.sluice.engine.connector;

/** A table's or view's full name, in the case it was created with. */
public record TableName(String catalog, String schema, String table) {
  /** As in SQL, quoted where it must be. */
  @Override
  public String toString() {
    return quote(catalog) + "." + quote(schema) + "." + quote(table);
  }

  private static String quote(String part) {
    boolean plain = part.matches("[A-Za-z_][A-Za-z0-9_$]*");
    return plain ? part : "\"" + part.replace("\"", "\"\"") + "\"";
  }
}
