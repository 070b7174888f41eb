/** Who calls, and with which settings. */
@NullMarked
package io.sluice.server.session;

import org.jspecify.annotations.NullMarked;
