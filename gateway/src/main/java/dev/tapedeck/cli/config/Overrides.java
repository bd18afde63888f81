package dev.tapedeck.cli.config;

import dev.tapedeck.cli.config.Config.Catalog;
import dev.tapedeck.cli.config.Config.Engine;
import dev.tapedeck.cli.config.Config.Policy;
import dev.tapedeck.cli.config.Config.Recording;
import dev.tapedeck.cli.config.Config.Ssh;
import dev.tapedeck.cli.config.Config.Upstream;
import dev.tapedeck.cli.config.Config.Web;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What the command line says over the file; null is nothing said.
 *
 * @param record null, a folder or a {@code .har} file
 * @param noRecord whether recording is switched off
 */
public record Overrides(
    @Nullable Path data,
    @Nullable Listen ssh,
    @Nullable Listen api,
    @Nullable Listen web,
    Map<String, String> upstreams,
    @Nullable Engine engine,
    @Nullable Policy policy,
    @Nullable Path record,
    boolean noRecord,
    @Nullable Catalog catalog) {

  /** Nothing but another data folder and another catalog, which is all that most commands know. */
  public static Overrides of(
      @Nullable Path data, @Nullable Path record, @Nullable Catalog catalog) {
    return new Overrides(data, null, null, null, Map.of(), null, null, record, false, catalog);
  }

  /** The configuration with all this in place of what it said. */
  public Config over(Config config) {
    return new Config(
        or(data, config.data()),
        ssh(config.ssh()),
        api(config.api()),
        new Web(or(web, config.web().listen())),
        sandbox(config.sandbox()),
        recording(config.recording()),
        or(catalog, config.catalog()),
        config.index());
  }

  private Ssh ssh(Ssh was) {
    return new Ssh(
        or(ssh, was.listen()),
        was.users(),
        was.acceptEnv(),
        was.acceptAllAfterFailures(),
        was.sessionTimeout(),
        was.idleTimeout(),
        was.limits());
  }

  private ApiConfig api(ApiConfig was) {
    Map<String, Upstream> merged = new TreeMap<>(was.upstreams());
    upstreams.forEach((name, url) -> {
      Upstream before = merged.get(name);
      merged.put(
          name,
          before == null
              ? new Upstream(url, null, null)
              : new Upstream(url, before.provider(), before.key(), before.keyPaths(), before.ca()));
    });
    return was.with(or(api, was.listen()), merged);
  }

  private SandboxConfig sandbox(SandboxConfig was) {
    return new SandboxConfig(
        or(engine, was.engine()),
        was.pool(),
        was.memory(),
        was.cpus(),
        was.processes(),
        was.disk(),
        was.docker(),
        was.sharing(),
        was.home(),
        was.mounts());
  }

  private Recording recording(Recording was) {
    return new Recording(
        or(policy, was.policy()),
        record == null ? was.path() : record,
        !noRecord && (record != null || was.enabled()),
        was.metadata(),
        was.payloadLimit());
  }

  private static <T> T or(@Nullable T said, T was) {
    return Optional.ofNullable(said).orElse(was);
  }
}
