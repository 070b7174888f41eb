package io.sluice.server.cli;

import io.sluice.engine.EngineException;
import io.sluice.engine.ErrorCode;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Optional;
import org.apache.arrow.flight.CallOption;
import org.apache.arrow.flight.FlightClient;
import org.apache.arrow.flight.FlightEndpoint;
import org.apache.arrow.flight.FlightStream;
import org.apache.arrow.flight.Location;
import org.apache.arrow.flight.grpc.CredentialCallOption;
import org.apache.arrow.flight.sql.FlightSqlClient;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.types.pojo.Schema;
import org.jspecify.annotations.Nullable;

/** Runs statements on a server, over Flight SQL. */
final class RemoteTarget implements SqlTarget {
  private final BufferAllocator allocator = new RootAllocator();
  private final FlightSqlClient client;
  private final CallOption[] options;
  private volatile @Nullable FlightStream running;

  /** A user's name and password. */
  record Login(String user, String password) {}

  RemoteTarget(String uri, @Nullable Login login) {
    FlightClient flight = null;
    try {
      flight = FlightClient.builder(allocator, location(uri)).build();
      Optional<CredentialCallOption> token =
          login == null
              ? Optional.empty()
              : flight.authenticateBasicToken(login.user(), login.password());
      this.options = token.map(option -> new CallOption[] {option}).orElse(new CallOption[0]);
      this.client = new FlightSqlClient(flight);
    } catch (RuntimeException failure) {
      try (allocator;
          FlightClient closing = flight) {
        throw failure;
      } catch (InterruptedException e) {
        throw interrupted(e);
      }
    }
  }

  private static Location location(String uri) {
    try {
      URI parsed = new URI(uri.contains("://") ? uri : "grpc://" + uri);
      String scheme = parsed.getScheme().equals("flightsql") ? "grpc" : parsed.getScheme();
      if (parsed.getHost() == null || parsed.getPort() < 0) {
        throw new URISyntaxException(uri, "host and port are missing");
      }
      return switch (scheme) {
        case "grpc", "grpc+tcp" -> Location.forGrpcInsecure(parsed.getHost(), parsed.getPort());
        case "grpc+tls" -> Location.forGrpcTls(parsed.getHost(), parsed.getPort());
        default -> throw new URISyntaxException(uri, "the scheme must be grpc or grpc+tls");
      };
    } catch (URISyntaxException e) {
      throw new EngineException(
          ErrorCode.INVALID_ARGUMENT,
          "--uri must be like grpc://127.0.0.1:31337: " + e.getMessage(),
          e);
    }
  }

  @Override
  public Outcome run(String sql, RowPrinter printer) {
    try (FlightSqlClient.PreparedStatement statement = client.prepare(sql, options)) {
      Schema schema = statement.getResultSetSchema();
      if (schema.getFields().isEmpty()) {
        return new Outcome(statement.executeUpdate(options), false);
      }
      List<FlightEndpoint> endpoints = statement.execute(options).getEndpoints();
      long count = 0;
      printer.begin(schema.getFields());
      for (FlightEndpoint endpoint : endpoints) {
        count += print(endpoint, printer);
      }
      printer.end();
      return new Outcome(count, true);
    }
  }

  private long print(FlightEndpoint endpoint, RowPrinter printer) {
    long count = 0;
    try (FlightStream stream = client.getStream(endpoint.getTicket(), options)) {
      running = stream;
      while (stream.next()) {
        printer.rows(stream.getRoot().getFieldVectors(), stream.getRoot().getRowCount());
        count += stream.getRoot().getRowCount();
      }
      return count;
    } catch (RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new EngineException(ErrorCode.INTERNAL, "cannot close a stream: " + e, e);
    } finally {
      running = null;
    }
  }

  @Override
  public void cancel() {
    FlightStream stream = running;
    if (stream != null) {
      stream.cancel("interrupted", null);
    }
  }

  @Override
  public void close() {
    try (allocator;
        FlightSqlClient closing = client) {
      assert closing != null;
    } catch (RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new EngineException(ErrorCode.INTERNAL, "cannot close the connection: " + e, e);
    }
  }

  private static EngineException interrupted(InterruptedException e) {
    Thread.currentThread().interrupt();
    return new EngineException(ErrorCode.CANCELLED, "interrupted while connecting", e);
  }
}
