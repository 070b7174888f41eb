package io.sluice.engine.connector;

import io.sluice.engine.type.SqlType;
import org.jspecify.annotations.Nullable;

/** A column of a table or view. */
public record ColumnDefinition(
    String name, SqlType type, boolean nullable, @Nullable String comment) {}
