package dev.tapedeck.clients;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tapedeck.event.LoginAttempt;
import dev.tapedeck.event.LoginAttempt.Outcome;
import dev.tapedeck.sandbox.SandboxLimits;
import dev.tapedeck.sandbox.namespace.NamespaceEngine;
import dev.tapedeck.testing.Needs;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A guesser with a real client: refused twice, then let in, every attempt known. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class HoneypotTest {

  @Test
  void thirdWrongPasswordOpensASessionThatIsOnRecord(@TempDir Path home) throws Exception {
    Needs.program("openssh", "ssh-keygen");
    String python = "/usr/bin/python3";
    boolean there = Shell.run(home, python, "-c", "import paramiko").status() == 0;
    Needs.need("paramiko", there, python + " cannot import paramiko");
    try (LiveGateway gateway =
        LiveGateway.honeypot(home, new NamespaceEngine(SandboxLimits.DEFAULT), 2)) {
      String script =
          """
          import paramiko
          for guess in ("1234", "admin", "toor"):
              client = paramiko.SSHClient()
              client.set_missing_host_key_policy(paramiko.AutoAddPolicy())
              try:
                  client.connect("127.0.0.1", %d, "root", password=guess, look_for_keys=False, allow_agent=False)
                  print(guess, client.exec_command("whoami")[1].read().decode().strip())
              except paramiko.AuthenticationException:
                  print(guess, "refused")
              client.close()
          """
              .formatted(gateway.port());
      Shell.Result result = Shell.run(home, python, "-c", script).expect(0);
      assertThat(result.text()).isEqualTo("1234 refused\nadmin refused\ntoor root\n");
      assertThat(gateway.attempts())
          .extracting(LoginAttempt::outcome)
          .containsExactly(Outcome.REFUSED, Outcome.REFUSED, Outcome.HONEYPOT);
      assertThat(gateway.sealed("whoami").attributes()).containsEntry("login", "honeypot");
    }
  }
}
