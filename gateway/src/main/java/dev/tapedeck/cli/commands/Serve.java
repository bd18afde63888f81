package dev.tapedeck.cli.commands;

import dev.tapedeck.auth.Password;
import dev.tapedeck.cli.config.Config;
import dev.tapedeck.cli.config.Config.Engine;
import dev.tapedeck.cli.config.Config.User;
import dev.tapedeck.cli.config.ConfigException;
import dev.tapedeck.cli.config.ConfigFile;
import dev.tapedeck.cli.config.Environment;
import dev.tapedeck.cli.config.Listen;
import dev.tapedeck.cli.config.Secret;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Runs the gateways in the foreground until a signal ends them. */
@Command(
    name = "serve",
    sortOptions = false,
    description = {
      "Runs the gateways in the foreground until SIGINT or SIGTERM, then ends all sessions, completes",
      "their recordings and exits with code 0. A second signal exits immediately."
    },
    footer = {
      "",
      "Examples:",
      "  tapedeck serve                          for yourself, with a password made for this run",
      "  tapedeck serve --ssh 0.0.0.0:2222 --config /etc/tapedeck.yaml",
      "  tapedeck serve --ssh 127.0.0.1:0 --ready-file ready.json --data /tmp/try",
      "",
      "Users, limits and time-outs are set in the configuration file: docs/configuration.md."
    })
public final class Serve implements Callable<Integer> {

  private static final Logger LOG = LoggerFactory.getLogger(Serve.class);

  private final Environment surroundings;
  private final Console console;
  private final Gateways.Opener opener;

  @Mixin ServeOptions options = new ServeOptions();

  @Option(
      names = "--ready-file",
      paramLabel = "FILE",
      description =
          "Written when all gateways listen: one JSON object with pid, ssh, api, web and data.")
  @Nullable String readyFile;

  @Option(
      names = "--log-level",
      paramLabel = "LEVEL",
      defaultValue = "info",
      description = "error, warn, info, debug or trace (default: ${DEFAULT-VALUE}).")
  LogLevel logLevel = LogLevel.INFO;

  @Mixin StandardOptions standard = new StandardOptions();

  public Serve(Environment surroundings, Console console, Gateways.Opener opener) {
    this.surroundings = surroundings;
    this.console = console;
    this.opener = opener;
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
    ConfigFile file = options.load(surroundings);
    Path ready = StoreOptions.option("--ready-file", readyFile, surroundings::path);
    logLevel.apply();
    file.warnings().forEach(LOG::warn);
    Secret made = null;
    Config config = file.config();
    if (config.ssh().users().isEmpty() && config.ssh().listen() instanceof Listen.At) {
      made = new Secret(Password.generate());
      config = config.withUsers(List.of(new User(surroundings.user(), made, null, List.of())));
    }
    DataFolder.make(config.data());
    warnings(config, made != null).forEach(LOG::warn);
    try (Gateways gateways = open(config)) {
      banner(file, config, gateways.addresses(), made);
      if (ready != null) {
        ReadyFile.write(ready, gateways.addresses(), config.data());
      }
      LOG.info("Got {}: ending all sessions", stop.await());
    } finally {
      if (ready != null) {
        Files.deleteIfExists(ready);
      }
    }
    LOG.info("ended");
    return 0;
  }

  private Gateways open(Config config) throws CommandFailed, IOException {
    try {
      return opener.open(config);
    } catch (BindException e) {
      boolean inUse = String.valueOf(e.getMessage()).contains("in use");
      throw new CommandFailed(
          "cannot listen on "
              + config.ssh().listen()
              + ": "
              + (inUse
                  ? "it is in use already; choose another with --ssh HOST:PORT"
                  : Sentence.of(e)),
          e);
    }
  }

  static List<String> warnings(Config config, boolean passwordMade) {
    List<String> warnings = new ArrayList<>();
    if (config.ssh().listen() instanceof Listen.At address && !isLoopback(address.host())) {
      if (passwordMade) {
        warnings.add(
            "other machines can reach "
                + address
                + ", and no users are configured: whoever knows the password made for this run gets"
                + " in");
      } else if (config.ssh().users().stream().anyMatch(User::hasPassword)) {
        warnings.add(
            "other machines can reach "
                + address
                + ", and users log in by password: keys are safer");
      }
    }
    if (config.ssh().acceptAllAfterFailures() > 0) {
      warnings.add(
          "honeypot: any login is accepted after "
              + config.ssh().acceptAllAfterFailures()
              + " refused ones");
    }
    if (config.api().listen() instanceof Listen.At address && !isLoopback(address.host())) {
      warnings.add(
          "other machines can reach "
              + address
              + ": the API gateway serves those that have a session's address"
              + (config.api().openTo().isEmpty()
                  ? ", or call from this machine"
                  : ", and with a key of their own those in api.open_to"));
    }
    if (config.sandbox().engine() == Engine.NONE) {
      warnings.add(
          "sandbox engine none: sessions run without any isolation, with this user's rights");
    }
    if (!config.recording().enabled()) {
      warnings.add("nothing is recorded");
      if (config.api().budgets().countsTokens()) {
        warnings.add(
            "api.budget: tokens and spending are known from recordings, so these budgets do not"
                + " hold");
      }
    }
    return warnings;
  }

  private static boolean isLoopback(String host) {
    try {
      return InetAddress.getByName(host).isLoopbackAddress();
    } catch (UnknownHostException e) {
      return false; // listening will fail on it, and say so
    }
  }

  /** To standard output and never to the log, because of the password. */
  private void banner(
      ConfigFile file, Config config, Gateways.Addresses addresses, @Nullable Secret made) {
    try {
      console.line("Tapedeck is ready.");
      Listen.At ssh = addresses.ssh();
      entry("ssh", ssh == null ? "off" : "listens on " + ssh);
      if (ssh != null) {
        String user = config.ssh().users().getFirst().name();
        entry("try", "ssh -p " + ssh.port() + " " + user + "@" + reachable(ssh.host()));
      }
      if (made != null) {
        entry("password", made.value() + "  (made for this run, shown only here)");
      }
      Listen.At api = addresses.api();
      entry("api", api == null ? "off" : "listens on http://" + api);
      if (api != null) {
        String base = "http://" + reachable(api.host()) + ":" + api.port();
        entry("try", "ANTHROPIC_BASE_URL=" + base + " claude");
      }
      entry("sandboxes", config.sandbox().engine().written());
      entry("recordings", config.recording().enabled() ? config.recordings().toString() : "off");
      Path copy = config.har();
      if (copy != null && config.recording().enabled()) {
        entry("api copy", copy.toString());
      }
      entry("catalog", config.catalogFile() == null ? "off" : config.catalogFile().toString());
      entry("settings", file.file() == null ? "defaults" : file.file().toString());
      console.line("Ctrl-C ends it.");
      console.flush();
    } catch (OutputFailed e) {
      LOG.warn("Cannot print where the gateways listen: {}", Sentence.of(e.getCause()));
    }
  }

  private void entry(String name, String value) {
    console.line("  " + name + " ".repeat(12 - name.length()) + value);
  }

  /** What a client on this machine connects to. */
  private static String reachable(String host) {
    return switch (host) {
      case "0.0.0.0" -> "127.0.0.1";
      case "::", "0:0:0:0:0:0:0:0" -> "::1";
      default -> host;
    };
  }
}
