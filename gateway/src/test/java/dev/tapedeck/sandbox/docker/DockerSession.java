package dev.tapedeck.sandbox.docker;

import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import dev.tapedeck.sandbox.SandboxException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The Docker Engine that the tests use: the one that DOCKER_HOST or the usual socket leads to, with
 * the image of deploy/sandbox, which is built once a run.
 */
final class DockerSession {

  private static @Nullable DockerOptions options;
  private static @Nullable String lack;

  private DockerSession() {}

  /** Options for the engine of this machine; without one the test is skipped, or fails if asked. */
  static synchronized DockerOptions options() {
    if (options == null && lack == null) {
      try {
        options = prepare();
      } catch (IOException | InterruptedException e) {
        lack = "no Docker Engine with a sandbox image (.ci/docker start): " + e.getMessage();
      }
    }
    if (options != null) {
      return options;
    }
    String required = System.getenv().getOrDefault("TAPEDECK_REQUIRE", "");
    if (Arrays.asList(required.split(",")).contains("docker")) {
      return fail(lack);
    }
    return abort(lack);
  }

  static DockerApi api() {
    return new DockerApi(new DockerHttp(options().socket(), options().timeout()));
  }

  private static DockerOptions prepare() throws IOException, InterruptedException {
    String host = System.getenv("DOCKER_HOST");
    DockerOptions found =
        host == null
            ? DockerOptions.DEFAULTS
            : DockerOptions.DEFAULTS.withSocket(DockerOptions.socketOf(host));
    found = found.withImage("tapedeck-sandbox:busybox");
    new DockerApi(new DockerHttp(found.socket(), found.timeout())).negotiated();
    Path build = Path.of(System.getProperty("tapedeck.root"), "deploy/sandbox/build");
    ProcessBuilder builder = new ProcessBuilder(build.toString(), "busybox");
    builder.environment().put("DOCKER_HOST", "unix://" + found.socket());
    Process process = builder.redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new SandboxException(said.strip());
    }
    return found;
  }
}
