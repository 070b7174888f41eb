package io.sluice.planner.parse;

import org.apache.calcite.sql.SqlDynamicParam;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.parser.SqlParserPos;

/** A parameter that its user calls by a name: {@code :name}. */
public final class NamedParameter extends SqlDynamicParam {
  private final String name;

  NamedParameter(int index, SqlIdentifier name, SqlParserPos place) {
    super(index, place);
    this.name = name.getSimple();
  }

  public String name() {
    return name;
  }
}
