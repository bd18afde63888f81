package dev.tapedeck.cli.config;

import dev.tapedeck.api.PathRule;
import dev.tapedeck.api.Provider;
import dev.tapedeck.catalog.CatalogOptions;
import dev.tapedeck.ssh.SshLimits;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Everything that can be set, with its defaults. docs/configuration.md explains each key.
 *
 * @param data the folder of recordings, catalog and keys
 */
public record Config(
    Path data,
    Ssh ssh,
    ApiConfig api,
    Web web,
    SandboxConfig sandbox,
    Recording recording,
    Catalog catalog,
    Index index) {

  /** What holds where neither file nor command line says anything. */
  public static Config defaults(Environment surroundings) {
    return new Config(
        surroundings.defaultData(),
        Ssh.DEFAULT,
        ApiConfig.DEFAULT,
        Web.DEFAULT,
        SandboxConfig.defaults(surroundings),
        Recording.DEFAULT,
        new Catalog.Sqlite(null),
        Index.DEFAULT);
  }

  /** Where recordings go. */
  public Path recordings() {
    Path path = recording.path();
    return path == null || isHar(path) ? data.resolve("recordings") : path;
  }

  /** The one file for a copy of all API traffic, or null. */
  public @Nullable Path har() {
    Path path = recording.path();
    return path != null && isHar(path) ? path : null;
  }

  private static boolean isHar(Path path) {
    return path.toString().endsWith(".har");
  }

  /** The catalog's file, or null where there is no catalog. */
  public @Nullable Path catalogFile() {
    return switch (catalog) {
      case Catalog.Off _ -> null;
      case Catalog.Sqlite sqlite ->
          sqlite.file() == null ? data.resolve("catalog.db") : sqlite.file();
    };
  }

  /** How the catalog is opened. */
  public CatalogOptions catalogOptions() {
    return CatalogOptions.limits(index.outputLimit, index.logins, index.loginAge);
  }

  /** Host keys and the like. */
  public Path keys() {
    return data.resolve("keys");
  }

  /** The same with other users of the SSH gateway. */
  public Config withUsers(List<User> users) {
    Ssh changed =
        new Ssh(
            ssh.listen(),
            users,
            ssh.acceptEnv(),
            ssh.acceptAllAfterFailures(),
            ssh.sessionTimeout(),
            ssh.idleTimeout(),
            ssh.limits());
    return new Config(data, changed, api, web, sandbox, recording, catalog, index);
  }

  /**
   * The SSH gateway.
   *
   * @param users none at all stands for one user, the caller, with a password made at start
   * @param acceptEnv names of environment variables that a client may set; {@code *} at the end
   *     stands for any rest
   * @param acceptAllAfterFailures honeypot: after so many refused logins of one client any is
   *     accepted; 0 never, up to 1000
   * @param sessionTimeout after which a session is ended, or null for never
   * @param idleTimeout after which a session without input or output is ended, or null for never
   * @param limits on clients, channels and attempts to log in
   */
  public record Ssh(
      Listen listen,
      List<User> users,
      List<String> acceptEnv,
      int acceptAllAfterFailures,
      @Nullable Duration sessionTimeout,
      @Nullable Duration idleTimeout,
      SshLimits limits) {

    static final int MAX_ACCEPT_ALL_AFTER_FAILURES = 1_000;
    static final Ssh DEFAULT =
        new Ssh(
            new Listen.At("127.0.0.1", 2222),
            List.of(),
            List.of("LANG", "LC_*"),
            0,
            null,
            null,
            SshLimits.DEFAULT);

    public Ssh {
      users = List.copyOf(users);
      acceptEnv = List.copyOf(acceptEnv);
    }
  }

  /**
   * Who may log in, by password or by key.
   *
   * @param passwordHash a bcrypt hash in place of the password
   * @param authorizedKeys lines as in OpenSSH's file of that name
   */
  public record User(
      String name,
      @Nullable Secret password,
      @Nullable Secret passwordHash,
      List<String> authorizedKeys) {

    public User {
      authorizedKeys = List.copyOf(authorizedKeys);
    }

    /** Whether a password opens it. */
    public boolean hasPassword() {
      return password != null || passwordHash != null;
    }
  }

  /**
   * A model API.
   *
   * @param provider whose API it speaks, or null for what its name or host tells
   * @param key what the gateway adds to requests of its own sessions, or null
   * @param keyPaths requests that the key is for beside those for models
   * @param ca a PEM file with the certificates that are trusted in place of the system's, or null
   */
  public record Upstream(
      String url,
      @Nullable Provider provider,
      @Nullable KeySource key,
      List<PathRule> keyPaths,
      @Nullable Path ca) {

    static final String ALLOWED = "https://HOST or http://HOST";
    static final String NAMES = "letters, digits, _ and -, and not s alone";

    public Upstream {
      keyPaths = List.copyOf(keyPaths);
    }

    Upstream(String url, @Nullable KeySource key, @Nullable Path ca) {
      this(url, null, key, List.of(), ca);
    }

    /** Whose API it speaks, under that name. */
    public Provider providerAt(String name) {
      return provider == null ? Provider.of(name, URI.create(url)) : provider;
    }

    /** Whether an upstream may be called so: the name is a part of paths. */
    static boolean isName(String text) {
      return text.matches("[A-Za-z0-9_-]{1,32}") && !text.equals("s");
    }

    /** Whether this is an address of an upstream. */
    static boolean isUrl(String text) {
      try {
        return text.matches("https?://[^\\s/?#]+[^\\s?#]*") && URI.create(text).getHost() != null;
      } catch (IllegalArgumentException e) {
        return false;
      }
    }
  }

  /**
   * Holds an upstream of the command line against what is allowed.
   *
   * @throws ConfigException with a sentence that says what is allowed
   */
  public static void checkUpstream(String name, String url) throws ConfigException {
    if (!Upstream.isName(name)) {
      throw new ConfigException(
          "--upstream: a name must be " + Upstream.NAMES + " (got \"" + name + "\")");
    }
    if (!Upstream.isUrl(url)) {
      throw new ConfigException("--upstream " + name + ": the address must be " + Upstream.ALLOWED);
    }
  }

  /** Where an upstream's key is found. It is never itself in the configuration. */
  public sealed interface KeySource {

    /** What an environment variable of the gateway's holds. */
    record Variable(String name) implements KeySource {}

    /** What a file holds, without blanks around it. */
    record KeyFile(Path path) implements KeySource {}

    /** What a command prints on its standard output, given to {@code sh -c}. */
    record Command(String line) implements KeySource {}
  }

  /** The web page. */
  public record Web(Listen listen) {
    static final Web DEFAULT = new Web(new Listen.At("127.0.0.1", 3345));
  }

  /** What makes sandboxes. */
  public enum Engine {
    /** Linux namespaces; needs nothing but the system. */
    NAMESPACE,
    /** Docker or Podman. */
    DOCKER,
    /** No isolation. */
    NONE;

    /** As people write it. */
    public String written() {
      return ConfigReader.written(this);
    }
  }

  /**
   * The engine that {@code text} names.
   *
   * @throws IllegalArgumentException with a sentence that says what is allowed
   */
  public static Engine engine(String text) {
    return ConfigReader.oneOf(Engine.values()).apply(text);
  }

  /**
   * The policy that {@code text} names.
   *
   * @throws IllegalArgumentException with a sentence that says what is allowed
   */
  public static Policy policy(String text) {
    return ConfigReader.oneOf(Policy.values()).apply(text);
  }

  /** What happens to a session that cannot be recorded. */
  public enum Policy {
    /** It goes on, and the gap is marked. */
    BEST_EFFORT,
    /** It waits, or ends. */
    STRICT
  }

  /**
   * What is recorded.
   *
   * @param path where to; null stands for {@code recordings} in the data folder, and a {@code .har}
   *     file for that with a copy of all API traffic in the file
   * @param enabled false: nothing is recorded at all
   * @param metadata whether {@code session.json} is written
   * @param payloadLimit how many bytes that are not text are kept of a track, 0 to 1 TiB; of those
   *     beyond it size and checksum are recorded
   */
  public record Recording(
      Policy policy, @Nullable Path path, boolean enabled, boolean metadata, long payloadLimit) {
    static final long MAX_PAYLOADS = 1L << 40;
    static final Recording DEFAULT = new Recording(Policy.BEST_EFFORT, null, true, true, 64L << 20);
  }

  /**
   * What the catalog takes.
   *
   * @param outputLimit bytes of each track's output that 'search' finds words in, 64 KiB to 1 TiB
   * @param logins how many attempts to log in are kept, the newest, 1 to 100 million
   * @param loginAge how long each is kept
   */
  public record Index(long outputLimit, int logins, Duration loginAge) {
    static final long MIN_OUTPUT = 64L << 10;
    static final long MAX_OUTPUT = 1L << 40;
    static final int MAX_LOGINS = 100_000_000;
    static final Index DEFAULT =
        new Index(
            CatalogOptions.OUTPUT_LIMIT, (int) CatalogOptions.LOGIN_ROWS, CatalogOptions.LOGIN_AGE);
  }

  /** The index of sessions. */
  public sealed interface Catalog {

    /** What is allowed, for errors and help. */
    String ALLOWED = "sqlite (DATA/catalog.db), sqlite:FILE, a path or off";

    /** None: the commands look into the recordings. */
    record Off() implements Catalog {}

    /**
     * One file.
     *
     * @param file null stands for {@code catalog.db} in the data folder
     */
    record Sqlite(@Nullable Path file) implements Catalog {}

    /**
     * Reads {@code sqlite}, {@code sqlite:FILE} (also with {@code jdbc:} before it), a path (with a
     * slash or the ending {@code .db}) or {@code off}.
     *
     * @param base what a relative FILE starts from
     * @throws IllegalArgumentException with a sentence that says what is allowed
     */
    static Catalog parse(String text, Environment surroundings, Path base) {
      String url = text.startsWith("jdbc:") ? text.substring("jdbc:".length()) : text;
      if (url.equals("off")) {
        return new Off();
      }
      if (url.equals("sqlite")) {
        return new Sqlite(null);
      }
      if (url.startsWith("sqlite:") && url.length() > "sqlite:".length()) {
        return new Sqlite(surroundings.path(url.substring("sqlite:".length()), base));
      }
      if (url.matches("[^:]*/[^:]*|[^:]*\\.db")) {
        return new Sqlite(surroundings.path(url, base));
      }
      // The rest may be a URL with a password in it: only its scheme may be shown.
      int colon = text.indexOf(':');
      String shown = colon < 0 ? text : text.substring(0, colon) + ":...";
      throw new IllegalArgumentException("must be " + ALLOWED + " (got \"" + shown + "\")");
    }
  }
}
