package io.sluice.engine.plan;

import io.sluice.engine.type.SqlType;

/** A column of a plan's output. Names may repeat. */
public record OutputColumn(String name, SqlType type, boolean nullable) {}
