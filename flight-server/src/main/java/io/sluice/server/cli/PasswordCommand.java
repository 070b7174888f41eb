package io.sluice.server.cli;

import io.sluice.server.Main;
import io.sluice.server.session.Passwords;
import java.io.BufferedReader;
import java.io.Console;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.Charset;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** Makes the record that stands for a password in the configuration. */
@Command(
    name = "password",
    description = {
      "Reads a password from the terminal, or a line of the input, and prints the record to put"
          + " into the configuration as auth.users.NAME=RECORD."
    },
    mixinStandardHelpOptions = true,
    versionProvider = Main.Versions.class)
public final class PasswordCommand implements Callable<Integer> {
  @Override
  public Integer call() throws IOException {
    Console console = System.console();
    char[] password;
    if (console != null && console.isTerminal()) {
      password = console.readPassword("Password: ");
    } else {
      String line =
          new BufferedReader(new InputStreamReader(System.in, Charset.defaultCharset())).readLine();
      password = line == null ? null : line.toCharArray();
    }
    if (password == null || password.length == 0) {
      System.err.println("error: no password given");
      return 2;
    }
    System.out.println(Passwords.record(password));
    return 0;
  }
}
