package io.sluice.server;

import io.sluice.server.cli.PasswordCommand;
import io.sluice.server.cli.ServeCommand;
import io.sluice.server.cli.SqlCommand;
import io.sluice.server.cli.Terminal;
import io.sluice.server.cli.TokenCommand;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** The program. */
@Command(
    name = "sluice",
    description = "SQL over Apache Iceberg, delivered as Arrow.",
    subcommands = {ServeCommand.class, SqlCommand.class, PasswordCommand.class, TokenCommand.class},
    mixinStandardHelpOptions = true,
    versionProvider = Main.Versions.class,
    synopsisSubcommandLabel = "COMMAND",
    footer = {
      "",
      "Exit status: 0 success, 1 a statement or the server failed, 2 wrong use,",
      "130 interrupted.",
      "",
      "Examples:",
      "  sluice serve --data-dir ./lake",
      "  sluice sql -c \"SELECT 1 + 1\"",
      "  sluice sql --uri grpc://127.0.0.1:31337 -f report.sql --format csv"
    })
public final class Main implements Runnable {
  @Spec private CommandSpec spec;

  /** For picocli. */
  public Main() {
    this.spec = CommandSpec.create();
  }

  /** What {@code --version} prints. */
  public static final class Versions implements IVersionProvider {
    @Override
    public String[] getVersion() {
      return new String[] {
        "Sluice "
            + Version.NUMBER
            + " (Arrow "
            + Version.ARROW
            + ", Java "
            + Runtime.version().feature()
            + ")"
      };
    }
  }

  /** Parses and runs; the value is the exit status. */
  public static int run(String... arguments) {
    SecretLoggers.silence();
    return new CommandLine(new Main())
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setUsageHelpAutoWidth(true)
        .setExecutionExceptionHandler((failure, command, parsed) -> Terminal.report(failure))
        .execute(arguments);
  }

  /** Runs and exits. */
  public static void main(String[] arguments) {
    int status = run(arguments);
    System.out.flush();
    System.exit(status);
  }

  @Override
  public void run() {
    throw new CommandLine.ParameterException(spec.commandLine(), "Which command?");
  }
}
