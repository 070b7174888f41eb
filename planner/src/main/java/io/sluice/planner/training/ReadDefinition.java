package io.sluice.planner.training;

import io.sluice.engine.EngineException;
import io.sluice.engine.ErrorCode;
import io.sluice.engine.SqlPosition;
import io.sluice.planner.Session;
import io.sluice.planner.parse.Statement;
import io.sluice.planner.parse.TrainingStatement;
import io.sluice.planner.parse.TrainingStatement.SplitKind;
import io.sluice.planner.training.DatasetDefinition.Label;
import io.sluice.planner.training.DatasetDefinition.Part;
import io.sluice.planner.training.DatasetDefinition.Split;
import io.sluice.planner.training.VersionRecord.Column;
import io.sluice.planner.validate.Names;
import io.sluice.planner.validate.SqlErrors;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.calcite.sql.SqlIdentifier;
import org.jspecify.annotations.Nullable;

/** From the statement as parsed to a checked definition. */
final class ReadDefinition {
  private static final Map<String, Set<String>> OPTIONS =
      Map.of(
          "null_labels",
          Set.of("error", "drop", "keep"),
          "storage",
          Set.of("materialized", "virtual"),
          "pin",
          Set.of("preferred", "required"),
          AllowUntimed.OPTION,
          Set.of());

  private final TrainingStatement.Create create;
  private final List<Column> columns;
  private final List<String> names;
  private final List<String> defaultKey;

  /**
   * @param columns of the query
   * @param defaultKey the spine's primary key, for a statement without KEY
   */
  ReadDefinition(TrainingStatement.Create create, List<Column> columns, List<String> defaultKey) {
    this.create = create;
    this.columns = columns;
    this.names = columns.stream().map(Column::name).toList();
    this.defaultKey = defaultKey;
  }

  /**
   * The definition.
   *
   * @throws EngineException what is wrong with it, and where
   */
  DatasetDefinition read(Session session) {
    checkColumns();
    List<String> key = key();
    SqlIdentifier observed = create.observedAt();
    String observedAt = observed == null ? null : time(observed, "OBSERVED AT");
    List<Label> labels = labels(observedAt);
    Split split = create.split() == null ? null : split(create.split(), observedAt);
    DatasetDefinition.Fit fit =
        create.fit() == null ? null : new ReadTransforms(columns, key).read(create.fit(), split);
    return new DatasetDefinition(
        create.sql(),
        session.catalog(),
        session.schema(),
        session.zone().getId(),
        key,
        observedAt,
        labels,
        split,
        fit,
        options());
  }

  private void checkColumns() {
    Set<String> seen = new HashSet<>();
    for (String name : names) {
      if (!seen.add(name.toLowerCase(Locale.ROOT))) {
        throw SqlErrors.at(
            create.query(),
            ErrorCode.AMBIGUOUS_NAME,
            "the query gives two columns " + name + "; give one another name with AS");
      }
    }
    for (Column column : columns) {
      if (column.name().equalsIgnoreCase(DatasetSql.SPLIT) && !isSplitColumn(column.name())) {
        throw SqlErrors.at(
            create.query(),
            ErrorCode.INVALID_ARGUMENT,
            "the query gives a column split, which is the name of the column that says each row's"
                + " split; give it another name, or SPLIT BY COLUMN (split)");
      }
      if (column.type().equals("NULL")) {
        throw SqlErrors.at(
            create.query(),
            ErrorCode.TYPE_MISMATCH,
            "column " + column.name() + " has no type; CAST the NULL to the type that is meant");
      }
    }
  }

  private boolean isSplitColumn(String name) {
    TrainingStatement.Split split = create.split();
    return name.equals(DatasetSql.SPLIT)
        && split != null
        && split.kind() == SplitKind.COLUMN
        && split.columns().getFirst().getSimple().equalsIgnoreCase(name);
  }

  private List<String> key() {
    if (create.key().isEmpty()) {
      for (String column : defaultKey) {
        if (!names.contains(column)) {
          throw SqlErrors.at(
              create.name(),
              ErrorCode.INVALID_ARGUMENT,
              "the key of the first table is ("
                  + String.join(", ", defaultKey)
                  + "), but the query does not give "
                  + column
                  + "; select it or say KEY (columns)");
        }
      }
      if (defaultKey.isEmpty()) {
        throw SqlErrors.at(
            create.name(),
            ErrorCode.INVALID_ARGUMENT,
            "a training dataset needs KEY (columns that identify a row): the first table of the"
                + " query declares no primary key");
      }
      return defaultKey;
    }
    List<String> key = new ArrayList<>();
    for (SqlIdentifier written : create.key()) {
      String column = find(written, "KEY");
      String type = type(column);
      if (type.equals("REAL") || type.equals("DOUBLE")) {
        throw SqlErrors.at(
            written,
            ErrorCode.TYPE_MISMATCH,
            column + " is a " + type + "; a key is not a floating-point number");
      }
      key.add(column);
    }
    return key;
  }

  private List<Label> labels(@Nullable String observedAt) {
    List<Label> labels = new ArrayList<>();
    for (TrainingStatement.Label written : create.labels()) {
      if (written.horizon() != null && observedAt == null) {
        throw SqlErrors.at(
            written.column(),
            ErrorCode.INVALID_ARGUMENT,
            "HORIZON counts from OBSERVED AT, which is missing");
      }
      labels.add(new Label(find(written.column(), "LABEL"), written.horizon()));
    }
    return labels;
  }

