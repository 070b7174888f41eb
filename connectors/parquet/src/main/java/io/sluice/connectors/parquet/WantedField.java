package io.sluice.connectors.parquet;

import io.sluice.engine.type.SqlType;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A field to be found in a file, with the fields below it.
 *
 * @param fieldId by which it is found in files that have field ids
 * @param names by which it is found in others, the first that is there
 * @param type as which it is wanted
 * @param required whether a file must have it
 * @param constant its value where the file lacks it, in the form of {@code Expression.Literal}
 * @param children the fields of a row, the element of an array, key and value of a map
 */
public record WantedField(
    int fieldId,
    List<String> names,
    SqlType type,
    boolean required,
    @Nullable Object constant,
    List<WantedField> children) {
  public WantedField {
    names = List.copyOf(names);
    children = List.copyOf(children);
  }

  /** A field that is found by its name, as are those below it. */
  public static WantedField named(String name, SqlType type) {
    List<WantedField> children =
        switch (type) {
          case SqlType.Array array -> List.of(named("element", array.element()));
          case SqlType.Map map -> List.of(named("key", map.key()), named("value", map.value()));
          case SqlType.Row row ->
              row.fields().stream().map(field -> named(field.name(), field.type())).toList();
          default -> List.of();
        };
    return new WantedField(-1, List.of(name), type, false, null, children);
  }
}
