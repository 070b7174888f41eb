package io.sluice.server;

import io.sluice.engine.connector.Catalogs;
import io.sluice.server.config.ConfigReader;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.arrow.flight.FlightClient;
import org.apache.arrow.flight.Location;
import org.apache.arrow.flight.sql.FlightSqlClient;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;

/** A server over a {@link MemoryCatalog}, and clients; closing fails on any byte left. */
public final class TestServer implements AutoCloseable {
  private final MemoryCatalog catalog = new MemoryCatalog();
  private final SluiceServer server;
  private final BufferAllocator allocator = new RootAllocator();

  public TestServer(Map<String, String> settings) {
    Map<String, String> all =
        new LinkedHashMap<>(
            Map.of("server.port", "0", "server.drain-timeout", "1s", "engine.workers", "2"));
    all.putAll(settings);
    Catalogs catalogs = new Catalogs();
    catalogs.add(catalog);
    server = SluiceServer.start(ConfigReader.read(all), memory -> catalogs);
  }

  public MemoryCatalog catalog() {
    return catalog;
  }

  public SluiceServer server() {
    return server;
  }

  /** Of clients. */
  public BufferAllocator allocator() {
    return allocator;
  }

  public FlightClient flight() {
    return FlightClient.builder(allocator, Location.forGrpcInsecure("127.0.0.1", server.port()))
        .build();
  }

  public FlightSqlClient client() {
    return new FlightSqlClient(flight());
  }

  @Override
  public void close() {
    server.close();
    allocator.close();
  }
}
