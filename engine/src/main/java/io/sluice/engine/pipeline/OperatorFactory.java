package io.sluice.engine.pipeline;

/** Makes a task's instance of an operator. Called by several workers at once. */
@FunctionalInterface
public interface OperatorFactory {
  Operator create(TaskContext task);
}
