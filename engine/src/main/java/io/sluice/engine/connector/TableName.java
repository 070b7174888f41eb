package io.sluice.engine.connector;

/** A table's or view's full name, in the case it was created with. */
public record TableName(String catalog, String schema, String table) {
  /** As in SQL, quoted where it must be. */
  @Override
  public String toString() {
    return quote(catalog) + "." + quote(schema) + "." + quote(table);
  }

  private static String quote(String part) {
    return isPlain(part) ? part : "\"" + part.replace("\"", "\"\"") + "\"";
  }

  private static boolean isPlain(String part) {
    boolean plain = !part.isEmpty() && (isLetter(part.charAt(0)) || part.charAt(0) == '_');
    for (int i = 1; plain && i < part.length(); i++) {
      char c = part.charAt(i);
      plain = isLetter(c) || (c >= '0' && c <= '9') || c == '_' || c == '$';
    }
    return plain;
  }

  private static boolean isLetter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  }
}
