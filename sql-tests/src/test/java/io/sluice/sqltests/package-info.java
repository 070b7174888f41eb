/** SQL tests: text files, their runner, and the rules of the house that a test can check. */
@NullMarked
package io.sluice.sqltests;

import org.jspecify.annotations.NullMarked;
