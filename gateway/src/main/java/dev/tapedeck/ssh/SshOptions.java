package dev.tapedeck.ssh;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How the SSH gateway behaves.
 *
 * @param listen where; port 0 for one that the system chooses
 * @param hostKeys the folder of the host keys, made with mode 0700 where it is missing
 * @param acceptEnvironment names of environment variables that a client may set, {@code *} standing
 *     for any end
 * @param sessionTimeout how long a connection may last; null for as long as it likes
 * @param idleTimeout how long nothing may pass either way; null for as long as it likes
 * @param limits how much it takes upon itself
 * @param stallLimit how long a byte waits for a disk that hangs; null for as long as it takes (the
 *     strict policy)
 */
public record SshOptions(
    InetSocketAddress listen,
    Path hostKeys,
    List<String> acceptEnvironment,
    @Nullable Duration sessionTimeout,
    @Nullable Duration idleTimeout,
    SshLimits limits,
    @Nullable Duration stallLimit) {

  public static final Duration DEFAULT_STALL_LIMIT = Duration.ofMillis(250);
  public static final List<String> DEFAULT_ACCEPT_ENVIRONMENT = List.of("LANG", "LC_*");

  public SshOptions {
    acceptEnvironment = List.copyOf(acceptEnvironment);
    positive("session_timeout", sessionTimeout);
    positive("idle_timeout", idleTimeout);
    positive("stall limit", stallLimit);
  }

  /** Everything at its default. */
  public static SshOptions defaults(InetSocketAddress listen, Path hostKeys) {
    return new SshOptions(
        listen,
        hostKeys,
        DEFAULT_ACCEPT_ENVIRONMENT,
        null,
        null,
        SshLimits.DEFAULT,
        DEFAULT_STALL_LIMIT);
  }

  /** Whether a client may set this variable. */
  boolean acceptsVariable(String name) {
    return name.matches("[A-Za-z_][A-Za-z0-9_]*")
        && acceptEnvironment.stream()
            .anyMatch(pattern ->
                pattern.endsWith("*")
                    ? name.startsWith(pattern.substring(0, pattern.length() - 1))
                    : name.equals(pattern));
  }

  private static void positive(String name, @Nullable Duration value) {
    if (value != null && !value.isPositive()) {
      throw new IllegalArgumentException(name + " is longer than nothing, not " + value);
    }
  }
}
