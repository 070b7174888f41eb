/** Members that share the rows of online tables: who keeps which, and how they ask each other. */
@NullMarked
package io.sluice.connectors.hazelcast;

import org.jspecify.annotations.NullMarked;
