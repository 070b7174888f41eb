/** Who may hold how many bytes: one limited allocator per query, named children, reservations. */
@NullMarked
package io.sluice.engine.memory;

import org.jspecify.annotations.NullMarked;
