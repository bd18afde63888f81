package dev.tapedeck.cli;

import dev.tapedeck.cli.commands.CommandFailed;
import dev.tapedeck.cli.commands.Gateways;
import dev.tapedeck.cli.config.Config;
import dev.tapedeck.cli.config.Listen;
import dev.tapedeck.sandbox.Engine;
import dev.tapedeck.sandbox.SandboxLimits;
import dev.tapedeck.sandbox.docker.DockerEngine;
import dev.tapedeck.sandbox.docker.DockerOptions;
import dev.tapedeck.sandbox.namespace.NamespaceEngine;
import java.util.List;

/** Puts the rooms together into running gateways. */
final class Wiring {

  private static final double NANOS = 1e9;

  private Wiring() {}

  static Gateways open(Config config) throws CommandFailed {
    if (!(config.ssh().listen() instanceof Listen.At)) {
      throw new CommandFailed("nothing to serve: the SSH gateway is off");
    }
    throw new CommandFailed("this build has no SSH gateway");
  }

  /** Every engine there is, as the configuration would have it. */
  static List<Engine> engines(Config config) {
    return List.of(new NamespaceEngine(limits(config)), new DockerEngine(docker(config)));
  }

  static SandboxLimits limits(Config config) {
    Config.Sandbox sandbox = config.sandbox();
    SandboxLimits defaults = SandboxLimits.DEFAULT;
    return new SandboxLimits(
        sandbox.memory(),
        sandbox.cpus(),
        sandbox.processes(),
        sandbox.disk(),
        defaults.inodes(),
        defaults.openFiles());
  }

  /**
   * Docker's writable folders are tmpfs and count as memory: home and /tmp get half of the disk
   * each, but together no more than half of the memory.
   */
  static DockerOptions docker(Config config) {
    Config.Sandbox sandbox = config.sandbox();
    DockerOptions defaults = DockerOptions.DEFAULTS;
    long folder = Math.max(1, Math.min(sandbox.disk() / 2, sandbox.memory() / 4));
    return new DockerOptions(
        sandbox.docker().socket(),
        sandbox.docker().image(),
        sandbox.memory(),
        Math.round(sandbox.cpus() * NANOS),
        sandbox.processes(),
        folder,
        folder,
        defaults.uid(),
        defaults.hostname(),
        defaults.timeout());
  }
}
