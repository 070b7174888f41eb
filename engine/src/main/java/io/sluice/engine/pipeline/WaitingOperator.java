package io.sluice.engine.pipeline;

import java.util.concurrent.CompletableFuture;

/** An operator that may answer {@link Progress#WAITING}. */
public interface WaitingOperator extends Operator {
  /** What it waits for. Asked right after it has said so. */
  CompletableFuture<?> until();
}
