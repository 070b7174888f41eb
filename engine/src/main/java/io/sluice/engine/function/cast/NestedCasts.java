package io.sluice.engine.function.cast;

import io.sluice.engine.batch.Vectors;
import io.sluice.engine.function.KernelEnvironment;
import io.sluice.engine.function.kernel.Bits;
import io.sluice.engine.function.kernel.NestedKernels;
import io.sluice.engine.function.kernel.Values;
import io.sluice.engine.type.ArrowTypes;
import io.sluice.engine.type.SqlType;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.complex.StructVector;
import org.apache.arrow.vector.ipc.message.ArrowFieldNode;
import org.apache.arrow.vector.types.pojo.Field;
import org.jspecify.annotations.Nullable;

/**
 * Conversions of arrays, rows and maps by their parts. Rows convert field by field where the names
 * are the same, or where the source has none.
 */
final class NestedCasts {
  private static final String UNNAMED = "EXPR$";

  private NestedCasts() {}

  /** Converts all values of a vector, in memory of an allocator; the caller closes the result. */
  private interface Step {
    FieldVector apply(FieldVector source, BufferAllocator allocator);
  }

  static Casts.@Nullable Conversion find(SqlType from, SqlType to, KernelEnvironment environment) {
    Step step = step(from, to, environment);
    return step == null
        ? null
        : new Casts.Conversion(
            (arguments, out, count) ->
                out.own(
                    step.apply(arguments[0].vector(), out.allocator()),
                    out.isConstant(),
                    out.count()),
            false);
  }

  private static @Nullable Step step(SqlType from, SqlType to, KernelEnvironment environment) {
    if (from.equals(to)) {
      return Vectors::share;
    }
    if (from.kind() == SqlType.Kind.NULL) {
      return (source, allocator) -> Vectors.nulls(to, source.getValueCount(), allocator);
    }
    if (from instanceof SqlType.Array a && to instanceof SqlType.Array b) {
      Step element = step(a.element(), b.element(), environment);
      return element == null ? null : parts(to, List.of(element));
    }
    if (from instanceof SqlType.Map a && to instanceof SqlType.Map b) {
      Step key = step(a.key(), b.key(), environment);
      Step value = step(a.value(), b.value(), environment);
      // two keys may become one
      if (key == null || value == null || !a.key().equals(b.key())) {
        return null;
      }
      Field map = ArrowTypes.field("", to, true);
      Step entries = parts(map.getChildren().getFirst(), List.of(key, value));
      return parts(map, List.of(entries));
    }
    if (from instanceof SqlType.Row a && to instanceof SqlType.Row b) {
      return row(a, b, environment);
    }
    return from.isNested() || to.isNested() ? null : flat(from, to, environment);
  }

  private static @Nullable Step row(
      SqlType.Row from, SqlType.Row to, KernelEnvironment environment) {
    if (from.fields().size() != to.fields().size()) {
      return null;
    }
    List<Step> steps = new ArrayList<>();
    for (int i = 0; i < from.fields().size(); i++) {
      SqlType.Row.Field source = from.fields().get(i);
      SqlType.Row.Field target = to.fields().get(i);
      boolean named =
          source.name().equals(UNNAMED + i) || source.name().equalsIgnoreCase(target.name());
      Step step = named ? step(source.type(), target.type(), environment) : null;
      if (step == null) {
        return null;
      }
      steps.add(step);
    }
    return parts(to, steps);
  }

  private static @Nullable Step flat(SqlType from, SqlType to, KernelEnvironment environment) {
    if (Casts.sameValues(from, to)) {
      return (source, allocator) ->
          Vectors.shareAs(source, ArrowTypes.field("", to, true), allocator);
    }
    Casts.Conversion conversion = Casts.find(from, to, false, environment);
    if (conversion == null) {
      return null;
    }
    return (source, allocator) -> {
      int count = source.getValueCount();
      try (Values in = new Values(from, allocator);
          Values out = new Values(to, allocator)) {
        in.borrow(source, false, count);
        out.begin(count);
        Bits.strictValidity(new Values[] {in}, out, count);
        conversion.kernel().evaluate(new Values[] {in}, out, count);
        return out.toVector();
      }
    };
  }

  private static Step parts(SqlType to, List<Step> steps) {
    return parts(ArrowTypes.field("", to, true), steps);
  }

  /** The same lengths and NULLs over converted children. */
  private static Step parts(Field to, List<Step> steps) {
    return (source, allocator) -> {
      FieldVector target = to.createVector(allocator);
      try {
        target.loadFieldBuffers(
            new ArrowFieldNode(source.getValueCount(), source.getNullCount()),
            source.getFieldBuffers());
        List<FieldVector> children = source.getChildrenFromFields();
        for (int i = 0; i < steps.size(); i++) {
          try (FieldVector part =
                  source instanceof StructVector struct
                      ? NestedKernels.below(struct, children.get(i), allocator)
                      : Vectors.share(children.get(i), allocator);
              FieldVector converted = steps.get(i).apply(part, allocator)) {
            Vectors.shareInto(converted, target.getChildrenFromFields().get(i));
          }
        }
        return target;
      } catch (RuntimeException | Error failure) {
        target.close();
        throw failure;
      }
    };
  }
}
