@NullMarked
package io.sluice.connectors.iceberg;

import org.jspecify.annotations.NullMarked;
