package io.sluice.connectors.iceberg;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.catalog.SupportsNamespaces;
import org.apache.iceberg.exceptions.BadRequestException;

/** The namespaces of a catalog, as far as they stand for schemas. */
public record Namespaces(SupportsNamespaces catalog, Reach reach) {
  /** All, those within others too where the catalog is remote. */
  public List<Namespace> all() {
    return below(Namespace.empty());
  }

  private List<Namespace> below(Namespace parent) {
    List<Namespace> all = new ArrayList<>();
    List<Namespace> children =
        parent.isEmpty() ? catalog.listNamespaces() : catalog.listNamespaces(parent);
    for (Namespace child : children) {
      if (child.length() == parent.length() + 1) {
        all.add(child);
        if (reach == Reach.REMOTE) {
          all.addAll(below(child));
        }
      }
    }
    return all;
  }

  /** Whether a schema here can have the name. */
  boolean isName(String schema) {
    return reach == Reach.LOCAL
        ? !schema.isEmpty() && !schema.contains(".")
        : Arrays.stream(SchemaNames.namespace(schema).levels()).noneMatch(String::isEmpty);
  }

  /** Whether a schema is there; a name that the catalog refuses to look at is nobody's. */
  boolean has(String schema) {
    try {
      return isName(schema) && catalog.namespaceExists(SchemaNames.namespace(schema));
    } catch (BadRequestException e) {
      return false;
    }
  }
}
