package io.sluice.server.flight;

import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.sluice.engine.ErrorCode;

/**
 * Tells a client what it has sent that Arrow for Java cannot read, such as decimals of 32 bits;
 * otherwise it would learn of an "unknown" error alone.
 */
public final class UploadGuard implements ServerInterceptor {
  @Override
  public <A, B> ServerCall.Listener<A> interceptCall(
      ServerCall<A, B> call, Metadata headers, ServerCallHandler<A, B> next) {
    return new SimpleForwardingServerCallListener<>(next.startCall(call, headers)) {
      @Override
      public void onMessage(A message) {
        try {
          super.onMessage(message);
        } catch (IllegalArgumentException | UnsupportedOperationException unreadable) {
          call.close(
              Status.INVALID_ARGUMENT.withDescription(
                  ErrorCode.UNSUPPORTED
                      + ": what was sent cannot be read: "
                      + unreadable.getMessage()
                      + "; convert it before"),
              new Metadata());
        }
      }
    };
  }
}
