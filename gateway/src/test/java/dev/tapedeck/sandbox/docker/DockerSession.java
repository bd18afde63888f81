package dev.tapedeck.sandbox.docker;

import dev.tapedeck.sandbox.SandboxException;
import dev.tapedeck.testing.Needs;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The Docker Engine that the tests use: the one that DOCKER_HOST or the usual socket leads to, with
 * the image of deploy/sandbox, which is built once a run.
 */
public final class DockerSession {

  private static @Nullable DockerOptions options;
  private static @Nullable String lack;

  private DockerSession() {}

  /** Options for the engine of this machine; without one the test is skipped, or fails if asked. */
  public static synchronized DockerOptions options() {
    if (options == null && lack == null) {
      try {
        options = prepare();
      } catch (IOException | InterruptedException e) {
        lack = "no Docker Engine with an image (.ci/docker start): " + e.getMessage();
      }
    }
    Needs.need("docker", options != null, String.valueOf(lack));
    return Objects.requireNonNull(options);
  }

  static DockerApi api() {
    return new DockerApi(new DockerHttp(options().socket(), options().timeout()));
  }

  private static DockerOptions prepare() throws IOException, InterruptedException {
    DockerOptions found = DockerOptions.DEFAULTS.withSocket(EngineSocket.find(System.getenv()));
    found = found.withImage("tapedeck-sandbox:busybox");
    new DockerApi(new DockerHttp(found.socket(), found.timeout())).negotiated();
    Path build = Path.of(System.getProperty("tapedeck.root"), "deploy/sandbox/build");
    ProcessBuilder builder = new ProcessBuilder(build.toString(), "busybox");
    builder.environment().put("DOCKER_HOST", "unix://" + found.socket().path());
    Process process = builder.redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new SandboxException(said.strip());
    }
    return found;
  }
}
