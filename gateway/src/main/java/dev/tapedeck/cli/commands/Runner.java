package dev.tapedeck.cli.commands;

import dev.tapedeck.cli.config.Config;
import dev.tapedeck.cli.config.Environment;
import java.io.IOException;
import java.util.List;

/**
 * Runs a program on the caller's terminal, recorded. The wall between the command and the wiring of
 * the rooms.
 */
@FunctionalInterface
public interface Runner {

  /**
   * Returns when the program has ended and its files are sealed.
   *
   * @param config complete: folders are made
   * @param command the program and its arguments
   * @throws CommandFailed with a sentence for a person
   * @throws IOException if something else fails
   */
  Ended run(Config config, Environment surroundings, List<String> command)
      throws CommandFailed, IOException, InterruptedException;

  /**
   * How it went.
   *
   * @param status to exit with: the program's own
   * @param summary one line
   */
  record Ended(int status, String summary) {}
}
