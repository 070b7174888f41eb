package io.sluice.planner.training;

import io.sluice.engine.EngineException;
import io.sluice.engine.ErrorCode;
import io.sluice.engine.connector.ColumnDefinition;
import io.sluice.engine.connector.Relation;
import io.sluice.engine.connector.StoredDataset;
import io.sluice.engine.connector.TableName;
import io.sluice.engine.connector.TrainingDatasetStore;
import io.sluice.engine.type.SqlType;
import io.sluice.planner.QueryPlanner;
import io.sluice.planner.parse.SqlText;
import io.sluice.planner.training.VersionRecord.Input;
import io.sluice.planner.training.VersionRecord.Pinning;
import io.sluice.planner.training.VersionRecord.StoredView;
import io.sluice.planner.validate.ComputedTable;
import io.sluice.planner.validate.DatasetReader.Form;
import io.sluice.planner.validate.Names;
import io.sluice.planner.validate.Selects;
import io.sluice.planner.validate.SqlErrors;
import io.sluice.planner.validate.SqlTypes;
import io.sluice.planner.validate.StatementTables;
import io.sluice.planner.validate.TableFunctions;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.apache.calcite.plan.RelOptTable;
import org.apache.calcite.plan.RelOptUtil;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.logical.LogicalProject;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeField;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlLiteral;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNodeList;
import org.apache.calcite.sql.SqlSelect;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.apache.calcite.sql.parser.SqlParserPos;

/**
 * {@code TABLE(inference_data('ml.delays', 1, TABLE keys))}: a dataset's query over other rows in
 * place of its spine, over the lake as it is now, without labels, and with the transforms that the
 * version has fitted.
 */
public final class InferenceData implements TableFunctions {
  private static final String NAME = "inference_data";
  private static final String USAGE =
      "write inference_data('schema.dataset', version, TABLE keys) or inference_data(...,"
          + " (SELECT ...)), and raw => TRUE at the end for columns without transforms";

  private final Planning planning;

  /** Plans queries as parts of the statement's own. */
  public interface Planning {
    /**
     * A query's relational form.
     *
     * @param computed relations that the query names beside those of {@code tables}
     */
    RelNode form(
        SqlNode query, StatementTables tables, ZoneId zone, Map<String, ComputedTable> computed);

    /** The query with names resolved. */
    SqlNode validated(
        SqlNode query, StatementTables tables, ZoneId zone, Map<String, ComputedTable> computed);
  }

  public InferenceData(Planning planning) {
    this.planning = planning;
  }

  private record Arguments(String dataset, int version, SqlNode keys, Form form) {}

  @Override
  public ComputedTable of(SqlCall call, StatementTables tables) {
    Arguments arguments = arguments(call);
    StoredDataset version;
    try {
      SqlIdentifier name =
          new SqlIdentifier(SqlText.name(arguments.dataset()), call.getParserPosition());
      version = DatasetVersions.version(name, arguments.version(), tables);
    } catch (EngineException failure) {
      throw SqlErrors.at(call, failure);
    }
    return new Data(version, arguments, tables);
  }

  private static Arguments arguments(SqlCall call) {
    String function = call.getOperator().getName().toLowerCase(Locale.ROOT);
    if (!function.equals(NAME)) {
      throw SqlErrors.at(
          call,
          ErrorCode.UNKNOWN_FUNCTION,
          "there is no table function " + function + Names.didYouMean(function, List.of(NAME)));
    }
    List<SqlNode> given = new ArrayList<>(call.getOperandList());
    Form form = Form.TRANSFORMED;
    if (given.size() == 4
        && given.get(3) instanceof SqlCall named
        && named.getKind() == SqlKind.ARGUMENT_ASSIGNMENT
        && named.operand(1).toString().equalsIgnoreCase("raw")
        && named.operand(0) instanceof SqlLiteral flag
        && flag.getValue() instanceof Boolean raw) {
      form = raw ? Form.RAW : Form.TRANSFORMED;
      given.removeLast();
    }
    if (given.size() == 3
        && given.get(0) instanceof SqlLiteral name
        && SqlKind.LITERAL == name.getKind()
        && name.getValue() instanceof org.apache.calcite.util.NlsString
        && given.get(1) instanceof org.apache.calcite.sql.SqlNumericLiteral number
        && number.isInteger()) {
      return new Arguments(
          name.getValueAs(String.class), number.intValue(true), keys(given.get(2)), form);
    }
    throw SqlErrors.at(call, ErrorCode.INVALID_ARGUMENT, USAGE);
  }

