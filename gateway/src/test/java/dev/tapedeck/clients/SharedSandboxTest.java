package dev.tapedeck.clients;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tapedeck.sandbox.SandboxLimits;
import dev.tapedeck.sandbox.Sharing;
import dev.tapedeck.sandbox.namespace.NamespaceEngine;
import dev.tapedeck.session.SessionRecord;
import dev.tapedeck.testing.Needs;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A user's connections one after the other, with OpenSSH's own client. */
class SharedSandboxTest {

  @TempDir Path home;

  @Test
  void whatOneConnectionBroughtTheNextOneFindsEachInASessionOfItsOwn() throws Exception {
    Needs.program("openssh", "ssh");
    Sharing sharing = new Sharing(Sharing.Per.USER, Duration.ofMinutes(5));
    try (LiveGateway gateway =
        LiveGateway.sharing(home, new NamespaceEngine(SandboxLimits.DEFAULT), sharing)) {
      gateway.ssh("echo kept >file; (setsid sleep 300 >/dev/null 2>&1 &)").expect(0);
      gateway.sealed("echo kept >file; (setsid sleep 300 >/dev/null 2>&1 &)");
      assertThat(gateway.ssh("cat file; pgrep -c sleep").expect(0).text()).isEqualTo("kept\n1\n");
      SessionRecord second = gateway.sealed("cat file; pgrep -c sleep");
      assertThat(gateway.sessions()).hasSize(2);
      assertThat(gateway.sessions().getFirst().id()).isNotEqualTo(second.id());
    }
  }
}
