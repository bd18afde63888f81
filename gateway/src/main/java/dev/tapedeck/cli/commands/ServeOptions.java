package dev.tapedeck.cli.commands;

import dev.tapedeck.cli.config.Config;
import dev.tapedeck.cli.config.ConfigException;
import dev.tapedeck.cli.config.ConfigFile;
import dev.tapedeck.cli.config.Environment;
import dev.tapedeck.cli.config.Listen;
import dev.tapedeck.cli.config.Overrides;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options of {@code serve}, each over a key of the file. */
final class ServeOptions {

  @Mixin StoreOptions store = new StoreOptions();

  @Option(
      names = "--ssh",
      paramLabel = "HOST:PORT",
      description = "Where the SSH gateway listens, or off; port 0 is chosen by the system.")
  @Nullable String ssh;

  @Option(
      names = "--api",
      paramLabel = "HOST:PORT",
      description = "Where the API gateway listens, or off.")
  @Nullable String api;

  @Option(
      names = "--web",
      paramLabel = "HOST:PORT",
      description = "Where the web page listens, or off.")
  @Nullable String web;

  @Option(
      names = "--sandbox",
      paramLabel = "ENGINE",
      description = "What makes sandboxes: namespace, docker or none (no isolation at all).")
  @Nullable String sandbox;

  @Mixin RecordOptions recording = new RecordOptions();

  /** The file with these options over it. */
  ConfigFile load(Environment surroundings) throws ConfigException {
    ConfigFile file = store.file(surroundings);
    Overrides overrides =
        new Overrides(
            store.data(surroundings),
            StoreOptions.option("--ssh", ssh, Listen::parse),
            StoreOptions.option("--api", api, Listen::parse),
            StoreOptions.option("--web", web, Listen::parse),
            recording.upstreams(),
            StoreOptions.option("--sandbox", sandbox, Config::engine),
            recording.policy(),
            recording.path(surroundings),
            recording.none(),
            store.catalog(surroundings));
    return new ConfigFile(file.file(), overrides.over(file.config()), file.warnings());
  }
}
