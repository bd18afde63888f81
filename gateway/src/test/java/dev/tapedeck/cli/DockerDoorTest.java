package dev.tapedeck.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.tapedeck.sandbox.docker.DockerOptions;
import dev.tapedeck.sandbox.docker.DockerSession;
import dev.tapedeck.sandbox.posix.NetworkNamespace;
import dev.tapedeck.session.SessionRecord;
import dev.tapedeck.testing.Needs;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** As {@link SandboxDoorTest}, in containers, where busybox's wget asks. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class DockerDoorTest {

  private static final String PLAIN = "http://127.0.0.1:3344";

  @TempDir Path home;

  @Test
  void whatAContainerSendsIsOfItsOwnSessionOrRefused() throws Exception {
    Needs.program("openssh", "ssh");
    DockerOptions docker = DockerSession.options();
    assumeThat(NetworkNamespace.mayEnter()).as("root may enter a container's network").isTrue();
    String engine =
        "  engine: docker\n  docker: { socket: %s, image: \"%s\" }\n"
            .formatted(docker.socket().path(), docker.image());
    try (WholeGateway gateway = new WholeGateway(home, WholeGateway::answer, "", engine);
        WholeGateway.Stay bob = gateway.new Stay("bob", "echo $ANTHROPIC_BASE_URL")) {
      String flood =
          "for i in 1 2 3 4 5 6 7 8 9; do wget -q -O - --post-data='{}'"
              + " --header=\"x-claude-code-session-id: made-up-$i\" "
              + PLAIN
              + "/v1/messages || exit 1; done";
      assertThat(gateway.ssh("alice", flood)).startsWith("{\"type\":\"message\"}");
      assertThat(gateway.asked(gateway.sealed(flood), 9)).hasSize(9);
      String theft = "wget -O - --post-data='{}' " + bob.line + "/v1/messages 2>&1; true";
      assertThat(gateway.ssh("alice", theft)).contains("403 Forbidden");
      assertThat(gateway.model().requests()).hasSize(9);
      assertThat(gateway.sessions()).extracting(SessionRecord::kind).containsOnly("ssh");
    }
  }
}
