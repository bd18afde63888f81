package dev.tapedeck.sandbox.docker;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The Unix socket on which a container engine listens.
 *
 * @param path the socket
 * @param lack why there is none, in one sentence that says what to do; null if it is worth a try
 */
public record EngineSocket(Path path, @Nullable String lack) {

  /** Where Docker listens by default. */
  static final Path DOCKER = Path.of("/var/run/docker.sock");

  private static final String START =
      "start one (systemctl start docker, or systemctl --user start podman.socket), or name its"
          + " socket by DOCKER_HOST or sandbox.docker.socket";

  /** The socket that somebody named. */
  public static EngineSocket at(Path path) {
    return new EngineSocket(path, null);
  }

  /**
   * The one that {@code DOCKER_HOST} names; without that the first of those where Docker, rootless
   * Docker and Podman usually listen which this process may use.
   */
  public static EngineSocket find(Map<String, String> environment) {
    String host = environment.getOrDefault("DOCKER_HOST", "");
    return host.isEmpty() ? first(usual(environment)) : named(host);
  }

  private static EngineSocket named(String host) {
    if (host.startsWith("unix:///")) {
      return at(Path.of(host.substring("unix://".length())));
    }
    return new EngineSocket(
        DOCKER,
        "DOCKER_HOST is \"%s\", and sandboxes need the engine's Unix socket: set it to unix:///PATH, or set sandbox.docker.socket"
            .formatted(host));
  }

  static List<Path> usual(Map<String, String> environment) {
    List<Path> sockets = new ArrayList<>(List.of(DOCKER));
    Path runtime = runtime(environment);
    sockets.add(runtime.resolve("docker.sock"));
    String home = environment.getOrDefault("HOME", "");
    if (home.startsWith("/")) {
      sockets.add(Path.of(home, ".docker/run/docker.sock"));
      sockets.add(Path.of(home, ".docker/desktop/docker.sock"));
    }
    sockets.add(runtime.resolve("podman/podman.sock"));
    sockets.add(Path.of("/run/podman/podman.sock"));
    return sockets;
  }

  /** The folder of this user's sockets, which a login sets and a service may lack. */
  private static Path runtime(Map<String, String> environment) {
    String named = environment.getOrDefault("XDG_RUNTIME_DIR", "");
    if (named.startsWith("/")) {
      return Path.of(named);
    }
    try {
      return Path.of("/run/user", Files.getAttribute(Path.of("/proc/self"), "unix:uid").toString());
    } catch (IOException | UnsupportedOperationException _) {
      return Path.of("/run/user/0");
    }
  }

  /** The first that may be used; else the first that is there, and its refusal says why not. */
  static EngineSocket first(List<Path> sockets) {
    List<Path> there = sockets.stream().filter(Files::exists).toList();
    return there.stream()
        .filter(Files::isWritable)
        .findFirst()
        .or(() -> there.stream().findFirst())
        .map(EngineSocket::at)
        .orElseGet(() -> new EngineSocket(DOCKER, nowhere(sockets)));
  }

  private static String nowhere(List<Path> sockets) {
    String looked = sockets.stream().map(Path::toString).collect(Collectors.joining(", "));
    return "no container engine listens on " + looked + ": " + START;
  }

  /** There is no such file. */
  String absent() {
    return "there is no " + path + ": is the engine running? If not, " + START;
  }

  /** There is a file, and nobody answers. */
  String silent() {
    return "nobody listens on " + path + ": is the engine running? If not, " + START;
  }

  /** The file's mode keeps this user out. */
  String refused() {
    return path
        + " may not be used by this user: add the user to the group that owns it (usermod -aG docker"
        + " USER, then log in again), or use rootless Docker or Podman";
  }
}
