@NullMarked
package io.sluice.engine.operator.shard;

import org.jspecify.annotations.NullMarked;
