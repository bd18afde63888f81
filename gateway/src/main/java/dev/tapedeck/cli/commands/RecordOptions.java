package dev.tapedeck.cli.commands;

import dev.tapedeck.cli.config.Config;
import dev.tapedeck.cli.config.ConfigException;
import dev.tapedeck.cli.config.Environment;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;

/** What is recorded, and of what: the same for {@code serve} and {@code run}. */
final class RecordOptions {

  @Option(
      names = "--upstream",
      paramLabel = "NAME=URL",
      description = "The address of a model API, by its name; may be given several times.")
  Map<String, String> upstreams = new LinkedHashMap<>();

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
        description =
            "The folder that recordings go to, by default DATA/recordings; or a FILE.har for a copy"
                + " of this run's API traffic.")
    @Nullable String path;

    @Option(names = "--no-record", description = "Record nothing.")
    boolean none;
  }

  Map<String, String> upstreams() throws ConfigException {
    for (Map.Entry<String, String> upstream : upstreams.entrySet()) {
      Config.checkUpstream(upstream.getKey(), upstream.getValue());
    }
    return upstreams;
  }

  Config.@Nullable Policy policy() throws ConfigException {
    return StoreOptions.option("--policy", policy, Config::policy);
  }

  @Nullable Path path(Environment surroundings) throws ConfigException {
    return record == null ? null : StoreOptions.option("--record", record.path, surroundings::path);
  }

  boolean none() {
    return record != null && record.none;
  }
}
