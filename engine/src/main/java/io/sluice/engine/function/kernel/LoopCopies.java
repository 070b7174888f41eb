package io.sluice.engine.function.kernel;

import java.io.IOException;
import java.io.InputStream;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Gives every function a copy of the loop that calls it. The compiler inlines a call where it sees
 * one callee only, and it counts callees per class: in a loop that all functions share, each row
 * would pay for a virtual call.
 */
final class LoopCopies {
  private static final Map<Class<?>, MethodHandle> CONSTRUCTORS = new ConcurrentHashMap<>();

  private LoopCopies() {}

  /**
   * A kernel that runs {@code function} in a loop of its own.
   *
   * @param loop a class of this package whose constructor takes the contract
   */
  static <F> Kernel copy(Class<? extends Kernel> loop, Class<F> contract, F function) {
    MethodHandle constructor =
        CONSTRUCTORS.computeIfAbsent(function.getClass(), ignored -> define(loop, contract));
    try {
      return (Kernel) constructor.invoke(function);
    } catch (RuntimeException | Error failure) {
      throw failure;
    } catch (Throwable impossible) {
      throw new AssertionError(impossible);
    }
  }

  private static MethodHandle define(Class<? extends Kernel> loop, Class<?> contract) {
    try (InputStream bytes = loop.getResourceAsStream(loop.getSimpleName() + ".class")) {
      if (bytes == null) {
        throw new AssertionError("no class file of " + loop);
      }
      MethodHandles.Lookup copy =
          MethodHandles.lookup().defineHiddenClass(bytes.readAllBytes(), false);
      return copy.findConstructor(copy.lookupClass(), MethodType.methodType(void.class, contract));
    } catch (IOException | ReflectiveOperationException failure) {
      throw new AssertionError(failure);
    }
  }
}
