/** Tests of who keeps what. */
@NullMarked
package io.sluice.connectors.hazelcast;

import org.jspecify.annotations.NullMarked;
