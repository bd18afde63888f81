package dev.tapedeck.formats.cast;

import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The first line of a recording, for both versions of asciicast.
 *
 * @param version 2 or 3
 * @param width the terminal's columns at the start, 0 to {@value #MAX_SIZE}; what is written is
 *     always {@linkplain #usable usable}
 * @param height the terminal's rows, likewise
 * @param timestamp when the recording began, in seconds since 1970
 * @param duration in seconds; version 2 alone has it
 * @param idleTimeLimit the longest pause, in seconds, that a player should keep
 * @param command what was run; null for a login shell
 * @param env some of the program's environment, in the file's order
 * @param termType the terminal's type ({@code xterm-256color}); version 3 alone has it, version 2
 *     says {@code TERM} in {@code env}
 * @param termVersion the terminal's name and version; version 3 alone has it
 * @see <a href="https://docs.asciinema.org/manual/asciicast/v2/">asciicast v2</a>
 * @see <a href="https://docs.asciinema.org/manual/asciicast/v3/">asciicast v3</a>
 */
public record CastHeader(
    int version,
    int width,
    int height,
    @Nullable Long timestamp,
    @Nullable Double duration,
    @Nullable Double idleTimeLimit,
    @Nullable String command,
    @Nullable String title,
    Map<String, String> env,
    @Nullable CastTheme theme,
    @Nullable String termType,
    @Nullable String termVersion) {

  /** The largest number of columns or rows that a file can name. */
  public static final int MAX_SIZE = 65535;

  /** The widest that the strictest reader (asciinema-server) takes, in columns. */
  public static final int MAX_USABLE_WIDTH = 720;

  /** The highest that the strictest reader takes, in rows. */
  public static final int MAX_USABLE_HEIGHT = 200;

  private static final int DEFAULT_WIDTH = 80;
  private static final int DEFAULT_HEIGHT = 24;

  public CastHeader {
    if (version != 2 && version != 3) {
      throw new IllegalArgumentException("asciicast version " + version + "; there are 2 and 3");
    }
    if (width < 0 || width > MAX_SIZE || height < 0 || height > MAX_SIZE) {
      throw new IllegalArgumentException(
          width + "x" + height + " is no terminal's size; each is 0 to " + MAX_SIZE);
    }
    seconds("duration", duration);
    seconds("idle_time_limit", idleTimeLimit);
    env = Collections.unmodifiableMap(new LinkedHashMap<>(env));
  }

  private static void seconds(String name, @Nullable Double value) {
    if (value != null && !(value >= 0 && Double.isFinite(value))) {
      throw new IllegalArgumentException(name + " is " + value + "; it is seconds, from 0");
    }
  }

  /** A header of version 2 that says nothing but the terminal's size. */
  public static CastHeader of(int width, int height) {
    return new CastHeader(
        2, width, height, null, null, null, null, null, Map.of(), null, null, null);
  }

  public CastHeader withTimestamp(Instant start) {
    return new CastHeader(
        version,
        width,
        height,
        start.getEpochSecond(),
        duration,
        idleTimeLimit,
        command,
        title,
        env,
        theme,
        termType,
        termVersion);
  }

  public CastHeader withCommand(@Nullable String command) {
    return new CastHeader(
        version,
        width,
        height,
        timestamp,
        duration,
        idleTimeLimit,
        command,
        title,
        env,
        theme,
        termType,
        termVersion);
  }

  public CastHeader withTitle(@Nullable String title) {
    return new CastHeader(
        version,
        width,
        height,
        timestamp,
        duration,
        idleTimeLimit,
        command,
        title,
        env,
        theme,
        termType,
        termVersion);
  }

  public CastHeader withEnv(Map<String, String> env) {
    return new CastHeader(
        version,
        width,
        height,
        timestamp,
        duration,
        idleTimeLimit,
        command,
        title,
        env,
        theme,
        termType,
        termVersion);
  }

  /**
   * The same recording described in the other version: version 3's terminal type is version 2's
   * {@code TERM}; what the other version has no place for (duration, the terminal's version) is
   * left out when it is written.
   */
  public CastHeader withVersion(int version) {
    Map<String, String> environment = new LinkedHashMap<>(env);
    String type = termType;
    if (version == 2 && type != null) {
      environment.putIfAbsent("TERM", type);
    } else if (version == 3 && type == null) {
      type = env.get("TERM");
    }
    return new CastHeader(
        version,
        width,
        height,
        timestamp,
        duration,
        idleTimeLimit,
        command,
        title,
        environment,
        theme,
        type,
        termVersion);
  }

  /** With a size that every reader takes: 0 becomes 80 or 24, what is too large is cut down. */
  public CastHeader usable() {
    int columns = usableWidth(width);
    int rows = usableHeight(height);
    return columns == width && rows == height
        ? this
        : new CastHeader(
            version,
            columns,
            rows,
            timestamp,
            duration,
            idleTimeLimit,
            command,
            title,
            env,
            theme,
            termType,
            termVersion);
  }

  /** As an event has it: any size that a file can name, but never 0. */
  static int width(int width) {
    return width <= 0 ? DEFAULT_WIDTH : Math.min(width, MAX_SIZE);
  }

  /** As {@link #width}. */
  static int height(int height) {
    return height <= 0 ? DEFAULT_HEIGHT : Math.min(height, MAX_SIZE);
  }

  static int usableWidth(int width) {
    return width <= 0 ? DEFAULT_WIDTH : Math.min(width, MAX_USABLE_WIDTH);
  }

  static int usableHeight(int height) {
    return height <= 0 ? DEFAULT_HEIGHT : Math.min(height, MAX_USABLE_HEIGHT);
  }
}