  private Split split(TrainingStatement.Split written, @Nullable String observedAt) {
    List<String> of = new ArrayList<>();
    for (SqlIdentifier column : written.columns()) {
      of.add(
          written.kind() == SplitKind.TIME
              ? time(column, "SPLIT BY TIME")
              : find(column, "SPLIT BY " + written.kind()));
    }
    if (written.kind() == SplitKind.TIME && of.isEmpty() && observedAt == null) {
      throw at(written, "SPLIT BY TIME without a column splits by OBSERVED AT, which is missing");
    }
    if (written.kind() == SplitKind.STRATIFIED && of.size() != 1) {
      throw at(written, "RANDOM STRATIFIED BY takes one column");
    }
    List<Part> parts = new ArrayList<>();
    Set<String> seen = new HashSet<>();
    for (TrainingStatement.Part part : written.parts()) {
      String name = part.name().getSimple();
      if (!seen.add(name.toLowerCase(Locale.ROOT))) {
        throw SqlErrors.at(part.name(), ErrorCode.AMBIGUOUS_NAME, "two splits are named " + name);
      }
      parts.add(new Part(name, part.until(), part.fraction()));
    }
    if (written.kind() == SplitKind.TIME) {
      checkTimeParts(written);
    } else if (written.kind() != SplitKind.COLUMN) {
      checkFractions(written);
    }
    long seed = written.seed() == null ? 0 : written.seed();
    return new Split(written.kind(), of, seed, parts, written.gap());
  }

  private static void checkTimeParts(TrainingStatement.Split split) {
    boolean fractions = split.parts().getFirst().fraction() != null;
    BigDecimal sum = BigDecimal.ZERO;
    for (int i = 0; i < split.parts().size(); i++) {
      TrainingStatement.Part part = split.parts().get(i);
      boolean last = i == split.parts().size() - 1;
      BigDecimal fraction = part.fraction();
      if (fraction == null && part.until() == null) {
        if (!last) {
          throw SqlErrors.at(
              part.name(),
              ErrorCode.INVALID_ARGUMENT,
              "split "
                  + part.name().getSimple()
                  + " needs UNTIL and a time, or a fraction; only the last split takes the rest");
        }
        continue;
      }
      if (fractions != (fraction != null)) {
        throw SqlErrors.at(
            part.name(),
            ErrorCode.INVALID_ARGUMENT,
            "a split by time has either times or fractions");
      }
      if (fraction != null) {
        sum = added(part, fraction, sum);
      }
    }
  }

  private static void checkFractions(TrainingStatement.Split split) {
    BigDecimal sum = BigDecimal.ZERO;
    for (TrainingStatement.Part part : split.parts()) {
      BigDecimal fraction = part.fraction();
      if (fraction == null || part.until() != null) {
        throw SqlErrors.at(
            part.name(),
            ErrorCode.INVALID_ARGUMENT,
            "split " + part.name().getSimple() + " needs a fraction, such as 0.8");
      }
      sum = added(part, fraction, sum);
    }
  }

  private static BigDecimal added(
      TrainingStatement.Part part, BigDecimal fraction, BigDecimal sum) {
    if (fraction.signum() <= 0) {
      throw SqlErrors.at(part.name(), ErrorCode.INVALID_ARGUMENT, "a fraction is greater than 0");
    }
    BigDecimal total = sum.add(fraction);
    if (total.compareTo(BigDecimal.ONE) > 0) {
      throw SqlErrors.at(
          part.name(),
          ErrorCode.INVALID_ARGUMENT,
          "the fractions add up to " + total.toPlainString() + ", which is more than 1");
    }
    return total;
  }

  private static EngineException at(TrainingStatement.Split split, String message) {
    return new EngineException(
        ErrorCode.INVALID_ARGUMENT,
        message,
        new SqlPosition(split.position().getLineNum(), split.position().getColumnNum()),
        null);
  }

  private Map<String, String> options() {
    Map<String, String> options = new TreeMap<>();
    for (Statement.Property option : create.options()) {
      String name = option.name().toLowerCase(Locale.ROOT);
      Set<String> values = OPTIONS.get(name);
      if (values == null) {
        throw SqlErrors.at(
            create.name(),
            ErrorCode.INVALID_ARGUMENT,
            "there is no option " + option.name() + Names.didYouMean(name, OPTIONS.keySet()));
      }
      String value = values.isEmpty() ? option.value() : option.value().toLowerCase(Locale.ROOT);
      if (!values.isEmpty() && !values.contains(value)) {
        throw SqlErrors.at(
            create.name(),
            ErrorCode.INVALID_ARGUMENT,
            name + " is one of " + String.join(", ", new java.util.TreeSet<>(values)));
      }
      options.put(name, value);
    }
    return options;
  }

  private String time(SqlIdentifier written, String clause) {
    String column = find(written, clause);
    String type = type(column);
    if (!type.startsWith("TIMESTAMP") && !type.equals("DATE")) {
      throw SqlErrors.at(
          written,
          ErrorCode.TYPE_MISMATCH,
          clause + " takes a TIMESTAMP or DATE, but " + column + " is a " + type);
    }
    return column;
  }

  private String find(SqlIdentifier written, String clause) {
    return find(written, clause, names);
  }

  static String find(SqlIdentifier written, String clause, List<String> names) {
    String name = written.names.getLast();
    return Names.find(name, names, "column")
        .orElseThrow(
            () ->
                SqlErrors.at(
                    written,
                    ErrorCode.UNKNOWN_COLUMN,
                    clause
                        + ": the query gives no column "
                        + name
                        + Names.didYouMean(name, names)));
  }

  private String type(String column) {
    return columns.get(names.indexOf(column)).type();
  }
}
