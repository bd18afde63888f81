package dev.tapedeck.cli.commands;

import picocli.CommandLine.Option;

/** What every command takes. */
final class StandardOptions {

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this help and exit.")
  boolean help;

  @Option(names = "--debug", description = "Show the stack trace of errors.")
  boolean debug;
}
