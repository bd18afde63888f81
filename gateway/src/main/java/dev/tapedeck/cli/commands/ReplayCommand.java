package dev.tapedeck.cli.commands;

import dev.tapedeck.api.redaction.SecretNames;
import dev.tapedeck.api.replay.Replay;
import dev.tapedeck.cli.config.ConfigException;
import dev.tapedeck.cli.config.ConfigFile;
import dev.tapedeck.cli.config.Environment;
import dev.tapedeck.cli.config.Listen;
import java.io.IOException;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Serves a recording as a mock upstream. */
@Command(
    name = "replay",
    sortOptions = false,
    description = {
      "Answers requests as they were answered in a recording, until SIGINT or SIGTERM. Prints the",
      "address first. What was not recorded is answered 404, with the nearest request and what",
      "differs."
    },
    footer = {
      "",
      "Examples:",
      "  tapedeck replay $(tapedeck path latest)/api.har",
      "  ANTHROPIC_BASE_URL=http://127.0.0.1:3346 claude -p 'the same question'",
      "  tapedeck replay api.har --listen 127.0.0.1:0 --ready-file ready.json --fast"
    })
public final class ReplayCommand implements Callable<Integer> {

  private static final String DEFAULT_LISTEN = "127.0.0.1:3346";

  private final Environment surroundings;
  private final Console console;

  @Parameters(paramLabel = "FILE.har", description = "The recording; any HAR will do.")
  String file = "";

  @Option(
      names = "--listen",
      paramLabel = "HOST:PORT",
      defaultValue = DEFAULT_LISTEN,
      description = "Where to listen, by default ${DEFAULT-VALUE}; port 0 is chosen by the system.")
  String listen = DEFAULT_LISTEN;

  @Option(
      names = "--ready-file",
      paramLabel = "FILE",
      description = "Written when it listens: one JSON object with pid and api.")
  @Nullable String readyFile;

  @Option(names = "--fast", description = "Streams come at once, not at the recording's pace.")
  boolean fast;

  @Mixin StoreOptions store = new StoreOptions();

  @Mixin StandardOptions standard = new StandardOptions();

  public ReplayCommand(Environment surroundings, Console console) {
    this.surroundings = surroundings;
    this.console = console;
  }

  @Override
  public Integer call() throws ConfigException, CommandFailed, IOException, InterruptedException {
    StopSignal stop = new StopSignal();
    stop.register();
    return run(stop);
  }

  /** Serves until {@code stop}. */
  int run(StopSignal stop)
      throws ConfigException, CommandFailed, IOException, InterruptedException {
    if (!(StoreOptions.option("--listen", listen, Listen::parse) instanceof Listen.At at)) {
      throw new ConfigException("--listen: off is not allowed; HOST:PORT is");
    }
    Path ready = StoreOptions.option("--ready-file", readyFile, surroundings::path);
    ConfigFile settings = store.load(surroundings);
    Path har = surroundings.path(file);
    if (!Files.isRegularFile(har)) {
      throw new CommandFailed("there is no file " + har);
    }
    SecretNames names = new SecretNames(settings.config().api().redact());
    try (Replay replay = open(har, at, names)) {
      Listen.At address = new Listen.At(at.host(), replay.port());
      console.line("http://" + address);
      console.flush();
      if (ready != null) {
        ReadyFile.write(
            ready, new Gateways.Addresses(null, address, null), settings.config().data());
      }
      stop.await();
    } finally {
      if (ready != null) {
        Files.deleteIfExists(ready);
      }
    }
    return 0;
  }

  private Replay open(Path har, Listen.At at, SecretNames names) throws CommandFailed {
    try {
      return Replay.start(har, at.address("--listen"), fast, names);
    } catch (UnknownHostException e) {
      throw new CommandFailed(Sentence.of(e), e);
    } catch (IOException e) {
      throw new CommandFailed(har + ": " + Sentence.of(e), e);
    }
  }
}
