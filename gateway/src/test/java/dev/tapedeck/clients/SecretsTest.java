package dev.tapedeck.clients;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tapedeck.sandbox.SandboxLimits;
import dev.tapedeck.sandbox.namespace.NamespaceEngine;
import dev.tapedeck.session.SessionRecord;
import dev.tapedeck.testing.Needs;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a person types where nothing is shown is in no file. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class SecretsTest {

  private static final String SECRET = "correct-horse-battery";
  private static final String COMMAND =
      "stty -echo; printf 'Password: '; read x; stty echo; echo; printf 'Name: '; read y; echo $y";

  @Test
  void passwordTypedAtAPromptWithoutEchoIsNowhere(@TempDir Path home) throws Exception {
    Needs.program("openssh", "ssh");
    try (LiveGateway gateway =
        LiveGateway.start(home, new NamespaceEngine(SandboxLimits.DEFAULT))) {
      Process client = Shell.start(home, gateway.ssh(List.of("-tt"), COMMAND));
      InputStream out = client.getInputStream();
      OutputStream in = client.getOutputStream();
      expect(out, "Password: ");
      type(in, SECRET + "\n");
      expect(out, "Name: ");
      type(in, "visible\n");
      expect(out, "visible");
      assertThat(client.waitFor(20, TimeUnit.SECONDS)).isTrue();

      SessionRecord record = gateway.sealed(COMMAND);
      Path cast = gateway.file(record, "exec-1.cast");
      assertThat(LiveGateway.data(cast, "m"))
          .isEqualTo("hidden input: " + (SECRET.length() + 1) + " bytes");
      assertThat(LiveGateway.data(cast, "i")).contains("visible");
      byte[] secret = SECRET.getBytes(StandardCharsets.UTF_8);
      for (Path file : gateway.files()) {
        assertThat(new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1))
            .as("%s", file)
            .doesNotContain(SECRET)
            .doesNotContain(LiveGateway.PASSWORD)
            .doesNotContain(HexFormat.of().formatHex(secret))
            .doesNotContain(Base64.getEncoder().withoutPadding().encodeToString(secret));
      }
    }
  }

  private static void type(OutputStream in, String text) throws Exception {
    in.write(text.getBytes(StandardCharsets.UTF_8));
    in.flush();
  }

  /** Reads until this has come. */
  private static void expect(InputStream out, String text) throws Exception {
    StringBuilder seen = new StringBuilder();
    int b;
    while (seen.indexOf(text) < 0 && (b = out.read()) >= 0) {
      seen.append((char) b);
    }
    assertThat(seen.toString()).contains(text);
  }
}
