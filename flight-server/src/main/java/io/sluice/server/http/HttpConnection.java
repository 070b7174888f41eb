package io.sluice.server.http;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.QueryStringDecoder;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.netty.handler.timeout.IdleStateEvent;
import io.sluice.engine.connector.Principal;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection: takes a request, has it answered, then takes the next, so that answers have the
 * order of requests that a client sends without waiting. Nothing here blocks: a few lookups in this
 * process's memory are made here, and what may block runs on the server's threads for statements.
 */
final class HttpConnection extends SimpleChannelInboundHandler<FullHttpRequest> {
  private static final Logger LOG = LoggerFactory.getLogger(HttpConnection.class);
  private static final String SERVICES = "/v1/services";
  private static final String SERVICE = SERVICES + "/";

  private final HttpServer server;
  private boolean running;
  private volatile boolean gone;

  HttpConnection(HttpServer server) {
    super(false);
    this.server = server;
  }

  @Override
  public void channelActive(ChannelHandlerContext context) {
    context.read();
  }

  @Override
  protected void channelRead0(ChannelHandlerContext context, FullHttpRequest request) {
    boolean handedOn = false;
    try {
      handedOn = route(context, request);
    } catch (RuntimeException failure) {
      refuse(context, request, failure);
    } finally {
      if (!handedOn) {
        request.release();
      }
    }
  }

  /** Whether the request is still in use. */
  private boolean route(ChannelHandlerContext context, FullHttpRequest request) {
    checkReadable(request.decoderResult());
    String path = new QueryStringDecoder(request.uri()).rawPath();
    switch (path) {
      case "/health", "/health/live", "/health/ready" -> {
        allow(request, HttpMethod.GET, HttpMethod.HEAD);
        health(context, request, path);
        return false;
      }
      case SERVICES, SERVICE -> {
        allow(request, HttpMethod.GET, HttpMethod.HEAD);
        submit(context, request, ignored -> server.services().list(context.alloc()));
        return true;
      }
      default -> {
        if (!path.startsWith(SERVICE)) {
          throw new HttpProblem(
              HttpResponseStatus.NOT_FOUND,
              "NOT_FOUND",
              "there is nothing at "
                  + path
                  + "; there are GET /v1/services, GET and POST /v1/services/NAME, and GET /health");
        }
        allow(request, HttpMethod.POST, HttpMethod.GET, HttpMethod.HEAD);
        String name = QueryStringDecoder.decodeComponent(path.substring(SERVICE.length()));
        ServiceDoor services = server.services();
        if (!request.method().equals(HttpMethod.POST)) {
          submit(context, request, user -> services.describe(name, user, context.alloc()));
          return true;
        }
        if (answerAtOnce(context, request, name)) {
          return false;
        }
        submit(
            context,
            request,
            user -> services.answer(name, request.content(), user, context.alloc()));
        return true;
      }
    }
  }

  private static void checkReadable(DecoderResult result) {
    if (result.isSuccess()) {
      return;
    }
    Throwable cause = result.cause();
    throw switch (cause) {
      case TooLongHttpHeaderException ignored ->
          new HttpProblem(
              HttpResponseStatus.REQUEST_HEADER_FIELDS_TOO_LARGE,
              "INVALID_ARGUMENT",
              "the headers are longer than " + HttpServer.HEADER_LIMIT_BYTES + " bytes");
      case TooLongHttpLineException ignored ->
          new HttpProblem(
              HttpResponseStatus.REQUEST_URI_TOO_LONG,
              "INVALID_ARGUMENT",
              "the request line is longer than " + HttpServer.LINE_LIMIT_BYTES + " bytes");
      default -> HttpProblem.badRequest("this is not HTTP/1.1: " + cause.getMessage());
    };
  }

  private static void allow(FullHttpRequest request, HttpMethod... methods) {
    for (HttpMethod method : methods) {
      if (method.equals(request.method())) {
        return;
      }
    }
    throw new HttpProblem(
        HttpResponseStatus.METHOD_NOT_ALLOWED,
        "INVALID_ARGUMENT",
        "use "
            + Stream.of(methods).map(HttpMethod::name).collect(Collectors.joining(" or "))
            + " here, not "
            + request.method());
  }

  private void health(ChannelHandlerContext context, FullHttpRequest request, String path) {
    boolean ready = server.isReady();
    boolean good = ready || path.equals("/health/live");
    ByteBuf body =
        ByteBufUtil.writeAscii(context.alloc(), "{\"live\":true,\"ready\":" + ready + "}");
    send(
        context,
        request,
        good ? HttpResponseStatus.OK : HttpResponseStatus.SERVICE_UNAVAILABLE,
        body);
  }

