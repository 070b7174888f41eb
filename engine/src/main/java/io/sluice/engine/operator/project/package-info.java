/** Expressions over each row. */
@NullMarked
package io.sluice.engine.operator.project;

import org.jspecify.annotations.NullMarked;
