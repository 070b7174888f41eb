package io.sluice.engine.testing;

import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** Hands each test method a {@link BufferAllocator} and fails it on any byte left. */
public final class AllocatorExtension
    implements BeforeEachCallback, AfterEachCallback, ParameterResolver {
  private static final ExtensionContext.Namespace NAMESPACE =
      ExtensionContext.Namespace.create(AllocatorExtension.class);

  @Override
  public void beforeEach(ExtensionContext context) {
    context.getStore(NAMESPACE).put("root", new RootAllocator(4L << 30));
  }

  @Override
  public void afterEach(ExtensionContext context) {
    RootAllocator root = context.getStore(NAMESPACE).remove("root", RootAllocator.class);
    if (root == null) {
      return;
    }
    long left = root.getAllocatedMemory();
    if (left != 0 && context.getExecutionException().isEmpty()) {
      throw new AssertionError(left + " bytes left: " + root.toVerboseString());
    }
    if (left == 0) {
      root.close();
    }
  }

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.getParameter().getType() == BufferAllocator.class;
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    return context.getStore(NAMESPACE).get("root", RootAllocator.class);
  }
}
