package io.sluice.server.http;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.flow.FlowControlHandler;
import io.netty.handler.timeout.IdleStateHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.sluice.engine.EngineException;
import io.sluice.engine.ErrorCode;
import io.sluice.planner.QueryPipeline;
import io.sluice.server.config.HttpConfig;
import io.sluice.server.flight.ServerThreads;
import io.sluice.server.session.Authentication;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.arrow.memory.BufferAllocator;

/** The HTTP door: HTTP/1.1 with JSON, on a thread for each processor that moves bytes. */
public final class HttpServer implements AutoCloseable {
  static final int LINE_LIMIT_BYTES = 8 << 10;
  static final int HEADER_LIMIT_BYTES = 16 << 10;
  private static final int CHUNK_BYTES = 64 << 10;
  private static final int IDLE_SECONDS = 300;
  private static final int BACKLOG = 1024;
  private static final int THREADS = Runtime.getRuntime().availableProcessors();

  private final HttpConfig config;
  private final ServerThreads threads;
  private final HttpCredentials credentials;
  private final ServiceDoor services;
  private final EventLoopGroup loops;
  private final Channel listener;
  private final AtomicInteger running = new AtomicInteger();
  private volatile boolean ready;

  /**
   * Listens.
   *
   * @param threads whose statement threads requests share with Flight's statements
   * @param allocator of requests' entities
   * @throws EngineException CONFIGURATION where the address is taken
   */
  public HttpServer(
      HttpConfig config,
      QueryPipeline pipeline,
      ServerThreads threads,
      Authentication authentication,
      BufferAllocator allocator) {
    this.config = config;
    this.threads = threads;
    this.credentials = new HttpCredentials(authentication);
    this.services = new ServiceDoor(pipeline, allocator, threads::submit, config.entityLimit());
    this.loops = new NioEventLoopGroup(THREADS, new DefaultThreadFactory("http", true));
    try {
      this.listener =
          new ServerBootstrap()
              .group(loops)
              .channel(NioServerSocketChannel.class)
              .option(ChannelOption.SO_BACKLOG, BACKLOG)
              .option(ChannelOption.SO_REUSEADDR, true)
              .childOption(ChannelOption.TCP_NODELAY, true)
              // one request at a time: the connection asks for the next
              .childOption(ChannelOption.AUTO_READ, false)
              .childHandler(
                  new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                      connection(channel.pipeline());
                    }
                  })
              .bind(config.host(), config.port())
              .syncUninterruptibly()
              .channel();
    } catch (RuntimeException | Error failure) {
      stopLoops();
      throw failure;
    } catch (Exception failure) {
      // Netty rethrows what binding has thrown, which it does not declare
      stopLoops();
      throw new EngineException(
          ErrorCode.CONFIGURATION,
          "cannot listen on "
              + config.host()
              + ":"
              + config.port()
              + " for HTTP: "
              + failure.getMessage()
              + "; choose server.http.port, or set server.http.enabled to false",
          failure);
    }
    ready = true;
  }

  private void connection(ChannelPipeline pipeline) {
    pipeline.addLast(new IdleStateHandler(0, 0, IDLE_SECONDS));
    pipeline.addLast(new HttpServerCodec(LINE_LIMIT_BYTES, HEADER_LIMIT_BYTES, CHUNK_BYTES));
    pipeline.addLast(new BodyLimit(config.bodyLimitBytes()));
    pipeline.addLast(new FlowControlHandler());
    pipeline.addLast(new HttpConnection(this));
  }

  /** The port that it listens on. */
  public int port() {
    return ((InetSocketAddress) listener.localAddress()).getPort();
  }

  /** Whether requests are taken: not while the server stops. */
  boolean isReady() {
    return ready;
  }

  HttpCredentials credentials() {
    return credentials;
  }

  ServiceDoor services() {
    return services;
  }

  /**
   * Runs a request on a thread that may block.
   *
   * @throws EngineException BUSY
   */
  void submit(Runnable request) {
    running.incrementAndGet();
    try {
      threads.submit(
          () -> {
            try {
              request.run();
            } finally {
              running.decrementAndGet();
            }
          });
    } catch (RuntimeException busy) {
      running.decrementAndGet();
      throw busy;
    }
  }

  /** Takes no new connections and requests, and waits for those that run. */
  public void drain(long millis) {
    ready = false;
    listener.close().syncUninterruptibly();
    long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
    try {
      while (running.get() > 0 && System.nanoTime() < end) {
        Thread.sleep(1);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    drain(0);
    stopLoops();
  }

  private void stopLoops() {
    loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly(5, TimeUnit.SECONDS);
  }
}
