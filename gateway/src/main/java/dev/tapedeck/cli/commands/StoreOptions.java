package dev.tapedeck.cli.commands;

import dev.tapedeck.cli.config.Config;
import dev.tapedeck.cli.config.Config.Catalog;
import dev.tapedeck.cli.config.ConfigException;
import dev.tapedeck.cli.config.ConfigFile;
import dev.tapedeck.cli.config.Environment;
import dev.tapedeck.cli.config.Overrides;
import java.nio.file.Path;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;

/** Which configuration and which recordings a command works on: the same for every command. */
final class StoreOptions {

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description =
          "The configuration; by default $XDG_CONFIG_HOME/tapedeck/config.yaml, where there is one.")
  @Nullable String config;

  @Option(
      names = "--data",
      paramLabel = "FOLDER",
      description = "Recordings, catalog and keys; by default $XDG_DATA_HOME/tapedeck.")
  @Nullable String data;

  @ArgGroup(exclusive = true)
  @Nullable CatalogOption catalog;

  /** One of the two. */
  static final class CatalogOption {
    @Option(
        names = "--db",
        paramLabel = "URL",
        description = "The catalog: " + Catalog.ALLOWED + ".")
    @Nullable String url;

    @Option(names = "--no-db", description = "Use no catalog.")
    boolean none;
  }

  /** What the file says, with these options over it. */
  ConfigFile load(Environment surroundings) throws ConfigException {
    ConfigFile file = file(surroundings);
    Overrides overrides = Overrides.of(data(surroundings), null, catalog(surroundings));
    return new ConfigFile(file.file(), overrides.over(file.config()), file.warnings());
  }

  /** What the file says, alone. */
  ConfigFile file(Environment surroundings) throws ConfigException {
    return ConfigFile.load(option("--config", config, surroundings::path), surroundings);
  }

  @Nullable Path data(Environment surroundings) throws ConfigException {
    return option("--data", data, surroundings::path);
  }

  @Nullable Catalog catalog(Environment surroundings) throws ConfigException {
    if (catalog == null) {
      return null;
    }
    return catalog.none
        ? new Catalog.Off()
        : option(
            "--db",
            catalog.url,
            text -> Catalog.parse(text, surroundings, surroundings.workingDirectory()));
  }

  /** The configuration alone, for commands that only read. */
  Config config(Environment surroundings) throws ConfigException {
    return load(surroundings).config();
  }

  /** An option's value; a wrong one is wrong usage, as a wrong key of the file is. */
  static <T> @Nullable T option(String name, @Nullable String text, Function<String, T> parse)
      throws ConfigException {
    if (text == null) {
      return null;
    }
    try {
      return parse.apply(text);
    } catch (IllegalArgumentException e) {
      throw new ConfigException(name + ": " + e.getMessage());
    }
  }
}
