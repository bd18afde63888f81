package dev.tapedeck.cli.config;

import dev.tapedeck.auth.Account;
import dev.tapedeck.auth.AuthorizedKeys;
import dev.tapedeck.auth.Password;
import dev.tapedeck.cli.config.Config.Catalog;
import dev.tapedeck.cli.config.Config.Index;
import dev.tapedeck.cli.config.Config.Policy;
import dev.tapedeck.cli.config.Config.Recording;
import dev.tapedeck.cli.config.Config.Ssh;
import dev.tapedeck.cli.config.Config.User;
import dev.tapedeck.cli.config.Config.Web;
import dev.tapedeck.ssh.SshLimits;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Makes the configuration of the file's sections: which keys there are, and what each may be. */
final class ConfigReader {

  private static final Pattern VARIABLE = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*\\*?");

  private final Environment surroundings;
  private final Path folder;

  /**
   * @param folder what relative paths in the file start from
   */
  ConfigReader(Environment surroundings, Path folder) {
    this.surroundings = surroundings;
    this.folder = folder;
  }

  Config read(Section root) {
    Config defaults = Config.defaults(surroundings);
    Path data = root.value("data", defaults.data(), this::path);
    Ssh ssh = ssh(root.section("ssh"), defaults.ssh());
    Config config =
        new Config(
            data,
            ssh,
            new ApiReader(this::path).read(root.section("api"), defaults.api()),
            web(root.section("web"), defaults.web()),
            new SandboxReader(this::path)
                .read(root.section("sandbox"), defaults.sandbox(), ssh.acceptAllAfterFailures()),
            recording(root.section("recording"), defaults.recording()),
            root.value(
                "catalog", defaults.catalog(), text -> Catalog.parse(text, surroundings, folder)),
            index(root.section("index"), defaults.index()));
    root.finish();
    return config;
  }

  private Ssh ssh(Section section, Ssh defaults) {
    Ssh ssh =
        new Ssh(
            section.value("listen", defaults.listen(), Listen::parse),
            users(section),
            acceptEnv(section, defaults),
            section.value(
                "accept_all_after_failures",
                defaults.acceptAllAfterFailures(),
                integer(0, Ssh.MAX_ACCEPT_ALL_AFTER_FAILURES)),
            section.optional("session_timeout", defaults.sessionTimeout(), ConfigReader::timeout),
            section.optional("idle_timeout", defaults.idleTimeout(), ConfigReader::timeout),
            sshLimits(section, defaults.limits()));
    section.finish();
    return ssh;
  }

  private static SshLimits sshLimits(Section section, SshLimits defaults) {
    return new SshLimits(
        section.value(
            "max_connections", defaults.maxConnections(), integer(1, SshLimits.MOST_CONNECTIONS)),
        section.value(
            "max_connections_per_source",
            defaults.maxConnectionsPerSource(),
            integer(1, SshLimits.MOST_CONNECTIONS)),
        section.value(
            "max_unauthenticated",
            defaults.maxUnauthenticated(),
            integer(1, SshLimits.MOST_CONNECTIONS)),
        section.value("max_channels", defaults.maxChannels(), integer(1, SshLimits.MOST_CHANNELS)),
        section.value(
            "max_auth_tries", defaults.maxAuthTries(), integer(1, SshLimits.MOST_AUTH_TRIES)),
        section.value("login_grace_time", defaults.loginGraceTime(), Units::duration));
  }

  private static List<String> acceptEnv(Section section, Ssh defaults) {
    List<String> names = section.texts("accept_env", defaults.acceptEnv());
    for (String name : names) {
      if (!VARIABLE.matcher(name).matches()) {
        section
            .notes()
            .add(
                section.at("accept_env"),
                "ssh.accept_env: a variable's name is letters, digits and _, and may end with * as a"
                    + " wildcard (got \""
                    + name
                    + "\")");
      }
    }
    return names;
  }

  private static List<User> users(Section ssh) {
    List<User> users = new ArrayList<>();
    Set<String> names = new HashSet<>();
    for (Section section : ssh.sections("users")) {
      User user = user(section);
      if (!user.name().isEmpty() && !names.add(user.name())) {
        section.notes().add(section.at("name"), "user " + user.name() + " is listed twice");
      }
      users.add(user);
    }
    return users;
  }

  private static User user(Section section) {
    String name = section.value("name", "", ConfigReader::userName);
    Secret password = section.optional("password", null, ConfigReader::password);
    Secret hash = section.optional("password_hash", null, ConfigReader::hash);
    List<String> keys = section.texts("authorized_keys", List.of());
    keys.forEach(key -> checkKey(section, key));
    if (!section.has("name")) {
      section.notes().add(section.where(), "a user without a name");
    } else if (section.has("password") && section.has("password_hash")) {
      section
          .notes()
          .add(
              section.at("password_hash"),
              "user " + name + " has password and password_hash; give one");
    } else if (!section.has("password") && !section.has("password_hash") && keys.isEmpty()) {
      section
          .notes()
          .add(
              section.where(),
              "user " + name + " has no way in; give password, password_hash or authorized_keys");
    }
    section.finish();
    return new User(name, password, hash, keys);
  }

