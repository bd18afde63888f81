package dev.tapedeck.cli;

import dev.tapedeck.cli.commands.Cat;
import dev.tapedeck.cli.commands.CommandFailed;
import dev.tapedeck.cli.commands.Console;
import dev.tapedeck.cli.commands.Doctor;
import dev.tapedeck.cli.commands.Export;
import dev.tapedeck.cli.commands.FilesCommand;
import dev.tapedeck.cli.commands.Gateways;
import dev.tapedeck.cli.commands.Ls;
import dev.tapedeck.cli.commands.OutputFailed;
import dev.tapedeck.cli.commands.PathCommand;
import dev.tapedeck.cli.commands.Play;
import dev.tapedeck.cli.commands.PruneCommand;
import dev.tapedeck.cli.commands.Reindex;
import dev.tapedeck.cli.commands.RepairCommand;
import dev.tapedeck.cli.commands.ReplayCommand;
import dev.tapedeck.cli.commands.RunCommand;
import dev.tapedeck.cli.commands.Runner;
import dev.tapedeck.cli.commands.Search;
import dev.tapedeck.cli.commands.Sentence;
import dev.tapedeck.cli.commands.Serve;
import dev.tapedeck.cli.commands.Show;
import dev.tapedeck.cli.commands.Verify;
import dev.tapedeck.cli.commands.Watch;
import dev.tapedeck.cli.config.Config;
import dev.tapedeck.cli.config.ConfigException;
import dev.tapedeck.cli.config.Environment;
import dev.tapedeck.sandbox.Engine;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * The command line: which commands there are, and what an error looks like from outside.
 *
 * <p>Exit codes: 0 done, 1 failed, 2 wrong usage, which a configuration that cannot be used is too.
 */
public final class RootCommand {

  static final int DONE = 0;
  static final int FAILED = 1;
  static final int WRONG_USAGE = 2;

  private static final int HELP_WIDTH = 100;

  private final Console console;
  private final Map<String, Supplier<Object>> commands;

  /**
   * @param opener opens the gateways when {@code serve} asks for them
   * @param runner runs a program for {@code run}
   * @param engines every engine there is, for {@code doctor}
   */
  public RootCommand(
      Environment surroundings,
      Console console,
      Gateways.Opener opener,
      Runner runner,
      Function<Config, List<Engine>> engines) {
    this.console = console;
    Map<String, Supplier<Object>> all = new LinkedHashMap<>(); // in the order that help shows
    all.put("serve", () -> new Serve(surroundings, console, opener));
    all.put("run", () -> new RunCommand(surroundings, console, runner));
    all.put("ls", () -> new Ls(surroundings, console));
    all.put("show", () -> new Show(surroundings, console));
    all.put("cat", () -> new Cat(surroundings, console));
    all.put("play", () -> new Play(surroundings, console));
    all.put("path", () -> new PathCommand(surroundings, console));
    all.put("search", () -> new Search(surroundings, console));
    all.put("files", () -> new FilesCommand(surroundings, console));
    all.put("export", () -> new Export(surroundings, console));
    all.put("replay", () -> new ReplayCommand(surroundings, console));
    all.put("watch", () -> new Watch(surroundings, console));
    all.put("verify", () -> new Verify(surroundings, console));
    all.put("repair", () -> new RepairCommand(surroundings, console));
    all.put("reindex", () -> new Reindex(surroundings, console));
    all.put("prune", () -> new PruneCommand(surroundings, console));
    all.put("doctor", () -> new Doctor(surroundings, console, engines));
    this.commands = Collections.unmodifiableMap(all);
  }

  /** Runs one command and returns the exit code. */
  public int run(String... args) {
    // picocli looks at each command that it is given by reflection, and looking at all of them took
    // longer than most commands do.
    boolean named = args.length > 0 && commands.containsKey(args[0]);
    try {
      int status = (named ? commandLine(Set.of(args[0])) : commandLine()).execute(args);
      console.flush();
      return status;
    } catch (OutputFailed e) {
      return outputFailed(e);
    }
  }

  /** With every command. */
  CommandLine commandLine() {
    return commandLine(commands.keySet());
  }

  private CommandLine commandLine(Set<String> names) {
    CommandLine commandLine = new CommandLine(new Tapedeck());
    commands.forEach((name, command) -> {
      if (names.contains(name)) {
        CommandLine subcommand = new CommandLine(command.get());
        // What follows the command of run is that command's own.
        subcommand.setStopAtPositional(name.equals("run"));
        commandLine.addSubcommand(name, subcommand);
      }
    });
    return commandLine
        // An argument that begins with @ is a command's own, and no file of options.
        .setExpandAtFiles(false)
        .setUsageHelpWidth(HELP_WIDTH)
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setOut(console.outWriter())
        .setErr(console.errWriter())
        .setParameterExceptionHandler(this::wrongUsage)
        .setExecutionExceptionHandler((e, command, parsed) -> failed(e, command));
  }

  private int wrongUsage(ParameterException e, String[] args) {
    CommandLine command = e.getCommandLine();
    if (e instanceof UnmatchedArgumentException unmatched) {
      String word = unmatched.getUnmatched().getFirst();
      boolean commandExpected = command.getParent() == null && !word.startsWith("-");
      console.error(
          commandExpected
              ? "there is no command '" + word + "'"
              : "'" + word + "' is not expected here");
      if (!unmatched.getSuggestions().isEmpty()) {
        console.hint("Did you mean " + String.join(" or ", unmatched.getSuggestions()) + "?");
      }
    } else {
      console.error(Sentence.firstLine(e.getMessage()));
    }
    console.hint("Try '" + command.getCommandSpec().qualifiedName() + " --help'.");
    return WRONG_USAGE;
  }

  private int failed(Exception e, CommandLine command) {
    if (e instanceof OutputFailed output) {
      return outputFailed(output);
    }
    console.flushQuietly();
    boolean debug = command.getParseResult().hasMatchedOption("--debug");
    switch (e) {
      case ConfigException config -> Sentence.message(config).lines().forEach(console::error);
      case CommandFailed failed -> console.error(Sentence.of(failed));
      case RuntimeException bug ->
          console.error(
              "an internal error: "
                  + bug
                  + (debug ? "" : " (run it again with --debug to see where)"));
      default -> console.error(Sentence.of(e));
    }
    if (debug) {
      e.printStackTrace(console.errWriter());
      console.errWriter().flush();
    }
    return e instanceof ConfigException ? WRONG_USAGE : FAILED;
  }

  /** Nobody reads on, as in {@code tapedeck ls | head}: that is no error. */
  private int outputFailed(OutputFailed e) {
    if (e.closedByReader()) {
      return DONE;
    }
    console.error("cannot write the output: " + Sentence.of(e.getCause()));
    return FAILED;
  }
}
