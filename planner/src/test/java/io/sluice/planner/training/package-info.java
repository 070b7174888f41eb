@NullMarked
package io.sluice.planner.training;

import org.jspecify.annotations.NullMarked;
