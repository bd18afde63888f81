package dev.tapedeck.cli.commands;

import dev.tapedeck.cli.config.Config;
import dev.tapedeck.cli.config.ConfigException;
import dev.tapedeck.cli.config.ConfigFile;
import dev.tapedeck.cli.config.Environment;
import dev.tapedeck.cli.config.Overrides;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Runs a program here, with its terminal and its model's API on record in one session. */
@Command(
    name = "run",
    sortOptions = false,
    description = {
      "Runs a program on this terminal, with the API gateway in its environment, and records both",
      "in one session. The exit code is the program's, 128+n where a signal ended it, 127 where",
      "there is no such program and 126 where it cannot be started."
    },
    footer = {
      "",
      "Examples:",
      "  tapedeck run claude",
      "  tapedeck run --record traffic.har -- claude -p 'What is in this folder?'",
      "  tapedeck run -- bash            then whatever agent you like",
      "",
      "The program has your rights and no sandbox. With standard input or output in a pipe it gets",
      "pipes and no terminal."
    })
public final class RunCommand implements Callable<Integer> {

  private static final Logger LOG = LoggerFactory.getLogger(RunCommand.class);

  private final Environment surroundings;
  private final Console console;
  private final Runner runner;

  @Mixin StoreOptions store = new StoreOptions();

  @Mixin RecordOptions recording = new RecordOptions();

  @Mixin StandardOptions standard = new StandardOptions();

  @Parameters(
      paramLabel = "CMD",
      arity = "1..*",
      description = "The program and its arguments; -- before it ends the options of run.")
  List<String> command = new ArrayList<>();

  public RunCommand(Environment surroundings, Console console, Runner runner) {
    this.surroundings = surroundings;
    this.console = console;
    this.runner = runner;
  }

  @Override
  public Integer call() throws ConfigException, CommandFailed, IOException, InterruptedException {
    ConfigFile file = store.file(surroundings);
    Overrides overrides =
        new Overrides(
            store.data(surroundings),
            null,
            null,
            null,
            recording.upstreams(),
            null,
            recording.policy(),
            recording.path(surroundings),
            recording.none(),
            store.catalog(surroundings));
    Config config = overrides.over(file.config());
    file.warnings().forEach(LOG::warn);
    DataFolder.make(config.data());
    Runner.Ended ended = runner.run(config, surroundings, command);
    console.hint("tapedeck: " + ended.summary());
    return ended.status();
  }
}
