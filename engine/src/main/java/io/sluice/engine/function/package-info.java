/** The scalar functions: what each is called, takes and gives, and its kernel. */
@NullMarked
package io.sluice.engine.function;

import org.jspecify.annotations.NullMarked;