  private static void checkKey(Section section, String key) {
    try {
      AuthorizedKeys.parse(key);
    } catch (IllegalArgumentException e) {
      section
          .notes()
          .add(section.at("authorized_keys"), "ssh.users[].authorized_keys: " + e.getMessage());
    }
  }

  private static String userName(String text) {
    if (!Account.isName(text)) {
      throw new IllegalArgumentException(
          "a user name is a letter or _ and up to 31 letters, digits, _, . or - (got \""
              + text
              + "\")");
    }
    return text;
  }

  private static Secret password(String text) {
    int length = text.getBytes(StandardCharsets.UTF_8).length;
    if (length < 1 || length > Password.MAX_BYTES) {
      throw new IllegalArgumentException(
          "a password has 1 to " + Password.MAX_BYTES + " bytes, not " + length);
    }
    return new Secret(text);
  }

  private static Secret hash(String text) {
    if (!Password.isHash(text)) {
      throw new IllegalArgumentException(
          "must be a bcrypt hash, as printed by 'htpasswd -nB NAME' ($2y$10$...)");
    }
    return new Secret(text);
  }

  private static Web web(Section section, Web defaults) {
    Web web = new Web(section.value("listen", defaults.listen(), Listen::parse));
    section.finish();
    return web;
  }

  private Recording recording(Section section, Recording defaults) {
    Recording recording =
        new Recording(
            section.value("policy", defaults.policy(), oneOf(Policy.values())),
            section.optional("path", defaults.path(), this::path),
            section.value("enabled", defaults.enabled(), ConfigReader::yes),
            section.value("metadata", defaults.metadata(), ConfigReader::yes),
            section.value(
                "payload_limit", defaults.payloadLimit(), size(0, Recording.MAX_PAYLOADS)));
    if (section.has("keep_payloads")) {
      section.<String>optional(
          "keep_payloads",
          null,
          _ -> {
            throw new IllegalArgumentException(
                "this key is gone: bytes that are not text are kept in the cast, up to"
                    + " recording.payload_limit");
          });
    }
    section.finish();
    return recording;
  }

  private static Index index(Section section, Index defaults) {
    Index index =
        new Index(
            section.value(
                "output_limit", defaults.outputLimit(), size(Index.MIN_OUTPUT, Index.MAX_OUTPUT)),
            section.value("logins", defaults.logins(), integer(1, Index.MAX_LOGINS)),
            section.value("login_age", defaults.loginAge(), Units::duration));
    section.finish();
    return index;
  }

  private Path path(String text) {
    return surroundings.path(text, folder);
  }

  /** Null for {@code off}. */
  private static @Nullable Duration timeout(String text) {
    if (text.equals("off")) {
      return null;
    }
    try {
      return Units.duration(text);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "must be off or " + Units.DURATION_ALLOWED + " (got \"" + text + "\")", e);
    }
  }

  static boolean yes(String text) {
    return switch (text) {
      case "true" -> true;
      case "false" -> false;
      default -> throw new IllegalArgumentException("must be true or false (got \"" + text + "\")");
    };
  }

  static Function<String, Integer> integer(int least, int most) {
    return text -> {
      long number = text.matches("[0-9]{1,10}") ? Long.parseLong(text) : -1;
      if (number < least || number > most) {
        throw new IllegalArgumentException(
            "must be a whole number from " + least + " to " + most + " (got \"" + text + "\")");
      }
      return (int) number;
    };
  }

  static Function<String, Long> size(long least, long most) {
    return text -> {
      long size = Units.size(text);
      if (size < least || size > most) {
        throw new IllegalArgumentException(
            "must be from "
                + Units.show(least)
                + " to "
                + Units.show(most)
                + " (got \""
                + text
                + "\")");
      }
      return size;
    };
  }

  /** One of these, written in lower case with hyphens. */
  static <E extends Enum<E>> Function<String, E> oneOf(E[] values) {
    return text ->
        Arrays.stream(values)
            .filter(value -> written(value).equals(text))
            .findFirst()
            .orElseThrow(() ->
                new IllegalArgumentException(
                    "must be one of "
                        + Arrays.stream(values)
                            .map(ConfigReader::written)
                            .collect(Collectors.joining(", "))
                        + " (got \""
                        + text
                        + "\")"));
  }

  static String written(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
