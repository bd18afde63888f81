package dev.tapedeck.cli;

import dev.tapedeck.cli.commands.Console;
import dev.tapedeck.cli.config.Surroundings;

/** Where the program begins. */
public final class Main {

  private Main() {}

  public static void main(String[] args) {
    Program program =
        new Program(
            Surroundings.ofProcess(),
            Console.ofProcess(),
            Wiring::open,
            RunWiring::run,
            Engines::all);
    System.exit(program.run(args));
  }
}
