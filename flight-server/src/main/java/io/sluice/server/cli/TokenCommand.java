package io.sluice.server.cli;

import io.sluice.server.Main;
import io.sluice.server.session.Tokens;
import java.io.BufferedReader;
import java.io.Console;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.Charset;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Makes the record that stands for a bearer token in the configuration. */
@Command(
    name = "token",
    description = {
      "Reads a bearer token from the terminal, or a line of the input, and prints the record to"
          + " put into the configuration as auth.tokens.NAME=RECORD."
    },
    mixinStandardHelpOptions = true,
    versionProvider = Main.Versions.class)
public final class TokenCommand implements Callable<Integer> {
  @Option(names = "--new", description = "Makes a token and prints it before its record.")
  private boolean fresh;

  @Override
  public Integer call() throws IOException {
    if (fresh) {
      String token = Tokens.random();
      System.out.println(token);
      System.out.println(Tokens.record(token));
      return 0;
    }
    String token = read();
    if (token.isEmpty()) {
      System.err.println("error: no token given");
      return 2;
    }
    System.out.println(Tokens.record(token));
    return 0;
  }

  private static String read() throws IOException {
    Console console = System.console();
    if (console != null && console.isTerminal()) {
      char[] typed = console.readPassword("Token: ");
      return typed == null ? "" : new String(typed).strip();
    }
    String line =
        new BufferedReader(new InputStreamReader(System.in, Charset.defaultCharset())).readLine();
    return line == null ? "" : line.strip();
  }
}
