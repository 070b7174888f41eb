/** Tables that only one session sees, and that go with it. */
@NullMarked
package io.sluice.connectors.iceberg.temporary;

import org.jspecify.annotations.NullMarked;
