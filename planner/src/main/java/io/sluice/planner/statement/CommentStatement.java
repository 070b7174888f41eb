package io.sluice.planner.statement;

import io.sluice.engine.ErrorCode;
import io.sluice.engine.connector.ColumnDefinition;
import io.sluice.engine.connector.Relation;
import io.sluice.engine.connector.TableName;
import io.sluice.planner.parse.Statement;
import io.sluice.planner.parse.Statement.Comment.Target;
import io.sluice.planner.validate.Names;
import io.sluice.planner.validate.SqlErrors;
import io.sluice.planner.validate.StatementTables;
import java.util.List;

/** COMMENT ON. */
final class CommentStatement {
  private CommentStatement() {}

  static void run(Statement.Comment comment, StatementTables tables) {
    List<String> parts = comment.name().names;
    boolean ofColumn = comment.target() == Target.COLUMN;
    if (ofColumn && parts.size() < 2) {
      throw SqlErrors.at(
          comment.name(), ErrorCode.UNKNOWN_COLUMN, "COMMENT ON COLUMN takes table.column");
    }
    List<String> relationParts = ofColumn ? parts.subList(0, parts.size() - 1) : parts;
    TableName name = tables.qualify(relationParts);
    Relation relation =
        tables
            .load(name)
            .orElseThrow(() -> SqlErrors.at(comment.name(), tables.unknown(relationParts, name)));
    if (relation instanceof Relation.Dataset) {
      throw SqlErrors.at(
          comment.name(),
          ErrorCode.UNSUPPORTED,
          name
              + " is a training dataset, whose versions never change; CREATE TRAINING DATASET has a"
              + " COMMENT clause");
    }
    tables
        .changing(name)
        .comment(
            tables.principal(),
            name.schema(),
            name.table(),
            ofColumn ? column(relation, parts.getLast(), comment) : null,
            comment.text());
  }

  private static String column(Relation relation, String written, Statement.Comment comment) {
    List<String> columns =
        switch (relation) {
          case Relation.Table table -> names(table.definition().columns());
          case Relation.View view -> names(view.definition().columns());
          case Relation.Dataset dataset -> names(dataset.definition().columns());
        };
    return Names.find(written, columns, "column")
        .orElseThrow(
            () ->
                SqlErrors.at(
                    comment.name(),
                    ErrorCode.UNKNOWN_COLUMN,
                    "column "
                        + written
                        + " does not exist in "
                        + relation.name()
                        + Names.didYouMean(written, columns)));
  }

  private static List<String> names(List<ColumnDefinition> columns) {
    return columns.stream().map(ColumnDefinition::name).toList();
  }
}
