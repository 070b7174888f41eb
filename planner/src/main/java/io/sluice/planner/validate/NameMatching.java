package io.sluice.planner.validate;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeField;
import org.apache.calcite.sql.validate.SqlNameMatcher;
import org.jspecify.annotations.Nullable;

/** {@link Names} for Calcite's validator. */
final class NameMatching implements SqlNameMatcher {
  /** True, so that the validator asks once and leaves the rule about case to us. */
  @Override
  public boolean isCaseSensitive() {
    return true;
  }

  @Override
  public boolean matches(String string, String name) {
    return string.equalsIgnoreCase(name);
  }

  @Override
  public <K extends List<String>, V> @Nullable V get(
      Map<K, V> map, List<String> prefixNames, List<String> names) {
    List<String> wanted = new ArrayList<>(prefixNames);
    wanted.addAll(names);
    V near = null;
    for (Map.Entry<K, V> entry : map.entrySet()) {
      if (entry.getKey().equals(wanted)) {
        return entry.getValue();
      }
      if (equalsIgnoreCase(entry.getKey(), wanted)) {
        near = entry.getValue();
      }
    }
    return near;
  }

  private static boolean equalsIgnoreCase(List<String> a, List<String> b) {
    if (a.size() != b.size()) {
      return false;
    }
    for (int i = 0; i < a.size(); i++) {
      if (!a.get(i).equalsIgnoreCase(b.get(i))) {
        return false;
      }
    }
    return true;
  }

  @Override
  public String bestString() {
    throw new UnsupportedOperationException();
  }

  @Override
  public @Nullable RelDataTypeField field(RelDataType rowType, String fieldName) {
    List<String> names = rowType.getFieldNames();
    Optional<String> found = Names.find(fieldName, names, "column");
    return found.map(name -> rowType.getFieldList().get(names.indexOf(name))).orElse(null);
  }

  @Override
  public int frequency(Iterable<String> names, String name) {
    int exact = 0;
    int near = 0;
    for (String candidate : names) {
      exact += candidate.equals(name) ? 1 : 0;
      near += candidate.equalsIgnoreCase(name) ? 1 : 0;
    }
    return exact > 0 ? exact : near;
  }

  @Override
  public Set<String> createSet() {
    return new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
  }
}
