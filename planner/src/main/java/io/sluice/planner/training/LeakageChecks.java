package io.sluice.planner.training;

import io.sluice.engine.EngineException;
import io.sluice.engine.ErrorCode;
import io.sluice.engine.connector.TableName;
import io.sluice.planner.training.Lineage.Column;
import io.sluice.planner.training.Lineage.Grouping;
import io.sluice.planner.training.Lineage.Source;
import io.sluice.planner.training.TableReferences.Reference;
import io.sluice.planner.validate.Names;
import io.sluice.planner.validate.SqlErrors;
import io.sluice.planner.validate.StatementTables;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.sql.SqlNode;
import org.jspecify.annotations.Nullable;

/**
 * Refuses features that know the future. A table with EVENT TIME, other than the spine, may reach a
 * feature only through rows that are compared with OBSERVED AT; an aggregate or window may mix only
 * such rows, and no labels. Labels themselves may look ahead.
 */
final class LeakageChecks {
  private final SqlNode text;
  private final DatasetDefinition definition;
  private final RowSources query;
  private final List<String> names;
  private final KnownTimes times;
  private final List<Reference> references;
  private final Set<Source> exempt = new HashSet<>();
  private final Map<Source, String> features = new LinkedHashMap<>();
  private final Map<Grouping, String> groupings = new LinkedHashMap<>();
  private final Set<Source> labels = new HashSet<>();
  private final Set<List<Object>> labelColumns = new HashSet<>();

  private LeakageChecks(
      SqlNode text,
      DatasetDefinition definition,
      RowSources query,
      List<String> names,
      StatementTables tables) {
    this.text = text;
    this.definition = definition;
    this.query = query;
    this.names = names;
    this.times = new KnownTimes(query, names.indexOf(String.valueOf(definition.observedAt())));
    List<Reference> written = TableReferences.of(text, tables);
    this.references = references(written);
    exempt(written, tables);
    sort();
  }

  /**
   * What reaches the features of a dataset.
   *
   * @param text its query
   * @param form the query's relational form before any rule
   * @param names of its columns
   */
  static LeakageChecks of(
      SqlNode text,
      DatasetDefinition definition,
      RelNode form,
      List<String> names,
      StatementTables tables) {
    return new LeakageChecks(text, definition, new RowSources(form), names, tables);
  }

  // -------- what the columns are

  private List<Reference> references(List<Reference> all) {
    List<Reference> written = new ArrayList<>(all);
    List<Reference> found = new ArrayList<>();
    Map<TableName, Reference> last = new HashMap<>();
    for (Source source : query.sources()) {
      TableName name = source.table.name();
      Reference own =
          written.stream()
              .filter(reference -> reference.table().equals(name))
              .findFirst()
              .orElse(last.getOrDefault(name, new Reference(name, name, text, name.table())));
      written.remove(own);
      last.put(name, own);
      found.add(own);
    }
    return found;
  }

  private Reference reference(Source source) {
    return references.get(source.id);
  }

  private void exempt(List<Reference> written, StatementTables tables) {
    for (String listed : AllowUntimed.names(definition)) {
      TableName name = tables.qualify(List.of(listed.split("\\.")));
      Set<TableName> there = new LinkedHashSet<>();
      written.forEach(reference -> there.add(reference.shown()));
      written.forEach(reference -> there.add(reference.table()));
      if (!there.contains(name)) {
        List<String> known = there.stream().map(TableName::table).distinct().toList();
        throw SqlErrors.at(
            text,
            ErrorCode.INVALID_ARGUMENT,
            "allow_untimed: the query reads no table "
                + listed
                + Names.didYouMean(name.table(), known));
      }
      for (Source source : query.sources()) {
        Reference own = reference(source);
        if (own.shown().equals(name) || own.table().equals(name)) {
          exempt.add(source);
        }
      }
    }
  }

  private void sort() {
    Set<String> labelNames = new HashSet<>();
    definition.labels().forEach(label -> labelNames.add(label.column()));
    for (int i = 0; i < names.size(); i++) {
      Column column = query.columns().get(i);
      String name = names.get(i);
      if (labelNames.contains(name)) {
        labels.addAll(column.sources());
        column.expressions().forEach(e -> labelColumns.addAll(times.tableColumns(e)));
      } else if (!name.equals(definition.observedAt())) {
        column.sources().forEach(source -> features.putIfAbsent(source, name));
        column.groupings().forEach(grouping -> groupings.putIfAbsent(grouping, name));
      }
    }
    query.selecting().forEach(source -> features.putIfAbsent(source, ""));
    query.selectingGroupings().forEach(grouping -> groupings.putIfAbsent(grouping, ""));
    for (Source source : query.sources()) {
      if (!labels.contains(source)) {
        features.putIfAbsent(source, "");
      }
    }
  }

  // -------- verdicts

  /**
   * Refuses what is not bounded.
   *
   * @throws EngineException LEAKAGE with the place and what to do
   */
  void check() {
    groupings.forEach(this::checkLabels);
    features.forEach(
        (source, feature) -> {
          if (KnownTimes.isTimed(source) && !times.isSpine(source) && !exempt.contains(source)) {
            checkSource(source, feature);
          }
        });
    groupings.keySet().forEach(this::checkGrouping);
  }

