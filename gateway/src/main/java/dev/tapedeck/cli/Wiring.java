package dev.tapedeck.cli;

import dev.tapedeck.api.AllowedSites;
import dev.tapedeck.api.ApiGateway;
import dev.tapedeck.api.ApiOptions;
import dev.tapedeck.api.TrustedCertificates;
import dev.tapedeck.api.Upstream;
import dev.tapedeck.auth.Account;
import dev.tapedeck.auth.AuthorizedKeys;
import dev.tapedeck.auth.Gatekeeper;
import dev.tapedeck.auth.Password;
import dev.tapedeck.catalog.Catalog;
import dev.tapedeck.catalog.CatalogException;
import dev.tapedeck.cli.commands.CommandFailed;
import dev.tapedeck.cli.commands.Gateways;
import dev.tapedeck.cli.config.Config;
import dev.tapedeck.cli.config.Listen;
import dev.tapedeck.cli.config.Secret;
import dev.tapedeck.event.LoginAttempt;
import dev.tapedeck.recording.CrashRepair;
import dev.tapedeck.recording.HarCopy;
import dev.tapedeck.recording.RecordingListener;
import dev.tapedeck.recording.RecordingOptions;
import dev.tapedeck.recording.SessionJson;
import dev.tapedeck.recording.SessionRecorder;
import dev.tapedeck.sandbox.Engine;
import dev.tapedeck.sandbox.FolderRules;
import dev.tapedeck.sandbox.SandboxPool;
import dev.tapedeck.sandbox.Sandboxes;
import dev.tapedeck.session.Recorder;
import dev.tapedeck.session.Session;
import dev.tapedeck.session.SessionRecord;
import dev.tapedeck.session.SessionTokens;
import dev.tapedeck.ssh.SshGateway;
import dev.tapedeck.ssh.SshOptions;
import dev.tapedeck.storage.RecordingStore;
import dev.tapedeck.storage.Repair;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one page on which the rooms are put together.
 *
 * <pre>
 *   engine -> pool ---------\
 *   users  -> gatekeeper ----> SshGateway -> Session -> SessionRecorder -> RecordingStore
 *   tokens ----------------/       |            ^                  |
 *      \---> ApiGateway -----------+------------/                  |
 *   upstreams -/                   \- login attempts --> Catalog <-/ what is known of sessions
 * </pre>
 */
final class Wiring {

  private static final Logger LOG = LoggerFactory.getLogger(Wiring.class);

  private Wiring() {}

  /** Starts what the configuration asks for. */
  static Gateways open(Config config) throws CommandFailed, IOException {
    if (config.ssh().listen() instanceof Listen.Off
        && config.api().listen() instanceof Listen.Off) {
      throw new CommandFailed("nothing to serve: the SSH gateway and the API gateway are off");
    }
    Running running = new Running();
    SshParts ssh =
        config.ssh().listen() instanceof Listen.At listen
            ? new SshParts(config, listen, running)
            : null;
    try {
      Optional<Catalog> catalog = catalog(config);
      catalog.ifPresent(running::closeFirst);
      List<Recorder> recorders = recorders(config, catalog, running, List.of());
      SessionTokens tokens = new SessionTokens();
      if (config.api().listen() instanceof Listen.At listen) {
        api(config, listen, recorders, tokens, running);
      }
      if (ssh != null) {
        ssh.open(recorders, tokens, logins(catalog), running);
      }
      return running;
    } catch (CommandFailed | IOException | RuntimeException e) {
      running.close();
      throw e;
    }
  }

  /** Starts the API gateway. */
  static InetSocketAddress api(
      Config config,
      Listen.At listen,
      List<Recorder> recorders,
      SessionTokens tokens,
      Running running)
      throws CommandFailed, IOException {
    ApiGateway api =
        new ApiGateway(
            apiOptions(config, listen), info -> Session.start(info, recorders, List.of()), tokens);
    running.closeFirst(api);
    try {
      api.start();
    } catch (IOException e) {
      throw new CommandFailed(e.getMessage() + "; choose another with --api HOST:PORT", e);
    }
    running.apiAddress = api.address();
    running.api = new Listen.At(listen.host(), api.address().getPort());
    return api.address();
  }

