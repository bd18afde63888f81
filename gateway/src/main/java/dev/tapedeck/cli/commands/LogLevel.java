package dev.tapedeck.cli.commands;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import org.slf4j.LoggerFactory;

/** How much the program's own rooms log; libraries stay at warnings. */
enum LogLevel {
  ERROR,
  WARN,
  INFO,
  DEBUG,
  TRACE;

  void apply() {
    set("dev.tapedeck", Level.toLevel(name()));
  }

  /** Nothing at all, for commands that draw on the terminal. */
  static void silence() {
    set(org.slf4j.Logger.ROOT_LOGGER_NAME, Level.OFF);
  }

  private static void set(String rooms, Level level) {
    if (LoggerFactory.getLogger(rooms) instanceof Logger logger) {
      logger.setLevel(level);
    }
  }
}
