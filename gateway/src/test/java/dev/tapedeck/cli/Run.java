package dev.tapedeck.cli;

import dev.tapedeck.cli.commands.Console;
import dev.tapedeck.cli.commands.Gateways;
import dev.tapedeck.cli.config.Environment;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** One run of the program in this JVM, with its own home folder. */
public record Run(int status, ByteArrayOutputStream written, String err) {

  public byte[] bytes() {
    return written.toByteArray();
  }

  public String out() {
    return written.toString(StandardCharsets.UTF_8);
  }

  public List<String> lines() {
    return out().lines().toList();
  }

  /** With {@code --data FOLDER} behind the command. */
  public static Run of(Path data, String command, String... rest) {
    List<String> args = new ArrayList<>(List.of(command, "--data", data.toString()));
    args.addAll(List.of(rest));
    return bare(data, args.toArray(String[]::new));
  }

  /** On a terminal of that width. */
  public static Run wide(int columns, Path data, String command, String... rest) {
    List<String> args = new ArrayList<>(List.of(command, "--data", data.toString()));
    args.addAll(List.of(rest));
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    Console console = new Console(out, err, true, true, () -> columns);
    return bare(data, console, out, err, args.toArray(String[]::new));
  }

  public static Run bare(Path home, String... args) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    return bare(home, new Console(out, err, false, false), out, err, args);
  }

  private static Run bare(
      Path home,
      Console console,
      ByteArrayOutputStream out,
      ByteArrayOutputStream err,
      String... args) {
    Gateways.Opener none =
        config -> {
          throw new java.net.BindException("Address already in use");
        };
    Environment surroundings = new Environment(Map.of(), home, home, "ann");
    int status =
        new RootCommand(surroundings, console, none, RunWiring::run, Engines::all).run(args);
    return new Run(status, out, err.toString(StandardCharsets.UTF_8));
  }
}
