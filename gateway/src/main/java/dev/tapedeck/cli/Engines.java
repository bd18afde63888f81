package dev.tapedeck.cli;

import dev.tapedeck.cli.config.Config;
import dev.tapedeck.cli.config.SandboxConfig;
import dev.tapedeck.sandbox.Engine;
import dev.tapedeck.sandbox.FolderRules;
import dev.tapedeck.sandbox.PoolOptions;
import dev.tapedeck.sandbox.SandboxLimits;
import dev.tapedeck.sandbox.SandboxPool;
import dev.tapedeck.sandbox.Service;
import dev.tapedeck.sandbox.docker.DockerEngine;
import dev.tapedeck.sandbox.docker.DockerOptions;
import dev.tapedeck.sandbox.namespace.NamespaceEngine;
import dev.tapedeck.sandbox.none.NoneEngine;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Makes sandbox engines as the configuration wants them. */
final class Engines {

  private Engines() {}

  /** Every engine there is. */
  static List<Engine> all(Config config) {
    return List.of(namespace(config), docker(config), new NoneEngine());
  }

  /** The one that is configured. */
  static Engine of(Config config) {
    return switch (config.sandbox().engine()) {
      case NAMESPACE -> namespace(config);
      case DOCKER -> docker(config);
      case NONE -> new NoneEngine();
    };
  }

  /** Sandboxes that wait ready, each reaching the API gateway if there is one. */
  static SandboxPool pool(Config config, Engine engine, @Nullable Service api) {
    PoolOptions options =
        new PoolOptions(
            folders(config).forEverybody()
                ? 0 // each is made for its user
                : config.sandbox().pool(),
            PoolOptions.DEFAULT.maxCreations(),
            PoolOptions.DEFAULT.checkEvery());
    return SandboxPool.start(engine, options, api);
  }

  /** What users' sandboxes are given of the host. */
  static FolderRules folders(Config config) {
    boolean root = System.getProperty("user.name").equals("root");
    return config.sandbox().folders(config.data(), root);
  }

  private static Engine namespace(Config config) {
    return new NamespaceEngine(limits(config.sandbox()));
  }

  private static Engine docker(Config config) {
    DockerOptions standard = DockerOptions.DEFAULTS;
    return new DockerEngine(
        new DockerOptions(
            config.sandbox().docker().socket(),
            config.sandbox().docker().image(),
            limits(config.sandbox()),
            standard.uid(),
            standard.hostname(),
            standard.timeout()));
  }

  private static SandboxLimits limits(SandboxConfig sandbox) {
    return new SandboxLimits(
        sandbox.memory(),
        sandbox.cpus(),
        sandbox.processes(),
        sandbox.disk(),
        SandboxLimits.DEFAULT.inodes(),
        SandboxLimits.DEFAULT.openFiles());
  }
}