  private static SqlNode keys(SqlNode argument) {
    if (QueryPlanner.countParameters(argument) > 0) {
      throw SqlErrors.at(
          argument, ErrorCode.UNSUPPORTED, "the keys of inference_data take no parameters");
    }
    if (argument.getKind() == SqlKind.EXPLICIT_TABLE && argument instanceof SqlCall table) {
      SqlParserPos place = argument.getParserPosition();
      return Selects.of(place, SqlNodeList.of(SqlIdentifier.star(place)), table.operand(0), null);
    }
    if (argument.getKind().belongsTo(SqlKind.QUERY)) {
      return argument;
    }
    throw SqlErrors.at(argument, ErrorCode.INVALID_ARGUMENT, USAGE);
  }

  /** One call. */
  private final class Data implements ComputedTable {
    private final StoredDataset version;
    private final VersionRecord record;
    private final Arguments arguments;
    private final StatementTables tables;

    Data(StoredDataset version, Arguments arguments, StatementTables tables) {
      this.version = version;
      this.record = RecordJson.read(version.record());
      this.arguments = arguments;
      this.tables = tables;
    }

    @Override
    public List<ColumnDefinition> columns() {
      return InferenceColumns.of(record, arguments.form()).definitions(tables);
    }

    @Override
    public RelNode expand(RelDataType rowType, RelOptTable.ToRelContext context) {
      StatementTables now = CurrentInputs.tables(record, tables);
      ZoneId zone = ZoneId.of(record.definition().zone());
      RelNode keys = planning.form(arguments.keys(), tables, zone, Map.of());
      try {
        return RelOptUtil.createCastRel(rows(keys, now, zone), rowType, true);
      } catch (EngineException failure) {
        // its place is one in the dataset's text, not in the statement's
        throw new EngineException(
            failure.code(),
            "in the query of training dataset "
                + version.dataset()
                + " version "
                + version.version()
                + ": "
                + failure.getMessage(),
            failure);
      }
    }

    private RelNode rows(RelNode keys, StatementTables now, ZoneId zone) {
      DatasetDefinition definition = record.definition();
      InferenceSpine spine = InferenceSpine.of(Sql.query(definition.sql()));
      StatementTables then =
          record.pinning() == Pinning.RELEASED ? now : RecordedInputs.tables(record, tables);
      RelDataType own = planning.form(spine.rows(), then, zone, Map.of()).getRowType();
      List<ColumnDefinition> spineColumns = new ArrayList<>();
      for (RelDataTypeField field : own.getFieldList()) {
        spineColumns.add(
            new ColumnDefinition(
                field.getName(), SqlTypes.fromCalcite(field.getType()), true, null));
      }
      InferenceChecks checks =
          new InferenceChecks(
              definition,
              planning.validated(
                  spine.query(),
                  now,
                  zone,
                  Map.of(InferenceSpine.KEYS, new Keys(spineColumns, keys))),
              record.columns().stream().map(VersionRecord.Column::name).toList(),
              spine.alias());
      Map<String, SqlIdentifier> needed = checks.needed();
      checkKeys(needed, spineColumns, keys);
      InferenceSpine fresh = InferenceSpine.of(Sql.query(definition.sql()));
      InferenceChecks.keepRows(fresh.query(), checks.labelTables());
      SqlSelect select =
          (SqlSelect)
              Sql.query(
                  "SELECT "
                      + String.join(", ", InferenceColumns.of(record, arguments.form()).items()));
      SqlParserPos place = fresh.query().getParserPosition();
      select.setFrom(
          SqlStdOperatorTable.AS.createCall(
              place, fresh.query(), new SqlIdentifier("$source", place)));
      return planning.form(
          select, now, zone, Map.of(InferenceSpine.KEYS, new Keys(spineColumns, keys)));
    }

