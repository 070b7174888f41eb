package io.sluice.server;

import io.grpc.netty.NettyServerBuilder;
import io.netty.channel.ChannelOption;
import io.netty.channel.WriteBufferWaterMark;
import io.sluice.engine.Engine;
import io.sluice.engine.EngineException;
import io.sluice.engine.ErrorCode;
import io.sluice.engine.connector.Catalogs;
import io.sluice.planner.QueryPipeline;
import io.sluice.server.config.ServerConfig;
import io.sluice.server.flight.ServerThreads;
import io.sluice.server.flight.SqlProducer;
import io.sluice.server.flight.UploadGuard;
import io.sluice.server.http.HttpServer;
import io.sluice.server.session.Authentication;
import io.sluice.server.session.CallCredentials;
import io.sluice.server.session.Connections;
import io.sluice.server.session.Sessions;
import java.io.IOException;
import java.net.URI;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Function;
import org.apache.arrow.flight.FlightServer;
import org.apache.arrow.flight.Location;
import org.apache.arrow.memory.BufferAllocator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A running server: the engine, the catalogs and the Flight SQL service over them. Tests start one
 * in their own process with port 0.
 */
public final class SluiceServer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(SluiceServer.class);

  /** Uploads are bounded by the server's window, and the default of 1 MiB is small for them. */
  private static final int FLOW_CONTROL_WINDOW = 16 << 20;

  /** Bounds frames and writes: with Netty's 64 KiB each frame is a system call and a wake-up. */
  private static final WriteBufferWaterMark WRITE_BUFFER =
      new WriteBufferWaterMark(512 << 10, 1 << 20);

  private final ServerConfig config;
  private final Engine engine;
  private final Catalogs catalogs;
  private final QueryPipeline pipeline;
  private final ServerThreads threads;
  private final BufferAllocator traffic;
  private final FlightServer flight;
  private final @Nullable HttpServer http;
  private final AtomicBoolean closed = new AtomicBoolean();

  private SluiceServer(
      ServerConfig config,
      Engine engine,
      Catalogs catalogs,
      QueryPipeline pipeline,
      ServerThreads threads,
      BufferAllocator traffic,
      FlightServer flight,
      @Nullable HttpServer http) {
    this.config = config;
    this.engine = engine;
    this.catalogs = catalogs;
    this.pipeline = pipeline;
    this.threads = threads;
    this.traffic = traffic;
    this.flight = flight;
    this.http = http;
  }

  /** Starts a server over the catalogs that its configuration names. */
  public static SluiceServer start(ServerConfig config) {
    return start(config, allocator -> Lake.open(config, allocator));
  }

  /**
   * Starts a server over other catalogs, which it owns.
   *
   * @param opener is given the allocator of what they write
   * @throws EngineException CONFIGURATION, where the address is taken or would let strangers in
   */
  public static SluiceServer start(
      ServerConfig config, Function<BufferAllocator, Catalogs> opener) {
    Engine engine = null;
    Catalogs catalogs = null;
    ServerThreads threads = null;
    BufferAllocator traffic = null;
    HttpServer http = null;
    try {
      config.requireSafeBinding();
      Authentication authentication = new Authentication(config.users(), config.tokens());
      engine = new Engine(config.engine());
      catalogs = opener.apply(engine.allocator());
      QueryPipeline pipeline = new QueryPipeline(engine, catalogs);
      threads = new ServerThreads(config);
      traffic = engine.allocator().newChildAllocator("traffic", 0, Long.MAX_VALUE);
      Sessions sessions = new Sessions(catalogs, config.sessionTtl(), threads.calls());
      SqlProducer producer = new SqlProducer(pipeline, sessions, threads, traffic, config);
      Connections connections = new Connections(sessions::connectionClosed);
      Consumer<NettyServerBuilder> transport = builder -> transport(builder, connections);
      if (config.http().enabled()) {
        http = new HttpServer(config.http(), pipeline, threads, authentication, traffic);
      }
      FlightServer flight =
          FlightServer.builder(
                  traffic, Location.forGrpcInsecure(config.host(), config.port()), producer)
              .executor(threads.calls())
              .middleware(CallCredentials.KEY, new CallCredentials.Factory(authentication))
              .backpressureThreshold(config.streamBufferBytes())
              .transportHint("grpc.builderConsumer", transport)
              .build()
              .start();
      return new SluiceServer(config, engine, catalogs, pipeline, threads, traffic, flight, http);
    } catch (IOException | RuntimeException | Error failure) {
      close(failure, http, threads, traffic, catalogs, engine);
      if (failure instanceof IOException) {
        throw new EngineException(
            ErrorCode.CONFIGURATION,
            "cannot listen on " + config.host() + ":" + config.port() + ": " + rootMessage(failure),
            failure);
      }
      if (failure instanceof Error error) {
        throw error;
      }
      throw (RuntimeException) failure;
    }
  }

  private static void transport(NettyServerBuilder builder, Connections connections) {
    builder
        .intercept(new UploadGuard())
        .intercept(connections)
        .addTransportFilter(connections)
        .initialFlowControlWindow(FLOW_CONTROL_WINDOW)
        .withChildOption(ChannelOption.WRITE_BUFFER_WATER_MARK, WRITE_BUFFER)
        // Load balancers drop connections that are silent for minutes.
        .keepAliveTime(1, TimeUnit.MINUTES)
        .permitKeepAliveTime(5, TimeUnit.SECONDS)
        .permitKeepAliveWithoutCalls(true);
  }

  private static String rootMessage(Throwable failure) {
    Throwable cause = failure;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    return String.valueOf(cause.getMessage());
  }

  /** The port that it listens on. */
  public int port() {
    return flight.getPort();
  }

  /** Where clients connect, as in {@code grpc://127.0.0.1:31337}. */
  public URI uri() {
    String host = config.host().contains(":") ? "[" + config.host() + "]" : config.host();
    return URI.create("grpc://" + host + ":" + port());
  }

  /** Where HTTP clients connect, as in {@code http://127.0.0.1:31338}, or null. */
  public @Nullable URI httpUri() {
    if (http == null) {
      return null;
    }
    String host = config.http().host();
    String literal = host.contains(":") ? "[" + host + "]" : host;
    return URI.create("http://" + literal + ":" + http.port());
  }

  public ServerConfig config() {
    return config;
  }

  public QueryPipeline pipeline() {
    return pipeline;
  }

  public Engine engine() {
    return engine;
  }

  /** Waits until the server has stopped. */
  public void awaitTermination() throws InterruptedException {
    flight.awaitTermination();
  }

  /**
   * Takes no new calls, lets running ones end within {@code server.drain-timeout}, cancels the rest
   * and frees everything.
   */
  @Override
  public void close() {
    if (!closed.compareAndSet(false, true)) {
      return;
    }
    flight.shutdown();
    if (http != null) {
      http.drain(config.drainTimeout().toMillis());
    }
    try {
      if (!flight.awaitTermination(config.drainTimeout().toMillis(), TimeUnit.MILLISECONDS)) {
        LOG.warn("statements still run after {}; cancelling them", config.drainTimeout());
      }
      // Cancels what is left, and returns at once where nothing is.
      flight.close();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    close(null, http, threads, traffic, catalogs, engine);
  }

  /** Closes all that is there; problems are added to {@code failure} or else thrown. */
  private static void close(@Nullable Throwable failure, @Nullable AutoCloseable... resources) {
    Throwable problem = failure;
    for (AutoCloseable resource : resources) {
      if (resource == null) {
        continue;
      }
      try {
        resource.close();
      } catch (Exception | Error e) {
        if (problem == null) {
          problem = e;
        } else {
          problem.addSuppressed(e);
        }
      }
    }
    if (failure == null && problem != null) {
      throw problem instanceof RuntimeException runtime
          ? runtime
          : new EngineException(ErrorCode.INTERNAL, "cannot stop cleanly: " + problem, problem);
    }
  }
}
