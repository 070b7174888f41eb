package io.sluice.server.session;

import io.grpc.Attributes;
import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.ServerTransportFilter;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Gives every gRPC connection a name, for clients that send neither token nor cookie. */
public final class Connections extends ServerTransportFilter implements ServerInterceptor {
  private static final Attributes.Key<String> ATTRIBUTE =
      Attributes.Key.create("sluice-connection");
  private static final Context.Key<String> CONTEXT = Context.key("sluice-connection");

  private final Consumer<String> closed;

  /**
   * @param closed told the name of a connection that has ended
   */
  public Connections(Consumer<String> closed) {
    this.closed = closed;
  }

  /** The connection of the call that this thread serves, or null outside of calls. */
  public static @Nullable String current() {
    return CONTEXT.get();
  }

  @Override
  public Attributes transportReady(Attributes attributes) {
    return attributes.toBuilder().set(ATTRIBUTE, UUID.randomUUID().toString()).build();
  }

  @Override
  public void transportTerminated(Attributes attributes) {
    String name = attributes == null ? null : attributes.get(ATTRIBUTE);
    if (name != null) {
      closed.accept(name);
    }
  }

  @Override
  public <A, B> ServerCall.Listener<A> interceptCall(
      ServerCall<A, B> call, Metadata headers, ServerCallHandler<A, B> next) {
    String name = call.getAttributes().get(ATTRIBUTE);
    Context context = Context.current().withValue(CONTEXT, name == null ? "" : name);
    return Contexts.interceptCall(context, call, headers, next);
  }
}
