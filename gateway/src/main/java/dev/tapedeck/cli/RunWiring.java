package dev.tapedeck.cli;

import dev.tapedeck.api.Consumption;
import dev.tapedeck.catalog.Catalog;
import dev.tapedeck.cli.commands.CommandFailed;
import dev.tapedeck.cli.commands.Runner;
import dev.tapedeck.cli.config.Config;
import dev.tapedeck.cli.config.Environment;
import dev.tapedeck.cli.config.Listen;
import dev.tapedeck.cli.run.Caller;
import dev.tapedeck.cli.run.CallersEnvironment;
import dev.tapedeck.cli.run.Executable;
import dev.tapedeck.cli.run.Foreground;
import dev.tapedeck.cli.run.RunSummary;
import dev.tapedeck.event.ExitStatus;
import dev.tapedeck.event.SessionId;
import dev.tapedeck.pump.StallWatch;
import dev.tapedeck.recording.RecordingOptions;
import dev.tapedeck.session.Recorder;
import dev.tapedeck.session.Session;
import dev.tapedeck.session.SessionInfo;
import dev.tapedeck.session.SessionTokens;
import dev.tapedeck.storage.RecordingStore;
import dev.tapedeck.storage.SessionFolder;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What {@code run} puts together of the rooms: as {@link Wiring}, with the caller in the place of
 * the SSH gateway, and one session.
 *
 * <pre>
 *   caller -> Foreground -\
 *                          > Session -> SessionRecorder -> RecordingStore
 *   program -> ApiGateway /
 * </pre>
 */
final class RunWiring {

  private static final Logger LOG = LoggerFactory.getLogger(RunWiring.class);

  /** The system chooses the port. */
  private static final Listen.At ANYWHERE = new Listen.At("127.0.0.1", 0);

  private final Config config;
  private final Environment surroundings;
  private final List<String> words;
  private final RunSummary summary = new RunSummary();
  private Duration time = Duration.ZERO;

  private RunWiring(Config config, Environment surroundings, List<String> words) {
    this.config = config;
    this.surroundings = surroundings;
    this.words = words;
  }

  /** Runs a program, recorded; see {@link Runner}. */
  static Runner.Ended run(Config config, Environment surroundings, List<String> words)
      throws CommandFailed, IOException, InterruptedException {
    String path = surroundings.environment().getOrDefault("PATH", "/usr/local/bin:/usr/bin:/bin");
    return switch (Executable.find(words.getFirst(), path, surroundings.workingDirectory())) {
      case Executable.Missing(int status, String sentence) -> new Runner.Ended(status, sentence);
      case Executable.At(Path program) -> new RunWiring(config, surroundings, words).run(program);
    };
  }

  private Runner.Ended run(Path program) throws CommandFailed, IOException, InterruptedException {
    Running running = new Running();
    SessionId id = SessionId.create();
    ExitStatus status;
    try {
      Consumption consumption = new Consumption(config.api().budgets());
      Optional<Catalog> catalog = RecordingWiring.catalog(config);
      catalog.ifPresent(running::closeFirst);
      List<Recorder> recorders =
          RecordingWiring.recorders(
              config, catalog, running, List.of(summary, new BudgetListener(consumption)));
      SessionTokens tokens = new SessionTokens();
      InetSocketAddress api =
          ApiWiring.open(config, ANYWHERE, recorders, tokens, consumption, running);
      status = run(id, program, recorders, tokens, api);
    } finally {
      running.close();
    }
    return new Runner.Ended(status.number(), summary.line(time, where(id)));
  }

  private ExitStatus run(
      SessionId id,
      Path program,
      List<Recorder> recorders,
      SessionTokens tokens,
      InetSocketAddress api)
      throws IOException, InterruptedException {
    Session session = Session.start(info(id), recorders, List.of());
    String token = tokens.make();
    tokens.register(token, session);
    String reason = "it could not be run";
    try (@Nullable StallWatch watch = stallWatch();
        Caller caller = Caller.ofProcess()) {
      List<String> command = new ArrayList<>(words);
      command.set(0, program.toString());
      Map<String, String> environment =
          CallersEnvironment.with(surroundings.environment(), variables(api, token));
      long began = System.nanoTime();
      ExitStatus status = new Foreground(caller, watch).run(session, command, words, environment);
      time = Duration.ofNanos(System.nanoTime() - began);
      reason = reason(status);
      return status;
    } finally {
      session.end(reason);
    }
  }

  private Map<String, String> variables(InetSocketAddress api, String token) {
    Map<String, String> all =
        new HashMap<>(
            ApiVariables.placeholders(config.api().upstreams(), surroundings.environment()));
    all.putAll(ApiVariables.at(ANYWHERE.host() + ":" + api.getPort(), token));
    return all;
  }

  private SessionInfo info(SessionId id) {
    return new SessionInfo(
        id,
        "run",
        surroundings.user(),
        "local",
        Instant.now(),
        Map.of("directory", surroundings.workingDirectory().toString()));
  }

  private @Nullable StallWatch stallWatch() {
    return switch (config.recording().policy()) {
      case BEST_EFFORT -> new StallWatch(RecordingOptions.DEFAULT_STALL_LIMIT);
      case STRICT -> null;
    };
  }

  private static String reason(ExitStatus status) {
    return switch (status) {
      case ExitStatus.Code(int code) -> "the program ended with status " + code;
      case ExitStatus.Signalled(String name, _) -> "ended by SIG" + name;
      case ExitStatus.Unknown _ -> "nobody knows how the program ended";
    };
  }

  private String where(SessionId id) {
    if (!config.recording().enabled()) {
      return "not recorded";
    }
    try {
      Optional<SessionFolder> folder = new RecordingStore(config.recordings()).find(id);
      return folder.map(found -> "recorded in " + found.path()).orElse("not recorded");
    } catch (IOException e) {
      LOG.warn("The recording's place is unknown: {}", e.getMessage());
      return "recorded as " + id;
    }
  }
}
