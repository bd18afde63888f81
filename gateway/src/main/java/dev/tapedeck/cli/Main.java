package dev.tapedeck.cli;

import dev.tapedeck.cli.commands.Console;
import dev.tapedeck.cli.config.Environment;

/** Where the program begins. */
public final class Main {

  private Main() {}

  public static void main(String[] args) {
    RootCommand program =
        new RootCommand(
            Environment.ofProcess(),
            Console.ofProcess(),
            Wiring::open,
            RunWiring::run,
            Engines::all);
    System.exit(program.run(args));
  }
}
