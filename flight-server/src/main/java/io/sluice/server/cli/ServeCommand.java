package io.sluice.server.cli;

import io.sluice.server.Main;
import io.sluice.server.SluiceServer;
import io.sluice.server.Version;
import io.sluice.server.config.ServerConfig;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Serves Arrow Flight SQL until it is told to stop. */
@Command(
    name = "serve",
    description = {
      "Serves SQL over Arrow Flight SQL.",
      "Prints one line with its address when it accepts connections. Ctrl-C and SIGTERM let"
          + " running statements end, for at most server.drain-timeout, and stop it."
    },
    mixinStandardHelpOptions = true,
    versionProvider = Main.Versions.class,
    footer = {
      "",
      "Connect with:",
      "  Python  adbc_driver_flightsql.dbapi.connect(\"grpc://127.0.0.1:31337\", autocommit=True)",
      "  JDBC    jdbc:arrow-flight-sql://127.0.0.1:31337?useEncryption=false",
      "  shell   sluice sql --uri grpc://127.0.0.1:31337"
    })
public final class ServeCommand implements Callable<Integer> {
  @Option(
      names = "--host",
      paramLabel = "ADDRESS",
      description =
          "Address to listen on (default: 127.0.0.1). Beyond this machine it needs users:"
              + " auth.users.NAME in the configuration.")
  private @Nullable String host;

  @Option(
      names = "--port",
      paramLabel = "PORT",
      description = "Port to listen on (default: 31337); 0 picks a free one.")
  private @Nullable Integer port;

  @Mixin private ConfigOptions options = new ConfigOptions();

  @Override
  public Integer call() throws InterruptedException {
    Map<String, String> given = new LinkedHashMap<>();
    if (host != null) {
      given.put("server.host", host);
    }
    if (port != null) {
      given.put("server.port", port.toString());
    }
    ServerConfig config = options.read(given);
    SluiceServer server = SluiceServer.start(config);
    Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(server), "stop"));
    System.out.println(
        "Sluice "
            + Version.NUMBER
            + " serving "
            + server.uri()
            + (server.httpUri() == null ? "" : " and " + server.httpUri())
            + " (data: "
            + config.dataDir().toAbsolutePath().normalize()
            + ")");
    System.out.flush();
    server.awaitTermination();
    return 0;
  }

  private static void stop(SluiceServer server) {
    try {
      server.close();
    } catch (RuntimeException e) {
      Terminal.report(e);
    }
  }
}
