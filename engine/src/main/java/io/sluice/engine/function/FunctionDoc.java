package io.sluice.engine.function;

/**
 * What users and the planner's operator table read about a function.
 *
 * @param name lower case, as in {@code Expression.Call}
 * @param family the heading it stands under
 * @param minArguments at least
 * @param maxArguments at most; {@link Integer#MAX_VALUE} for any number
 * @param syntax how it is written in SQL
 * @param text one sentence
 * @param example an expression and its value, as in {@code upper('a') = 'A'}
 * @param deterministic whether equal arguments give equal results
 */
public record FunctionDoc(
    String name,
    String family,
    int minArguments,
    int maxArguments,
    String syntax,
    String text,
    String example,
    boolean deterministic) {}
