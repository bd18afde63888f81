package dev.tapedeck.clients;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tapedeck.sandbox.Engine;
import dev.tapedeck.sandbox.SandboxLimits;
import dev.tapedeck.sandbox.namespace.NamespaceEngine;
import dev.tapedeck.sandbox.none.NoneEngine;
import dev.tapedeck.testing.Needs;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A recording says where programs could make any system call. */
class UnfilteredTest {

  @TempDir Path home;

  private String sessionJson(Engine engine) throws Exception {
    Needs.program("openssh", "ssh");
    try (LiveGateway gateway = LiveGateway.start(home, engine)) {
      String said = gateway.ssh("grep -hE 'Seccomp:|CapBnd' /proc/self/status").expect(0).text();
      if (engine instanceof NamespaceEngine) {
        assertThat(said).isEqualTo("CapBnd:\t0000000000000000\nSeccomp:\t2\n");
      }
      return Files.readString(
          gateway.file(gateway.sealed(session -> session.user() != null), "session.json"));
    }
  }

  @Test
  void sessionOfTheEngineNoneSaysThatSystemCallsAreNotFiltered() throws Exception {
    assertThat(sessionJson(new NoneEngine()))
        .contains(
            "\"system_calls\": \"not filtered: the engine none runs programs on the host itself\"");
  }

  @Test
  void sessionInASandboxIsFilteredAndHasNothingToSay() throws Exception {
    assertThat(sessionJson(new NamespaceEngine(SandboxLimits.DEFAULT)))
        .contains("\"sandbox\"")
        .doesNotContain("system_calls");
  }
}