    private void checkKeys(
        Map<String, SqlIdentifier> needed, List<ColumnDefinition> spine, RelNode keys) {
      List<String> given = keys.getRowType().getFieldNames();
      for (ColumnDefinition column : spine) {
        SqlIdentifier place = needed.get(column.name());
        if (place == null) {
          continue;
        }
        Optional<String> found = Names.find(column.name(), given, "column");
        if (found.isEmpty()) {
          throw SqlErrors.at(
              place,
              ErrorCode.UNKNOWN_COLUMN,
              "the keys have no column "
                  + column.name()
                  + " ("
                  + column.type().sql()
                  + "), which is read here; they have "
                  + String.join(", ", given));
        }
        SqlType type =
            SqlTypes.fromCalcite(
                keys.getRowType().getFieldList().get(given.indexOf(found.get())).getType());
        if (!Keys.fits(type, column.type())) {
          throw SqlErrors.at(
              place,
              ErrorCode.TYPE_MISMATCH,
              "column "
                  + found.get()
                  + " of the keys is a "
                  + type.sql()
                  + " and must be a "
                  + column.type().sql()
                  + ", as in the dataset; CAST it");
        }
      }
    }
  }

  /** Keys in the columns and types of the spine; what is not given is NULL. */
  private record Keys(List<ColumnDefinition> columns, RelNode keys) implements ComputedTable {
    @Override
    public RelNode expand(RelDataType rowType, RelOptTable.ToRelContext context) {
      RexBuilder builder = keys.getCluster().getRexBuilder();
      List<String> given = keys.getRowType().getFieldNames();
      List<RexNode> cells = new ArrayList<>();
      for (RelDataTypeField field : rowType.getFieldList()) {
        int index = Names.find(field.getName(), given, "column").map(given::indexOf).orElse(-1);
        boolean fits =
            index >= 0
                && fits(
                    SqlTypes.fromCalcite(keys.getRowType().getFieldList().get(index).getType()),
                    SqlTypes.fromCalcite(field.getType()));
        cells.add(
            fits
                ? builder.makeCast(field.getType(), builder.makeInputRef(keys, index), true)
                : builder.makeNullLiteral(field.getType()));
      }
      return LogicalProject.create(
          keys, List.of(), cells, rowType.getFieldNames(), java.util.Set.of());
    }

    /** Whether values become the other type without a change of meaning; their range is checked. */
    static boolean fits(SqlType from, SqlType to) {
      return from.kind() == SqlType.Kind.NULL
          || from.kind() == to.kind()
          || (isNumber(from) && isNumber(to));
    }

    private static boolean isNumber(SqlType type) {
      return FitTransforms.isNumber(type.sql());
    }
  }

  /** What a version's query reads, as it is now; views as the version has them. */
  private static final class CurrentInputs {
    static StatementTables tables(VersionRecord record, StatementTables tables) {
      Map<TableName, Relation> replacing = new HashMap<>();
      for (StoredView view : record.views()) {
        TableName name = new TableName(view.catalog(), view.schema(), view.name());
        replacing.put(name, new Relation.View(name, RecordedInputs.definition(view, tables)));
      }
      for (Input input : record.inputs()) {
        TableName name = new TableName(input.catalog(), input.schema(), input.table());
        current(input, name, tables).ifPresent(relation -> replacing.put(name, relation));
      }
      DatasetDefinition definition = record.definition();
      return tables.overlaid(definition.defaultCatalog(), definition.defaultSchema(), replacing);
    }

    /** Tables are known by their UUIDs: a renamed one is found under its present name. */
    private static Optional<Relation> current(Input input, TableName name, StatementTables tables) {
      if (input.copy() != null) {
        return tables.load(RecordedInputs.place(input));
      }
      Optional<Relation> there = tables.load(name);
      if (there.isPresent()
          && there.get() instanceof Relation.Table table
          && table.uuid().equals(input.uuid())) {
        return there;
      }
      TrainingDatasetStore store = RecordedInputs.storeOf(input, tables);
      Optional<Relation> renamed = store.named(input.uuid()).flatMap(tables::load);
      if (renamed.isEmpty()) {
        throw new EngineException(
            ErrorCode.UNKNOWN_TABLE,
            "table "
                + name
                + ", which the dataset reads, was dropped"
                + (there.isPresent() ? ", and the one of that name now is another" : ""));
      }
      return renamed;
    }
  }
}
