package io.sluice.planner.training;

import io.sluice.engine.ErrorCode;
import io.sluice.planner.parse.TrainingStatement;
import io.sluice.planner.parse.TrainingStatement.SplitKind;
import io.sluice.planner.training.DatasetDefinition.Fit;
import io.sluice.planner.training.DatasetDefinition.Step;
import io.sluice.planner.training.DatasetDefinition.Transform;
import io.sluice.planner.training.VersionRecord.Column;
import io.sluice.planner.validate.Names;
import io.sluice.planner.validate.SqlErrors;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlLiteral;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlUtil;
import org.jspecify.annotations.Nullable;

/** FIT: transforms of one column each, composed of known functions. */
final class ReadTransforms {
  /** Functions and how many arguments they take after the column. */
  private static final Map<String, Integer> LEAST =
      Map.of(
          "standardize", 0,
          "min_max_scale", 0,
          "one_hot", 0,
          "label_encode", 0,
          "impute", 1,
          "bucketize", 2);

  private static final Map<String, Integer> MOST =
      Map.of(
          "standardize", 0,
          "min_max_scale", 0,
          "one_hot", 1,
          "label_encode", 0,
          "impute", 1,
          "bucketize", 1000);

  private final List<Column> columns;
  private final List<String> key;

  ReadTransforms(List<Column> columns, List<String> key) {
    this.columns = columns;
    this.key = key;
  }

  Fit read(TrainingStatement.Fit written, DatasetDefinition.@Nullable Split split) {
    String on = written.split().getSimple();
    if (split != null && split.kind() != SplitKind.COLUMN) {
      List<String> splits = split.parts().stream().map(DatasetDefinition.Part::name).toList();
      on =
          Names.find(on, splits, "split")
              .orElseThrow(
                  () ->
                      SqlErrors.at(
                          written.split(),
                          ErrorCode.INVALID_ARGUMENT,
                          "FIT ON: there is no split "
                              + written.split().getSimple()
                              + "; there are "
                              + String.join(", ", splits)));
    } else if (split == null && !on.equals(DatasetSql.WHOLE)) {
      throw SqlErrors.at(
          written.split(),
          ErrorCode.INVALID_ARGUMENT,
          "FIT ON: the dataset has no splits; add SPLIT BY, or write FIT ON \"all\"");
    }
    List<Transform> transforms = new ArrayList<>();
    Set<String> outputs = new HashSet<>();
    for (SqlNode item : written.items()) {
      Transform transform = transform(item);
      if (!outputs.add(transform.output().toLowerCase(Locale.ROOT))) {
        throw SqlErrors.at(
            item,
            ErrorCode.AMBIGUOUS_NAME,
            "two transforms give a column " + transform.output() + "; name one with AS");
      }
      transforms.add(transform);
    }
    return new Fit(on, transforms);
  }

  private Transform transform(SqlNode item) {
    SqlNode expression = SqlUtil.stripAs(item);
    List<Step> steps = new ArrayList<>();
    String column = steps(expression, steps);
    String output = column;
    if (item.getKind() == SqlKind.AS && item instanceof SqlCall as) {
      output = ((SqlIdentifier) as.operand(1)).getSimple();
      checkOutput(item, output, column);
    } else if (key.contains(column)) {
      throw SqlErrors.at(
          item,
          ErrorCode.INVALID_ARGUMENT,
          column + " is part of KEY and stays as it is; name the transformed column with AS");
    }
    checkType(expression, steps.getFirst(), column);
    return new Transform(output, column, steps);
  }

  /** What the first step takes; later ones are checked when they are fitted. */
  private void checkType(SqlNode place, Step first, String column) {
    String type =
        columns.stream().filter(c -> c.name().equals(column)).findFirst().orElseThrow().type();
    String function = first.function();
    boolean numbers = List.of("standardize", "min_max_scale", "bucketize").contains(function);
    boolean categories = List.of("label_encode", "one_hot").contains(function);
    if (numbers && !FitTransforms.isNumber(type)) {
      throw SqlErrors.at(
          place,
          ErrorCode.TYPE_MISMATCH,
          function + " takes numbers, but " + column + " is a " + type);
    }
    if (categories && FitTransforms.isFloat(type)) {
      throw SqlErrors.at(
          place,
          ErrorCode.TYPE_MISMATCH,
          function + " takes categories, but " + column + " is a " + type + "; bucketize it first");
    }
  }

  private void checkOutput(SqlNode item, String output, String column) {
    boolean taken =
        output.equalsIgnoreCase(DatasetSql.SPLIT)
            || columns.stream()
                .anyMatch(c -> c.name().equalsIgnoreCase(output) && !c.name().equals(column));
    if (taken || key.contains(output)) {
      throw SqlErrors.at(
          item, ErrorCode.AMBIGUOUS_NAME, "there is a column " + output + " already");
    }
  }

  private String steps(SqlNode expression, List<Step> into) {
    if (expression instanceof SqlIdentifier column) {
      return ReadDefinition.find(column, "FIT", columns.stream().map(Column::name).toList());
    }
    if (!(expression instanceof SqlCall call)
        || call.getOperandList().isEmpty()
        || !LEAST.containsKey(call.getOperator().getName().toLowerCase(Locale.ROOT))) {
      throw SqlErrors.at(
          expression,
          ErrorCode.UNKNOWN_FUNCTION,
          "FIT takes transforms of a column: "
              + String.join(", ", new java.util.TreeSet<>(LEAST.keySet()))
              + suggestion(expression));
    }
    String function = call.getOperator().getName().toLowerCase(Locale.ROOT);
    String column = steps(call.operand(0), into);
    List<String> arguments = new ArrayList<>();
    for (SqlNode argument : call.getOperandList().subList(1, call.operandCount())) {
      arguments.add(constant(argument));
    }
    int least = LEAST.getOrDefault(function, 0);
    int most = MOST.getOrDefault(function, 0);
    if (arguments.size() < least || arguments.size() > most) {
      throw SqlErrors.at(expression, ErrorCode.INVALID_ARGUMENT, "write " + usage(function));
    }
    into.add(new Step(function, arguments));
    return column;
  }

  private static String suggestion(SqlNode expression) {
    return expression instanceof SqlCall call
        ? Names.didYouMean(call.getOperator().getName(), LEAST.keySet())
        : "";
  }

  private static String usage(String function) {
    return switch (function) {
      case "impute" -> "impute(column, 'mean' | 'median' | 'mode' | constant)";
      case "bucketize" -> "bucketize(column, b0, b1, ...)";
      case "one_hot" -> "one_hot(column) or one_hot(column, most_categories)";
      default -> function + "(column)";
    };
  }

  private static String constant(SqlNode argument) {
    SqlNode plain = argument;
    String sign = "";
    if (plain.getKind() == SqlKind.MINUS_PREFIX && plain instanceof SqlCall minus) {
      plain = minus.operand(0);
      sign = "-";
    }
    if (plain instanceof SqlLiteral literal && !literal.toString().startsWith("NULL")) {
      Object value = literal.getValue();
      return literal instanceof org.apache.calcite.sql.SqlCharStringLiteral
          ? Sql.text(literal.getValueAs(String.class))
          : literal instanceof org.apache.calcite.sql.SqlNumericLiteral
              ? sign + literal.toValue()
              : value instanceof Boolean ? value.toString() : literal.toString();
    }
    throw SqlErrors.at(
        argument, ErrorCode.INVALID_ARGUMENT, "the arguments of a transform are constants");
  }
}
