package io.sluice.engine.expression;

import io.sluice.engine.EngineException;
import io.sluice.engine.ErrorCode;
import io.sluice.engine.batch.Batch;
import io.sluice.engine.batch.Cells;
import io.sluice.engine.function.BoundFunction;
import io.sluice.engine.function.FunctionRegistry;
import io.sluice.engine.function.KernelEnvironment;
import io.sluice.engine.function.cast.Casts;
import io.sluice.engine.function.kernel.Kernel;
import io.sluice.engine.function.kernel.NestedKernels;
import io.sluice.engine.type.SqlType;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.arrow.memory.BufferAllocator;
import org.jspecify.annotations.Nullable;

/** Turns expressions into evaluators. Parameters and the zone are bound here, constants folded. */
public final class ExpressionCompiler {
  private final EvaluationContext context;
  private final BufferAllocator allocator;
  private final KernelEnvironment environment;
  private final FunctionRegistry functions = FunctionRegistry.standard();

  public ExpressionCompiler(EvaluationContext context) {
    this.context = context;
    this.allocator = context.allocator();
    this.environment = new KernelEnvironment(context.zone(), context.vectorApi());
  }

  /**
   * An evaluator of {@code expression}, to be closed by the caller.
   *
   * @throws EngineException UNKNOWN_FUNCTION, TYPE_MISMATCH
   */
  public Evaluator compile(Expression expression) {
    return new CompiledExpression(node(expression), allocator);
  }

  /** An evaluator of a BOOLEAN expression as a filter: NULL counts as false. */
  public FilterEvaluator compileFilter(Expression condition) {
    List<Node> terms = new ArrayList<>();
    try {
      terms(condition, terms);
      return new CompiledFilter(terms, allocator);
    } catch (RuntimeException | Error failure) {
      terms.forEach(Node::close);
      throw failure;
    }
  }

  private void terms(Expression condition, List<Node> terms) {
    if (condition instanceof Expression.Call call && call.function().equals("and")) {
      for (Expression argument : call.arguments()) {
        terms(argument, terms);
      }
    } else {
      terms.add(converted(node(condition), SqlType.BOOLEAN));
    }
  }

  private Node node(Expression expression) {
    return switch (expression) {
      case Expression.InputRef input -> new InputNode(input.column(), input.type());
      case Expression.Literal literal -> constant(literal);
      case Expression.Parameter parameter -> parameter(parameter);
      case Expression.Call call -> call(call);
      case Expression.Cast cast -> cast(node(cast.input()), cast.type(), cast.safe());
      case Expression.Case choice -> choice(choice);
      case Expression.Try attempt -> attempt(attempt);
    };
  }

  private ConstantNode constant(Expression.Literal literal) {
    List<@Nullable Object> one = new ArrayList<>();
    one.add(literal.value());
    return new ConstantNode(
        literal.type(), Cells.vector(literal.type(), one, allocator), allocator);
  }

  private Node parameter(Expression.Parameter parameter) {
    if (parameter.index() >= context.parameters().size()) {
      throw new EngineException(
          ErrorCode.INVALID_PARAMETER,
          "parameter "
              + (parameter.index() + 1)
              + " has no value; "
              + context.parameters().size()
              + " are bound");
    }
    return converted(constant(context.parameters().get(parameter.index())), parameter.type());
  }

  private Node attempt(Expression.Try attempt) {
    Node child = node(attempt.input());
    return child.infallible() ? child : new TryNode(child, allocator);
  }

  // ---- functions

  private Node call(Expression.Call call) {
    if (call.function().equals("nullif")) {
      return nullif(call);
    }
    if (call.function().equals(Expression.FIELD)) {
      return field(call);
    }
    List<SqlType> types = call.arguments().stream().map(Expression::type).toList();
    BoundFunction function =
        functions.bind(call.function(), types).orElseThrow(() -> unknown(call, types));
    List<Node> children = new ArrayList<>();
    try {
      for (int i = 0; i < types.size(); i++) {
        children.add(converted(node(call.arguments().get(i)), function.argumentTypes().get(i)));
      }
    } catch (RuntimeException | Error failure) {
      children.forEach(Node::close);
      throw failure;
    }
    Node node =
        switch (call.function()) {
          case "and" -> new LogicNode(true, children, allocator);
          case "or" -> new LogicNode(false, children, allocator);
          case "coalesce" -> new CoalesceNode(function.type(), children, allocator);
          default -> kernel(function, call.type(), children);
        };
    return converted(folded(node, children), call.type());
  }

