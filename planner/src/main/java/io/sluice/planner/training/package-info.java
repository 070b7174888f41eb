/** Training datasets: definition, creation, proof. */
@NullMarked
package io.sluice.planner.training;

import org.jspecify.annotations.NullMarked;
