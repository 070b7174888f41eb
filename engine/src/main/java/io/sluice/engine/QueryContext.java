package io.sluice.engine;

import io.sluice.engine.connector.Principal;
import io.sluice.engine.connector.TableResolver;
import io.sluice.engine.expression.Expression;
import io.sluice.engine.online.OnlineLookups;
import java.time.ZoneId;
import java.util.List;

/**
 * What one execution of a plan needs besides the plan.
 *
 * @param parameters values by index, of the types that the plan expects
 * @param nowMicros the statement's instant, for CURRENT_TIMESTAMP
 * @param zone the session's
 * @param online where lookups find online tables
 */
public record QueryContext(
    Principal principal,
    TableResolver tables,
    List<Expression.Literal> parameters,
    long nowMicros,
    ZoneId zone,
    OnlineLookups online) {
  public QueryContext {
    parameters = List.copyOf(parameters);
  }

  /** Of a plan without lookups. */
  public QueryContext(
      Principal principal,
      TableResolver tables,
      List<Expression.Literal> parameters,
      long nowMicros,
      ZoneId zone) {
    this(principal, tables, parameters, nowMicros, zone, OnlineLookups.NONE);
  }
}
