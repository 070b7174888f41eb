/**
 * Grouping and aggregates: exact states per group, hash tables of groups, and what is merged how.
 */
@NullMarked
package io.sluice.engine.operator.aggregate;

import org.jspecify.annotations.NullMarked;
