package dev.tapedeck.cli.commands;

import dev.tapedeck.cli.config.Config;
import dev.tapedeck.cli.config.ConfigException;
import dev.tapedeck.cli.config.ConfigFile;
import dev.tapedeck.cli.config.Listen;
import dev.tapedeck.cli.config.Overrides;
import dev.tapedeck.cli.config.Surroundings;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
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
      names = "--upstream",
      paramLabel = "NAME=URL",
      description = "The address of a model API, by its name; may be given several times.")
  Map<String, String> upstreams = new LinkedHashMap<>();

  @Option(
      names = "--sandbox",
      paramLabel = "ENGINE",
      description = "What makes sandboxes: namespace, docker or none (no isolation at all).")
  @Nullable String sandbox;

  @Option(
      names = "--policy",
      paramLabel = "POLICY",
      description = "When recording fails: best-effort (sessions go on) or strict (they end).")
  @Nullable String policy;

  @ArgGroup(exclusive = true)
  @Nullable RecordOption record;

  /** One of the two. */
  static final class RecordOption {
    @Option(
        names = "--record",
        paramLabel = "PATH",
        description = "The folder that recordings go to; by default DATA/recordings.")
    @Nullable String path;

    @Option(names = "--no-record", description = "Record nothing.")
    boolean none;
  }

  /** The file with these options over it. */
  ConfigFile load(Surroundings surroundings) throws ConfigException {
    ConfigFile file = store.file(surroundings);
    Overrides overrides =
        new Overrides(
            store.data(surroundings),
            StoreOptions.option("--ssh", ssh, Listen::parse),
            StoreOptions.option("--api", api, Listen::parse),
            StoreOptions.option("--web", web, Listen::parse),
            checked(upstreams),
            StoreOptions.option("--sandbox", sandbox, Config::engine),
            StoreOptions.option("--policy", policy, Config::policy),
            record == null ? null : recordings(record.path, surroundings),
            record != null && record.none,
            store.catalog(surroundings));
    return new ConfigFile(file.file(), overrides.over(file.config()), file.warnings());
  }

  private static Map<String, String> checked(Map<String, String> upstreams) throws ConfigException {
    for (Map.Entry<String, String> upstream : upstreams.entrySet()) {
      Config.checkUpstream(upstream.getKey(), upstream.getValue());
    }
    return upstreams;
  }

  private static @Nullable Path recordings(@Nullable String path, Surroundings surroundings)
      throws ConfigException {
    if (path != null && path.endsWith(".har")) {
      throw new ConfigException(
          "--record: a .har file is for API traffic, which this version does not record; allowed:"
              + " a folder");
    }
    return StoreOptions.option("--record", path, surroundings::path);
  }
}
