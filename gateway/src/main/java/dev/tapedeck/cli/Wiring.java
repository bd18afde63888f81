package dev.tapedeck.cli;

import dev.tapedeck.cli.commands.CommandFailed;
import dev.tapedeck.cli.commands.Gateways;
import dev.tapedeck.cli.config.Config;
import dev.tapedeck.cli.config.Listen;
import dev.tapedeck.sandbox.Engine;
import java.util.List;

/** Puts the rooms together into running gateways. */
final class Wiring {

  private Wiring() {}

  static Gateways open(Config config) throws CommandFailed {
    if (!(config.ssh().listen() instanceof Listen.At)) {
      throw new CommandFailed("nothing to serve: the SSH gateway is off");
    }
    throw new CommandFailed("this build has no SSH gateway");
  }

  /** Every engine there is. */
  static List<Engine> engines(Config config) {
    return List.of();
  }
}
