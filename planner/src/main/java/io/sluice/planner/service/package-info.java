/** Feature services: queries by key under a name, prepared once and asked with many entities. */
@NullMarked
package io.sluice.planner.service;

import org.jspecify.annotations.NullMarked;
