package io.sluice.server.http;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.util.concurrent.TimeUnit;

/**
 * Collects a request's body. One that is too long is refused at its beginning; the rest of it is
 * read and dropped for a while, as a client that still sends would not see the answer otherwise.
 */
final class BodyLimit extends HttpObjectAggregator {
  private static final int LINGER_SECONDS = 10;

  BodyLimit(int bytes) {
    super(bytes);
  }

  @Override
  protected void handleOversizedMessage(ChannelHandlerContext context, HttpMessage oversized) {
    HttpProblem problem =
        new HttpProblem(
            HttpResponseStatus.REQUEST_ENTITY_TOO_LARGE,
            "INVALID_ARGUMENT",
            "the body is longer than "
                + maxContentLength()
                + " bytes, which server.http.body-limit allows");
    FullHttpResponse response =
        new DefaultFullHttpResponse(
            HttpVersion.HTTP_1_1, problem.status(), HttpConnection.error(context, problem));
    response
        .headers()
        .set(HttpHeaderNames.CONTENT_TYPE, HttpHeaderValues.APPLICATION_JSON)
        .setInt(HttpHeaderNames.CONTENT_LENGTH, response.content().readableBytes())
        .set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
    context.pipeline().addBefore(context.name(), null, new Dropping());
    context.channel().config().setAutoRead(true);
    var unused = context.writeAndFlush(response);
    var closing =
        context.executor().schedule(() -> close(context), LINGER_SECONDS, TimeUnit.SECONDS);
    unused = context.channel().closeFuture().addListener(closed -> closing.cancel(false));
  }

  private static void close(ChannelHandlerContext context) {
    var unused = context.close();
  }

  /** Drops what still comes, and closes the connection at its end. */
  private static final class Dropping extends ChannelInboundHandlerAdapter {
    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      boolean last = message instanceof LastHttpContent;
      ReferenceCountUtil.release(message);
      if (last) {
        BodyLimit.close(context);
      }
    }
  }
}