  private static ApiOptions apiOptions(Config config, Listen.At listen)
      throws CommandFailed, IOException {
    List<Upstream> upstreams = new ArrayList<>();
    for (Map.Entry<String, Config.Upstream> each : config.api().upstreams().entrySet()) {
      Config.Upstream upstream = each.getValue();
      upstreams.add(
          new Upstream(
              each.getKey(),
              upstream.providerAt(each.getKey()),
              URI.create(upstream.url()),
              UpstreamKeys.of(upstream.key()),
              upstream.keyPaths(),
              trusted(upstream.ca())));
    }
    upstreams.sort(
        Comparator.comparing((Upstream upstream) -> !upstream.name().equals("anthropic"))
            .thenComparing(Upstream::name));
    return new ApiOptions(
        listen.address("--api"),
        upstreams,
        config.recording().policy() == Config.Policy.STRICT,
        ApiOptions.DEFAULT_CONNECT_TIMEOUT,
        ApiOptions.DEFAULT_IDLE_TIMEOUT,
        ApiOptions.DEFAULT_SESSION_IDLE,
        config.api().captureLimit(),
        ApiOptions.DEFAULT_QUEUE_BYTES,
        config.api().redact(),
        config.api().sessionHeader(),
        new AllowedSites(config.api().allowedHosts(), config.api().allowedOrigins()));
  }

  private static @Nullable TrustedCertificates trusted(@Nullable Path ca) throws CommandFailed {
    try {
      return ca == null ? null : TrustedCertificates.read(ca);
    } catch (IOException e) {
      throw new CommandFailed("api.upstreams[].ca: " + ca + " " + e.getMessage(), e);
    }
  }

  /** A catalog that cannot be opened is no reason not to record: it can be rebuilt at any time. */
  static Optional<Catalog> catalog(Config config) {
    if (config.catalogFile() == null) {
      return Optional.empty();
    }
    try {
      Catalog catalog = Catalog.open(config.catalogFile(), config.catalogOptions());
      if (catalog.isReindexDue()) {
        LOG.warn("An older version made the index of words: 'tapedeck reindex' makes it anew");
      }
      return Optional.of(catalog);
    } catch (CatalogException e) {
      LOG.error("Going on without a catalog, 'tapedeck reindex' makes one: {}", e.getMessage());
      return Optional.empty();
    }
  }

  /**
   * What records sessions; nothing if nothing is to be recorded.
   *
   * @param more who else is told what becomes known of recordings
   */
  static List<Recorder> recorders(
      Config config, Optional<Catalog> catalog, Running running, List<RecordingListener> more)
      throws CommandFailed, IOException {
    if (!config.recording().enabled()) {
      return List.of();
    }
    RecordingStore store = new RecordingStore(config.recordings());
    Optional<Indexing> indexing = catalog.map(index -> new Indexing(index, store));
    recover(store, record -> indexing.ifPresent(index -> index.repaired(record)));
    RecordingOptions options =
        new RecordingOptions(
            switch (config.recording().policy()) {
              case BEST_EFFORT -> RecordingOptions.Policy.BEST_EFFORT;
              case STRICT -> RecordingOptions.Policy.STRICT;
            },
            config.recording().metadata(),
            config.recording().payloadLimit(),
            RecordingOptions.DEFAULT_STALL_LIMIT,
            RecordingOptions.DEFAULT_BACKLOG_BYTES);
    List<RecordingListener> listeners = new ArrayList<>(more);
    indexing.ifPresent(listeners::add);
    Path har = config.har();
    if (har != null) {
      HarCopy copy = harCopy(har);
      running.closeFirst(copy);
      listeners.add(copy);
    }
    SessionRecorder recorder =
        new SessionRecorder(store, options, RecordingListener.all(listeners));
    running.closeFirst(recorder);
    return List.of(recorder);
  }

  private static HarCopy harCopy(Path file) throws CommandFailed {
    try {
      return HarCopy.open(file);
    } catch (IOException e) {
      throw new CommandFailed("--record: " + e.getMessage(), e);
    }
  }

