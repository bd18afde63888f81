package dev.tapedeck.sandbox.docker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tapedeck.clients.LiveGateway;
import dev.tapedeck.clients.Shell;
import dev.tapedeck.session.SessionRecord;
import dev.tapedeck.testing.Needs;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** OpenSSH's client through a whole gateway whose sandboxes are containers. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class DockerGatewayTest {

  @Test
  void commandsAndTerminalsRunInContainersAndAreOnRecord(@TempDir Path home) throws Exception {
    Needs.program("openssh", "ssh");
    try (LiveGateway gateway = LiveGateway.start(home, new DockerEngine(DockerSession.options()))) {
      String command = "echo out; echo err >&2; exit 4";
      Shell.Result result = gateway.ssh(command).expect(4);
      assertThat(result.text()).isEqualTo("out\n");
      assertThat(result.err()).isEqualTo("err\n");
      SessionRecord record = gateway.sealed(command);
      assertThat(record.attributes().get("sandbox")).startsWith("docker ");
      assertThat(LiveGateway.data(gateway.file(record, "exec-1.cast"), "x")).isEqualTo("4");

      String onTerminal = "tty; stty size";
      String[] line = gateway.ssh(List.of("-tt"), onTerminal).toArray(String[]::new);
      Shell.Result shown = Shell.run(home, line).expect(0);
      assertThat(shown.text()).contains("/dev/pts/");
      Path cast = gateway.file(gateway.sealed(onTerminal), "exec-1.cast");
      assertThat(LiveGateway.data(cast, "o")).isEqualTo(shown.text());
    }
  }
}