  private void checkSource(Source source, String feature) {
    Reference own = reference(source);
    String table = own.shown().table();
    String event = event(source);
    if (definition.observedAt() == null) {
      throw leak(
          own.place(),
          table
              + " has EVENT TIME ("
              + KnownTimes.eventColumn(source)
              + "), but the dataset does not say which instant its features may know: add OBSERVED"
              + " AT (a time column of the query)"
              + unless(own));
    }
    if (times.isBounded(source)) {
      return;
    }
    for (Grouping grouping : groupings.keySet()) {
      if (grouping.mixed().contains(source)) {
        throw unbounded(grouping, source);
      }
    }
    throw leak(
        own.place(),
        source.asof
            ? "this ASOF JOIN may pick rows of "
                + table
                + " after OBSERVED AT"
                + of(feature)
                + "; write MATCH_CONDITION ("
                + event
                + " <= "
                + observed()
                + ")"
                + unless(own)
            : table
                + " is read without regard to its EVENT TIME, so that rows after OBSERVED AT are"
                + " seen"
                + of(feature)
                + "; write LEFT ASOF JOIN with MATCH_CONDITION ("
                + event
                + " <= "
                + observed()
                + "), or add "
                + event
                + " <= "
                + observed()
                + " to the condition"
                + unless(own));
  }

  private void checkGrouping(Grouping grouping) {
    for (Source source : grouping.mixed()) {
      if (KnownTimes.isTimed(source)
          && !exempt.contains(source)
          && !times.mixesKnown(grouping, source)) {
        throw unbounded(grouping, source);
      }
    }
  }

  private EngineException unbounded(Grouping grouping, Source source) {
    Reference own = reference(source);
    String event = event(source);
    boolean spine = times.isSpine(source);
    String remedy =
        grouping.window()
            ? "; add ORDER BY " + event + ", and let the frame end at the current row"
            : spine
                ? "; compute it in a sub-query of each row with " + event + " <= " + observed()
                : "; add " + event + " <= " + observed() + " below the aggregate";
    return leak(
        place(grouping, source),
        what(grouping)
            + " over "
            + own.shown().table()
            + " uses rows after OBSERVED AT"
            + of(groupings.getOrDefault(grouping, ""))
            + remedy
            + unless(own));
  }

  /** An aggregate or window over a label tells a row of other rows' labels, or of its own. */
  private void checkLabels(Grouping grouping, String feature) {
    Labels found = labels(grouping);
    if (found != null && !exempt.contains(found.source())) {
      throw leak(
          place(grouping, found.source()),
          what(grouping)
              + " over the label "
              + found.column()
              + of(feature)
              + " tells a row of labels that are not known at its time; leave it out, or"
              + " compute it in a sub-query of each row over earlier rows only"
              + unless(reference(found.source())));
    }
  }

  private record Labels(Source source, String column) {}

  private @Nullable Labels labels(Grouping grouping) {
    for (RexNode argument : grouping.arguments()) {
      for (List<Object> column : times.tableColumns(argument)) {
        for (Source source : grouping.mixed()) {
          if (labelColumns.contains(column)
              && source.table.name().equals(column.getFirst())
              && !times.mixesEarlier(grouping, source)) {
            return new Labels(source, String.valueOf(column.getLast()));
          }
        }
      }
    }
    return null;
  }

  // -------- for AUDIT

  /** Features that put labels together, exempt or not, and the labels. */
  Map<String, String> labelGroupings() {
    Map<String, String> found = new LinkedHashMap<>();
    groupings.forEach(
        (grouping, feature) -> {
          Labels labelsOf = labels(grouping);
          if (labelsOf != null) {
            found.put(feature, labelsOf.column());
          }
        });
    return found;
  }

  List<Source> sources() {
    return query.sources();
  }

  /** Whether the reading is not the spine and is there for more than labels. */
  boolean reachesFeatures(Source source) {
    return !times.isSpine(source) && features.containsKey(source);
  }

  /** The columns that depend on the reading, without labels. */
  List<String> featuresOf(Source source) {
    List<String> found = new ArrayList<>();
    for (int i = 0; i < names.size(); i++) {
      String name = names.get(i);
      boolean label = definition.labels().stream().anyMatch(l -> l.column().equals(name));
      if (!label && query.columns().get(i).sources().contains(source)) {
        found.add(name);
      }
    }
    return found;
  }

  String name(Source source) {
    return reference(source).shown().table();
  }

  /** Columns of the dataset that ASOF joins match entities by. */
  List<String> entities() {
    Set<String> matched = new HashSet<>();
    query.entities().forEach(entity -> matched.add(entity.toString()));
    List<String> found = new ArrayList<>();
    for (int i = 0; i < names.size(); i++) {
      List<RexNode> expressions = query.columns().get(i).expressions();
      if (expressions.size() == 1 && matched.contains(expressions.getFirst().toString())) {
        found.add(names.get(i));
      }
    }
    return found;
  }

  // -------- messages

  private String observed() {
    return String.valueOf(definition.observedAt());
  }

  private String event(Source source) {
    return reference(source).alias() + "." + KnownTimes.eventColumn(source);
  }

  private static String what(Grouping grouping) {
    return grouping.window() ? "a window" : "an aggregate";
  }

  private static String of(String feature) {
    return feature.isEmpty() ? "" : " (column " + feature + ")";
  }

  private static String unless(Reference reference) {
    return ", or say WITH (allow_untimed = (" + reference.shown().table() + "))";
  }

  private SqlNode place(Grouping grouping, Source source) {
    List<String> columns = new ArrayList<>();
    for (RexNode argument : grouping.arguments()) {
      times.tableColumns(argument).forEach(column -> columns.add((String) column.getLast()));
    }
    SqlNode call = AggregateCalls.over(text, columns);
    return call == null ? reference(source).place() : call;
  }

  private static EngineException leak(SqlNode place, String message) {
    return SqlErrors.at(place, ErrorCode.LEAKAGE, message);
  }
}
