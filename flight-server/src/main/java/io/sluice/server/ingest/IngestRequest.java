package io.sluice.server.ingest;

import io.sluice.engine.EngineException;
import io.sluice.engine.ErrorCode;
import io.sluice.engine.connector.WriteMode;
import io.sluice.server.config.Closest;
import java.util.List;
import java.util.Map;
import org.apache.arrow.flight.sql.impl.FlightSql.CommandStatementIngest;
import org.apache.arrow.flight.sql.impl.FlightSql.CommandStatementIngest.TableDefinitionOptions;
import org.apache.arrow.flight.sql.impl.FlightSql.CommandStatementIngest.TableDefinitionOptions.TableNotExistOption;
import org.jspecify.annotations.Nullable;

/**
 * What an upload asks for.
 *
 * @param temporary whether the table is the session's alone
 * @param catalog null for the session's
 * @param schema null for the session's
 * @param mode what to do with the table
 * @param mustExist whether the table has to be there, although the mode could make it
 * @param timestampPrecision 6 or 9, or null for the session's
 */
record IngestRequest(
    boolean temporary,
    @Nullable String catalog,
    @Nullable String schema,
    String table,
    WriteMode mode,
    boolean mustExist,
    @Nullable Integer timestampPrecision) {
  private static final String PRECISION_OPTION = "timestamp_precision";

  /** Reads the command; what is not offered is refused by name. */
  static IngestRequest of(CommandStatementIngest command) {
    if (command.hasTransactionId()) {
      throw new EngineException(
          ErrorCode.UNSUPPORTED,
          "transactions are not offered: every ingest is one commit; send no transaction id");
    }
    if (command.getTable().isEmpty()) {
      throw new EngineException(ErrorCode.INVALID_ARGUMENT, "the ingest names no table");
    }
    TableDefinitionOptions options = command.getTableDefinitionOptions();
    boolean create = options.getIfNotExist() == TableNotExistOption.TABLE_NOT_EXIST_OPTION_CREATE;
    if (!create && options.getIfNotExist() != TableNotExistOption.TABLE_NOT_EXIST_OPTION_FAIL) {
      throw new EngineException(
          ErrorCode.INVALID_ARGUMENT,
          "the ingest must say what to do where the table does not exist: create or fail");
    }
    WriteMode mode =
        switch (options.getIfExists()) {
          case TABLE_EXISTS_OPTION_FAIL -> {
            if (!create) {
              throw new EngineException(
                  ErrorCode.INVALID_ARGUMENT,
                  "an ingest that fails where the table exists and where it does not can never"
                      + " succeed");
            }
            yield WriteMode.CREATE;
          }
          case TABLE_EXISTS_OPTION_APPEND -> create ? WriteMode.CREATE_OR_APPEND : WriteMode.APPEND;
          case TABLE_EXISTS_OPTION_REPLACE -> WriteMode.REPLACE;
          case TABLE_EXISTS_OPTION_UNSPECIFIED, UNRECOGNIZED ->
              throw new EngineException(
                  ErrorCode.INVALID_ARGUMENT,
                  "the ingest must say what to do where the table exists: fail, append or"
                      + " replace");
        };
    return new IngestRequest(
        command.getTemporary(),
        command.hasCatalog() && !command.getCatalog().isEmpty() ? command.getCatalog() : null,
        command.hasSchema() && !command.getSchema().isEmpty() ? command.getSchema() : null,
        command.getTable(),
        mode,
        !create,
        precision(command.getOptionsMap()));
  }

  private static @Nullable Integer precision(Map<String, String> options) {
    Integer precision = null;
    for (Map.Entry<String, String> option : options.entrySet()) {
      if (!option.getKey().equals(PRECISION_OPTION)) {
        String close = Closest.of(option.getKey(), List.of(PRECISION_OPTION));
        throw new EngineException(
            ErrorCode.INVALID_ARGUMENT,
            "unknown ingest option '"
                + option.getKey()
                + "'; "
                + (close == null ? "there is " : "did you mean ")
                + PRECISION_OPTION);
      }
      precision =
          switch (option.getValue()) {
            case "6" -> 6;
            case "9" -> 9;
            default ->
                throw new EngineException(
                    ErrorCode.INVALID_ARGUMENT,
                    PRECISION_OPTION + " must be 6 or 9, not '" + option.getValue() + "'");
          };
    }
    return precision;
  }
}
