package io.sluice.engine.expression;

import io.sluice.engine.EngineException;
import io.sluice.engine.ErrorCode;
import io.sluice.engine.batch.SharedDictionary;
import io.sluice.engine.function.kernel.Bits;
import io.sluice.engine.function.kernel.Gather;
import io.sluice.engine.function.kernel.Kernel;
import io.sluice.engine.function.kernel.Values;
import io.sluice.engine.type.SqlType;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.jspecify.annotations.Nullable;

/**
 * A function whose arguments are evaluated for all rows. Constant arguments stay constants; where
 * the only other argument is a dictionary, the function is computed once per dictionary value.
 */
final class CallNode implements Node {
  private final SqlType type;
  private final List<Node> children;
  private final Kernel kernel;
  private final boolean strict;
  private final boolean infallible;
  private final boolean kernelInfallible;
  private final Values out;
  private final Values[] arguments;
  private final Values[] flattened;
  private final DictionaryCache cache;

  CallNode(
      SqlType type,
      List<Node> children,
      Kernel kernel,
      boolean strict,
      boolean kernelInfallible,
      BufferAllocator allocator) {
    this.type = type;
    this.children = List.copyOf(children);
    this.kernel = kernel;
    this.strict = strict;
    this.kernelInfallible = kernelInfallible;
    this.infallible = kernelInfallible && children.stream().allMatch(Node::infallible);
    this.out = new Values(type, allocator);
    this.arguments = new Values[children.size()];
    this.flattened = new Values[children.size()];
    for (int i = 0; i < flattened.length; i++) {
      flattened[i] = new Values(children.get(i).type(), allocator);
    }
    this.cache = new DictionaryCache(type, allocator);
  }

  List<Node> children() {
    return children;
  }

  @Override
  public SqlType type() {
    return type;
  }

  @Override
  public boolean infallible() {
    return infallible;
  }

  @Override
  public Values evaluate(Frame frame) {
    int count = frame.count();
    boolean constant = true;
    int dictionaries = 0;
    int varying = 0;
    for (int i = 0; i < arguments.length; i++) {
      Values argument = children.get(i).evaluate(frame);
      arguments[i] = argument;
      if (argument.isConstant()) {
        if (strict && argument.hasNulls()) {
          out.beginConstant(count);
          out.setNull(0);
          return out;
        }
      } else {
        constant = false;
        varying++;
        dictionaries += argument.isDictionary() ? 1 : 0;
      }
    }
    if (constant) {
      out.beginConstant(count);
      kernel.evaluate(arguments, out, 1);
      return out;
    }
    if (dictionaries == 1 && varying == 1 && strict) {
      Values mapped = overDictionary(count);
      if (mapped != null) {
        return mapped;
      }
    }
    if (dictionaries > 0 && !kernel.takesDictionaries()) {
      for (int i = 0; i < arguments.length; i++) {
        if (arguments[i].isDictionary()) {
          Gather.flatten(arguments[i], flattened[i]);
          arguments[i] = flattened[i];
        }
      }
    }
    compute(count, out);
    return out;
  }

  private void compute(int count, Values target) {
    target.begin(count);
    if (strict) {
      Bits.strictValidity(arguments, target, count);
    }
    kernel.evaluate(arguments, target, count);
  }

  /**
   * Null where the dictionary is larger than what it is to be used for, or where one of its values
   * is an error: no row may need it.
   */
  private @Nullable Values overDictionary(int count) {
    int at = 0;
    while (!arguments[at].isDictionary()) {
      at++;
    }
    Values indices = arguments[at];
    SharedDictionary dictionary = indices.dictionary();
    if (!cache.holds(dictionary)) {
      if (!cache.worthwhile(dictionary, count) || type.isNested()) {
        return null;
      }
      Values values = flattened[at];
      values.borrow(dictionary.values(), false, dictionary.size());
      arguments[at] = values;
      Values target = cache.begin();
      try {
        if (dictionary.size() > 0) {
          compute(dictionary.size(), target);
        } else {
          target.begin(0);
        }
      } catch (EngineException error) {
        if (kernelInfallible || error.code().kind() != ErrorCode.Kind.USER) {
          throw error;
        }
        cache.refuse(dictionary);
        arguments[at] = indices;
        return null;
      }
      cache.complete(dictionary);
    }
    cache.map(indices, count, out);
    return out;
  }

  @Override
  public void close() {
    children.forEach(Node::close);
    for (Values values : flattened) {
      values.close();
    }
    cache.close();
    out.close();
  }
}
