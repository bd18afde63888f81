package dev.tapedeck.cli.config;

import java.nio.file.Path;
import java.util.Map;

/**
 * What the configuration takes from the machine around it.
 *
 * @param workingDirectory what relative paths on the command line start from
 * @param user the caller's name
 */
public record Environment(
    Map<String, String> environment, Path home, Path workingDirectory, String user) {

  public Environment {
    environment = Map.copyOf(environment);
  }

  /** Those of this process. */
  public static Environment ofProcess() {
    return new Environment(
        System.getenv(),
        callersHome(),
        Path.of("").toAbsolutePath(),
        System.getProperty("user.name"));
  }

  /** {@code $HOME}, as every shell has it for {@code ~}; the system's word where it is not set. */
  private static Path callersHome() {
    String home = System.getenv("HOME");
    return home != null && home.startsWith("/")
        ? Path.of(home)
        : Path.of(System.getProperty("user.home"));
  }

  /** {@code $XDG_CONFIG_HOME/tapedeck/config.yaml}, or under {@code ~/.config}. */
  public Path defaultConfigFile() {
    return xdg("XDG_CONFIG_HOME", ".config").resolve("tapedeck").resolve("config.yaml");
  }

  /** {@code $XDG_DATA_HOME/tapedeck}, or under {@code ~/.local/share}. */
  public Path defaultData() {
    return xdg("XDG_DATA_HOME", ".local/share").resolve("tapedeck");
  }

  /**
   * The path that a person wrote, absolute: {@code ~} and {@code ~/} are the home folder, and what
   * is relative starts from {@code base}.
   *
   * @throws IllegalArgumentException if it cannot be a path
   */
  public Path path(String text, Path base) {
    if (text.isEmpty()) {
      throw new IllegalArgumentException("a path is wanted here");
    }
    if (text.equals("~")) {
      return home;
    }
    Path path = text.startsWith("~/") ? home.resolve(text.substring(2)) : Path.of(text);
    return base.resolve(path).normalize();
  }

  /** As {@link #path(String, Path)} from the working directory. */
  public Path path(String text) {
    return path(text, workingDirectory);
  }

  /**
   * The XDG base directory specification wants relative values ignored, and empty ones taken as
   * unset.
   */
  private Path xdg(String variable, String underHome) {
    String value = environment.getOrDefault(variable, "");
    return value.startsWith("/") ? Path.of(value) : home.resolve(underHome);
  }
}