  private Node field(Expression.Call call) {
    Node row = node(call.arguments().getFirst());
    if (!(call.arguments().get(1) instanceof Expression.Literal(Long place, SqlType ignored))) {
      row.close();
      throw new AssertionError(call);
    }
    Kernel kernel = NestedKernels.field(Math.toIntExact(place));
    List<Node> children = List.of(row);
    return folded(new CallNode(call.type(), children, kernel, false, true, allocator), children);
  }

  private Node kernel(BoundFunction function, SqlType wanted, List<Node> children) {
    boolean scaled =
        wanted.kind() == SqlType.Kind.DECIMAL && function.type().kind() == SqlType.Kind.DECIMAL;
    SqlType type = scaled ? wanted : function.type();
    Kernel kernel = function.kernel().create(type, environment);
    return new CallNode(
        type, children, kernel, function.strict(), function.infallible(), allocator);
  }

  /** NULLIF(a, b) is CASE WHEN a = b THEN NULL ELSE a END. */
  private Node nullif(Expression.Call call) {
    Expression a = call.arguments().get(0);
    Expression same =
        new Expression.Call("eq", List.of(a, call.arguments().get(1)), SqlType.BOOLEAN);
    Expression none = new Expression.Literal(null, call.type());
    return choice(
        new Expression.Case(List.of(new Expression.Case.Branch(same, none)), a, call.type()));
  }

  private static EngineException unknown(Expression.Call call, List<SqlType> types) {
    String list = types.stream().map(SqlType::sql).collect(Collectors.joining(", "));
    return FunctionRegistry.standard().contains(call.function())
        ? new EngineException(
            ErrorCode.TYPE_MISMATCH, call.function() + " does not take (" + list + ")")
        : new EngineException(
            ErrorCode.UNKNOWN_FUNCTION, "there is no function " + call.function());
  }

  private Node choice(Expression.Case choice) {
    List<ChoiceNode.Branch> branches = new ArrayList<>();
    List<Node> made = new ArrayList<>();
    try {
      for (Expression.Case.Branch branch : choice.branches()) {
        Node condition = converted(node(branch.condition()), SqlType.BOOLEAN);
        made.add(condition);
        Node result = converted(node(branch.result()), choice.type());
        made.add(result);
        branches.add(new ChoiceNode.Branch(condition, result));
      }
      Node otherwise = converted(node(choice.otherwise()), choice.type());
      made.add(otherwise);
      return folded(new ChoiceNode(choice.type(), branches, otherwise, allocator), made);
    } catch (RuntimeException | Error failure) {
      made.forEach(Node::close);
      throw failure;
    }
  }

  // ---- conversions

  private Node converted(Node node, SqlType type) {
    return node.type().equals(type) ? node : cast(node, type, false);
  }

  private Node cast(Node input, SqlType type, boolean safe) {
    if (input.type().equals(type)) {
      return input;
    }
    boolean isNull =
        input.type().kind() == SqlType.Kind.NULL
            || (input instanceof ConstantNode constant && constant.isNull());
    if (isNull) {
      input.close();
      return constant(new Expression.Literal(null, type));
    }
    if (Casts.sameValues(input.type(), type)) {
      return new RetypeNode(type, input, allocator);
    }
    Casts.Conversion conversion = Casts.find(input.type(), type, safe, environment);
    if (conversion == null) {
      String from = input.type().sql();
      input.close();
      throw new EngineException(
          ErrorCode.TYPE_MISMATCH, "there is no conversion from " + from + " to " + type.sql());
    }
    List<Node> children = List.of(input);
    Node node =
        new CallNode(
            type,
            children,
            conversion.kernel(),
            !type.isNested(),
            safe || conversion.lossless(),
            allocator);
    return folded(node, children);
  }

  /**
   * The node's value if all it reads is constant. Errors stay where they are: the row that needs
   * the value may never come.
   */
  private Node folded(Node node, List<Node> children) {
    for (Node child : children) {
      if (!(child instanceof ConstantNode)) {
        return node;
      }
    }
    try (Batch row = new Batch(List.of(), 1);
        Frame frame = new Frame(allocator)) {
      frame.start(row);
      ConstantNode constant =
          new ConstantNode(
              node.type(), ValuesColumns.cell(node.evaluate(frame), allocator), allocator);
      node.close();
      return constant;
    } catch (EngineException later) {
      if (later.code().kind() != ErrorCode.Kind.USER) {
        node.close();
        throw later;
      }
      return node;
    }
  }
}
