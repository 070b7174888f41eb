package io.sluice.engine.function;

import io.sluice.engine.EngineException;
import io.sluice.engine.ErrorCode;
import io.sluice.engine.function.kernel.Bytes;
import io.sluice.engine.function.kernel.DateTimeField;
import io.sluice.engine.function.kernel.RowLoops;
import io.sluice.engine.function.kernel.Values;
import io.sluice.engine.type.SqlType;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** A unit of time that is given as text; keeps what it read last. */
final class UnitArgument {
  private String text = "";
  private @Nullable DateTimeField field;
  private boolean constant;

  DateTimeField field(Values units, int row) {
    DateTimeField known = field;
    if (known != null && constant && units.isConstant()) {
      return known;
    }
    String wanted = Bytes.string(units, RowLoops.at(units, row));
    if (known == null || !wanted.equals(text)) {
      known = DateTimeField.parse(wanted);
      field = known;
      text = wanted;
    }
    constant = units.isConstant();
    return known;
  }

  static EngineException noPart(String function, DateTimeField field, SqlType type) {
    return new EngineException(
        ErrorCode.INVALID_ARGUMENT,
        function + ": " + type.sql() + " has no " + field.name().toLowerCase(Locale.ROOT));
  }
}
