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
    if (LoggerFactory.getLogger("dev.tapedeck") instanceof Logger logger) {
      logger.setLevel(Level.toLevel(name()));
    }
  }
}
