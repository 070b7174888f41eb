package io.sluice.engine.expression;

import io.sluice.engine.type.SqlType;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A scalar expression over the columns of one input, as data. */
public sealed interface Expression {
  SqlType type();

  /** Column {@code column} of the input, counted from 0. */
  record InputRef(int column, SqlType type) implements Expression {}

  /**
   * A constant. The value's class follows from the type: Boolean; Long for integers, DATE (days),
   * TIME (microseconds), timestamps (the type's unit) and intervals (months, microseconds); Double
   * for REAL and DOUBLE; BigDecimal of the type's scale; String; byte[] for VARBINARY;
   * java.util.UUID; List for ARRAY and ROW; null for SQL NULL.
   */
  record Literal(@Nullable Object value, SqlType type) implements Expression {}

  /** The call that takes a field of a row, the row and the place of the field as a literal. */
  String FIELD = "field";

  /** The bound value of the statement's parameter {@code index}, counted from 0. */
  record Parameter(int index, SqlType type) implements Expression {}

  /**
   * A function of the registry. Arguments already have the types of one of its signatures. AND, OR
   * and COALESCE evaluate an argument only for the rows that still need it.
   */
  record Call(String function, List<Expression> arguments, SqlType type) implements Expression {
    public Call {
      arguments = List.copyOf(arguments);
    }
  }

  /** A checked conversion; where {@code safe}, a value that cannot be converted gives NULL. */
  record Cast(Expression input, SqlType type, boolean safe) implements Expression {}

  /**
   * The result of the first branch whose condition is true; each is evaluated for its rows only.
   */
  record Case(List<Branch> branches, Expression otherwise, SqlType type) implements Expression {
    public Case {
      branches = List.copyOf(branches);
    }

    /** A condition and its result. */
    public record Branch(Expression condition, Expression result) {}
  }

  /** NULL for rows whose evaluation is a USER error. */
  record Try(Expression input) implements Expression {
    @Override
    public SqlType type() {
      return input.type();
    }
  }
}
