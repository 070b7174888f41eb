/** Physical plans as data: records that name tables and functions and hold no live object. */
@NullMarked
package io.sluice.engine.plan;

import org.jspecify.annotations.NullMarked;
