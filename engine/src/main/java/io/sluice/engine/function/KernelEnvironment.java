package io.sluice.engine.function;

import java.time.ZoneId;

/**
 * What a kernel may depend on besides its arguments.
 *
 * @param zone the session's
 * @param vectorApi whether to use SIMD forms; results are the same bits
 */
public record KernelEnvironment(ZoneId zone, boolean vectorApi) {}