  /** Recordings that cannot even be listed are no reason not to serve; each session will say so. */
  private static void recover(RecordingStore store, Consumer<SessionRecord> known) {
    try {
      Repair.Outcome outcome = CrashRepair.run(store);
      outcome.failures().forEach(LOG::warn);
      for (Repair.Repaired repaired : outcome.repaired()) {
        known.accept(SessionJson.read(repaired.folder()));
      }
    } catch (IOException e) {
      LOG.warn("What an earlier gateway may have left was not repaired: {}", e.getMessage());
    }
  }

  /**
   * What the SSH gateway is made of. Its slow parts begin at once, beside the rest: while
   * everything is cold an engine links functions of the C library, and passwords are hashed.
   */
  private static final class SshParts {

    private final Config config;
    private final Listen.At listen;
    private final CompletableFuture<List<Account>> accounts;
    private final CompletableFuture<Engine> engine;

    SshParts(Config config, Listen.At listen, Running running) {
      this.config = config;
      this.listen = listen;
      this.accounts = beside("accounts", () -> accounts(config));
      this.engine = beside("engine", () -> Engines.of(config));
      running.closeFirst(() -> engine.join().close());
    }

    void open(
        List<Recorder> recorders,
        SessionTokens tokens,
        Consumer<LoginAttempt> logins,
        Running running)
        throws IOException {
      InetSocketAddress api = running.apiAddress;
      SandboxPool pool = Engines.pool(config, engine.join(), api);
      running.closeFirst(pool);
      FolderRules rules = Engines.folders(config);
      Sandboxes sandboxes =
          new Sandboxes(user -> pool.take(rules.of(user)), config.sandbox().sharing());
      FolderChanges changes = new FolderChanges(rules);
      SshGateway.SessionVariables variables =
          api == null
              ? (_, _) -> Map.of()
              : new ApiVariables(api, tokens, config.api().upstreams())::of;
      running.closeFirst(sandboxes);
      SshGateway ssh =
          new SshGateway(
              sshOptions(config, listen),
              new Gatekeeper(accounts.join(), config.ssh().acceptAllAfterFailures()),
              sandboxes::take,
              info -> Session.start(info, recorders, List.of()),
              (session, sandbox) -> {
                changes.follow(session);
                return variables.of(session, sandbox);
              },
              logins);
      ssh.start();
      running.closeFirst(ssh);
      running.ssh = new Listen.At(listen.host(), ssh.address().getPort());
    }
  }

  private static <T> CompletableFuture<T> beside(String name, Supplier<T> work) {
    return CompletableFuture.supplyAsync(
        work, task -> Thread.ofPlatform().daemon().name(name).start(task));
  }

  private static SshOptions sshOptions(Config config, Listen.At listen) throws IOException {
    boolean strict = config.recording().policy() == Config.Policy.STRICT;
    return new SshOptions(
        listen.address("--ssh"),
        config.keys(),
        config.ssh().acceptEnv(),
        config.ssh().sessionTimeout(),
        config.ssh().idleTimeout(),
        config.ssh().limits(),
        strict ? null : SshOptions.DEFAULT_STALL_LIMIT);
  }

  private static List<Account> accounts(Config config) {
    return config.ssh().users().stream().map(Wiring::account).toList();
  }

  private static Account account(Config.User user) {
    Secret hash = user.passwordHash();
    Secret password = user.password();
    String known =
        hash != null ? hash.value() : password == null ? null : Password.hash(password.value());
    return new Account(
        user.name(), known, user.authorizedKeys().stream().map(AuthorizedKeys::parse).toList());
  }

  private static Consumer<LoginAttempt> logins(Optional<Catalog> catalog) {
    return attempt -> catalog.ifPresent(index -> index.login(attempt));
  }

  /** What was started, to be closed in the opposite order. */
  static final class Running implements Gateways {

    private final Deque<AutoCloseable> started = new ArrayDeque<>();
    private Listen.@Nullable At ssh;
    private Listen.@Nullable At api;
    private @Nullable InetSocketAddress apiAddress;

    void closeFirst(AutoCloseable part) {
      started.push(part);
    }

    @Override
    public Addresses addresses() {
      return new Addresses(ssh, api, null);
    }

    @Override
    public void close() {
      while (!started.isEmpty()) {
        try {
          started.pop().close();
        } catch (Exception e) {
          LOG.warn("Something did not end well: {}", e.toString());
        }
      }
    }
  }
}