  /** Answers on this thread where that takes no waiting: handing the request over costs more. */
  private boolean answerAtOnce(
      ChannelHandlerContext context, FullHttpRequest request, String name) {
    String authorization = request.headers().get(HttpHeaderNames.AUTHORIZATION);
    Principal principal = server.credentials().known(authorization).orElse(null);
    if (principal == null) {
      return false;
    }
    ByteBuf json =
        server.services().answerAtOnce(name, request.content(), principal, context.alloc());
    if (json == null) {
      return false;
    }
    running = true;
    send(context, request, HttpResponseStatus.OK, json);
    return true;
  }

  /** Has the request answered on a thread that may block. */
  private void submit(
      ChannelHandlerContext context, FullHttpRequest request, Function<Principal, ByteBuf> body) {
    String authorization = request.headers().get(HttpHeaderNames.AUTHORIZATION);
    running = true;
    try {
      server.submit(() -> answer(context, request, authorization, body));
    } catch (RuntimeException busy) {
      running = false;
      throw busy;
    }
  }

  private void answer(
      ChannelHandlerContext context,
      FullHttpRequest request,
      @Nullable String authorization,
      Function<Principal, ByteBuf> body) {
    try {
      if (gone) {
        return;
      }
      Principal principal = server.credentials().principal(authorization);
      send(context, request, HttpResponseStatus.OK, body.apply(principal));
    } catch (Throwable failure) {
      refuse(context, request, failure);
    } finally {
      request.release();
    }
  }

  private void refuse(ChannelHandlerContext context, FullHttpRequest request, Throwable failure) {
    HttpProblem problem = HttpProblem.of(failure);
    if (problem.status().code() >= HttpResponseStatus.INTERNAL_SERVER_ERROR.code()
        && problem != failure) {
      LOG.warn("request {} {} failed", request.method(), request.uri(), failure);
    }
    send(context, request, problem.status(), error(context, problem));
  }

  /** {@code {"error":{"code":...,"message":...}}}. */
  static ByteBuf error(ChannelHandlerContext context, HttpProblem problem) {
    String message = String.valueOf(problem.getMessage());
    String json =
        "{\"error\":{\"code\":\""
            + problem.code()
            + "\",\"message\":\""
            + String.valueOf(JsonStringEncoder.getInstance().quoteAsString(message))
            + "\"}}";
    return ByteBufUtil.writeUtf8(context.alloc(), json);
  }

  private void send(
      ChannelHandlerContext context,
      FullHttpRequest request,
      HttpResponseStatus status,
      ByteBuf body) {
    FullHttpResponse response =
        new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, status, body, true);
    response.headers().set(HttpHeaderNames.CONTENT_TYPE, HttpHeaderValues.APPLICATION_JSON);
    response.headers().setInt(HttpHeaderNames.CONTENT_LENGTH, body.readableBytes());
    if (status.equals(HttpResponseStatus.UNAUTHORIZED)) {
      response.headers().set(HttpHeaderNames.WWW_AUTHENTICATE, "Basic realm=\"sluice\"");
    }
    if (status.equals(HttpResponseStatus.SERVICE_UNAVAILABLE)) {
      response.headers().set(HttpHeaderNames.RETRY_AFTER, "1");
    }
    boolean keep = request.decoderResult().isSuccess() && HttpUtil.isKeepAlive(request);
    HttpUtil.setKeepAlive(response, keep && server.isReady());
    boolean head = HttpMethod.HEAD.equals(request.method());
    if (head) {
      response.content().clear();
    }
    boolean close = !HttpUtil.isKeepAlive(response);
    context
        .executor()
        .execute(
            () -> {
              running = false;
              var written = context.writeAndFlush(response);
              if (close) {
                written.addListener(ChannelFutureListener.CLOSE);
              } else {
                context.read();
              }
            });
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    gone = true;
    context.fireChannelInactive();
  }

  /** Closes a connection on which nothing has happened for long, but not one that waits for us. */
  @Override
  public void userEventTriggered(ChannelHandlerContext context, Object event) {
    if (event instanceof IdleStateEvent && !running) {
      var unused = context.close();
    } else {
      context.fireUserEventTriggered(event);
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    LOG.debug("connection {} failed", context.channel().remoteAddress(), cause);
    var unused = context.close();
  }
}
