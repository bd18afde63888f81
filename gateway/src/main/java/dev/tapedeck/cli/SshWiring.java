package dev.tapedeck.cli;

import dev.tapedeck.auth.Account;
import dev.tapedeck.auth.AuthorizedKeys;
import dev.tapedeck.auth.Gatekeeper;
import dev.tapedeck.auth.Password;
import dev.tapedeck.cli.config.Config;
import dev.tapedeck.cli.config.Listen;
import dev.tapedeck.cli.config.Secret;
import dev.tapedeck.event.LoginAttempt;
import dev.tapedeck.sandbox.Engine;
import dev.tapedeck.sandbox.FolderRules;
import dev.tapedeck.sandbox.SandboxPool;
import dev.tapedeck.sandbox.Sandboxes;
import dev.tapedeck.session.Recorder;
import dev.tapedeck.session.Session;
import dev.tapedeck.session.SessionTokens;
import dev.tapedeck.ssh.SshGateway;
import dev.tapedeck.ssh.SshOptions;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * What the SSH gateway is made of. Its slow parts begin at once, beside the rest: while everything
 * is cold an engine links functions of the C library, and passwords are hashed.
 */
final class SshWiring {

  private final Config config;
  private final Listen.At listen;
  private final CompletableFuture<List<Account>> accounts;
  private final CompletableFuture<Engine> engine;

  SshWiring(Config config, Listen.At listen, Running running) {
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
    SandboxDoors api = running.doors;
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
            options(config, listen),
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

  private static <T> CompletableFuture<T> beside(String name, Supplier<T> work) {
    return CompletableFuture.supplyAsync(
        work, task -> Thread.ofPlatform().daemon().name(name).start(task));
  }

  private static SshOptions options(Config config, Listen.At listen) throws IOException {
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
    return config.ssh().users().stream().map(SshWiring::account).toList();
  }

  private static Account account(Config.User user) {
    Secret hash = user.passwordHash();
    Secret password = user.password();
    String known =
        hash != null ? hash.value() : password == null ? null : Password.hash(password.value());
    return new Account(
        user.name(), known, user.authorizedKeys().stream().map(AuthorizedKeys::parse).toList());
  }
}
