package io.sluice.connectors.iceberg;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.iceberg.catalog.Namespace;

/** Names of schemas and the namespaces that they stand for: nested ones have dots between. */
public final class SchemaNames {
  private static final String MARK = ".";

  private SchemaNames() {}

  /** The namespace of a schema. */
  public static Namespace namespace(String schema) {
    return Namespace.of(schema.split("\\.", -1));
  }

  /** The schema of a namespace, or empty where a dot in it would be taken for nesting. */
  static Optional<String> schema(Namespace namespace) {
    List<String> levels = Arrays.asList(namespace.levels());
    return levels.isEmpty() || levels.stream().anyMatch(level -> level.contains(MARK))
        ? Optional.empty()
        : Optional.of(String.join(MARK, levels));
  }
}
