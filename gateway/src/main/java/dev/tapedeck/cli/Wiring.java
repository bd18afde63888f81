package dev.tapedeck.cli;

import dev.tapedeck.api.Consumption;
import dev.tapedeck.catalog.Catalog;
import dev.tapedeck.cli.commands.CommandFailed;
import dev.tapedeck.cli.commands.Gateways;
import dev.tapedeck.cli.config.Config;
import dev.tapedeck.cli.config.Listen;
import dev.tapedeck.event.LoginAttempt;
import dev.tapedeck.session.Recorder;
import dev.tapedeck.session.SessionTokens;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

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

  private Wiring() {}

  /** Starts what the configuration asks for. */
  static Gateways open(Config config) throws CommandFailed, IOException {
    if (config.ssh().listen() instanceof Listen.Off
        && config.api().listen() instanceof Listen.Off) {
      throw new CommandFailed("nothing to serve: the SSH gateway and the API gateway are off");
    }
    Running running = new Running();
    SshWiring ssh =
        config.ssh().listen() instanceof Listen.At listen
            ? new SshWiring(config, listen, running)
            : null;
    try {
      Consumption consumption = new Consumption(config.api().budgets());
      Optional<Catalog> catalog = RecordingWiring.catalog(config);
      catalog.ifPresent(running::closeFirst);
      List<Recorder> recorders =
          RecordingWiring.recorders(
              config, catalog, running, List.of(new BudgetListener(consumption)));
      SessionTokens tokens = new SessionTokens();
      if (config.api().listen() instanceof Listen.At listen) {
        ApiWiring.open(config, listen, recorders, tokens, consumption, running);
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

  private static Consumer<LoginAttempt> logins(Optional<Catalog> catalog) {
    return attempt -> catalog.ifPresent(index -> index.login(attempt));
  }
}
