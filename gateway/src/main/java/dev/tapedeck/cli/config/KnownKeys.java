package dev.tapedeck.cli.config;

import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** The keys of the configuration file, and the one that somebody may have meant. */
public final class KnownKeys {

  /** Every key, sections before what is in them; {@code []} stands for each of a list. */
  public static final List<String> ALL =
      List.of(
          "data",
          "ssh",
          "ssh.listen",
          "ssh.users",
          "ssh.users[].name",
          "ssh.users[].password",
          "ssh.users[].password_hash",
          "ssh.users[].authorized_keys",
          "ssh.accept_env",
          "ssh.accept_all_after_failures",
          "ssh.session_timeout",
          "ssh.idle_timeout",
          "ssh.max_connections",
          "ssh.max_connections_per_source",
          "ssh.max_unauthenticated",
          "ssh.max_channels",
          "ssh.max_auth_tries",
          "ssh.login_grace_time",
          "api",
          "api.listen",
          "api.upstreams",
          "api.upstreams[].url",
          "api.upstreams[].provider",
          "api.upstreams[].key",
          "api.upstreams[].key.env",
          "api.upstreams[].key.file",
          "api.upstreams[].key.command",
          "api.upstreams[].key.paths",
          "api.upstreams[].ca",
          "api.connect_timeout",
          "api.idle_timeout",
          "api.session_idle_timeout",
          "api.capture_limit",
          "api.queue_limit",
          "api.resend_limit",
          "api.max_sessions",
          "api.max_sessions_per_source",
          "api.max_connections",
          "api.max_connections_per_source",
          "api.max_exchanges",
          "api.max_exchanges_per_session",
          "api.max_head",
          "api.head_timeout",
          "api.keep_alive_timeout",
          "api.redact",
          "api.session_header",
          "api.allowed_hosts",
          "api.allowed_origins",
          "api.open_to",
          "api.budget",
          "api.budget.session",
          "api.budget.session.requests",
          "api.budget.session.tokens",
          "api.budget.session.spending",
          "api.budget.session.exchanges",
          "api.budget.user",
          "api.budget.user.requests",
          "api.budget.user.tokens",
          "api.budget.user.spending",
          "api.budget.user.exchanges",
          "api.budget.period",
          "api.prices",
          "api.prices[].model",
          "api.prices[].input",
          "api.prices[].output",
          "api.prices[].cache_read",
          "api.prices[].cache_write",
          "web",
          "web.listen",
          "sandbox",
          "sandbox.engine",
          "sandbox.pool",
          "sandbox.memory",
          "sandbox.cpus",
          "sandbox.processes",
          "sandbox.disk",
          "sandbox.docker",
          "sandbox.docker.socket",
          "sandbox.docker.image",
          "sandbox.per",
          "sandbox.keep",
          "sandbox.home",
          "sandbox.mounts",
          "sandbox.mounts[].host",
          "sandbox.mounts[].sandbox",
          "sandbox.mounts[].writable",
          "sandbox.mounts[].users",
          "recording",
          "recording.policy",
          "recording.path",
          "recording.enabled",
          "recording.metadata",
          "recording.payload_limit",
          "catalog",
          "index",
          "index.output_limit",
          "index.logins",
          "index.login_age");

  private KnownKeys() {}

  /**
   * The known key that the unknown one most likely stands for: one of the same section with a
   * letter or two wrong, else one of that name in another section.
   *
   * @param section the unknown key's section, {@code ""} at the top
   * @param siblings the keys that this section knows, without the section
   */
  static Optional<String> nearest(String section, String name, Collection<String> siblings) {
    String best = null;
    int least = Math.max(2, name.length() / 3) + 1;
    for (String sibling : siblings) {
      int distance = distance(name.replace('-', '_'), sibling);
      if (distance < least) {
        least = distance;
        best = section.isEmpty() ? sibling : section + "." + sibling;
      }
    }
    if (best != null) {
      return Optional.of(best);
    }
    return ALL.stream().filter(key -> key.endsWith("." + name)).findFirst();
  }

  /**
   * How many letters must be added, taken away, changed or swapped with their neighbour (optimal
   * string alignment).
   */
  static int distance(String a, String b) {
    int[][] d = new int[a.length() + 1][b.length() + 1];
    for (int i = 0; i <= a.length(); i++) {
      for (int j = 0; j <= b.length(); j++) {
        if (i == 0 || j == 0) {
          d[i][j] = i + j;
          continue;
        }
        int change = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
        d[i][j] = Math.min(Math.min(d[i - 1][j], d[i][j - 1]) + 1, d[i - 1][j - 1] + change);
        if (i > 1
            && j > 1
            && a.charAt(i - 1) == b.charAt(j - 2)
            && a.charAt(i - 2) == b.charAt(j - 1)) {
          d[i][j] = Math.min(d[i][j], d[i - 2][j - 2] + 1);
        }
      }
    }
    return d[a.length()][b.length()];
  }
}
