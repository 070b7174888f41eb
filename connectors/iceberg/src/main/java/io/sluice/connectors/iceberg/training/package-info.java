/** Training datasets as tables of a reserved namespace. */
@NullMarked
package io.sluice.connectors.iceberg.training;

import org.jspecify.annotations.NullMarked;
