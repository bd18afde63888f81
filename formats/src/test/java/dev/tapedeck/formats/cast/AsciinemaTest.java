package dev.tapedeck.formats.cast;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tapedeck.formats.Needs;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the encoder writes, read by Debian's asciinema. */
class AsciinemaTest {

  private static final int TIMEOUT_SECONDS = 30;

  @TempDir private Path folder;

  @Test
  void asciinemaPrintsWhatWasRecorded() throws Exception {
    Needs.program("asciinema");
    Needs.program("script");
    Path cast = folder.resolve("a.cast");
    String output = record(cast);
    assertThat(asciinemaCat(cast)).isEqualTo(output);
  }

  /** Writes a recording with all kinds of events; gives what it shows. */
  private static String record(Path cast) throws IOException {
    StringBuilder shown = new StringBuilder();
    CastEncoder.Keeping all = (_, _) -> true;
    CastEncoder encoder = new CastEncoder(all, all, all);
    CastHeader header =
        CastHeader.of(0, 0)
            .withTimestamp(Instant.ofEpochSecond(1_800_000_000))
            .withCommand("sh -c 'echo \"żółć\"'")
            .withEnv(Map.of("SHELL", "/bin/sh", "TERM", "xterm-256color"));
    try (OutputStream out = Files.newOutputStream(cast)) {
      encoder.header(header).writeTo(out);
      encoder.input(1000, Casts.utf8("ls\r"), 0, 3).writeTo(out);
      encoder.resize(2000, 0, 100_000).writeTo(out);
      encoder.marker(2500, "recording gap: 5 bytes").writeTo(out);
      byte[] bytes = Casts.terminalBytes(new Random(11), 5000);
      for (int at = 0; at < bytes.length; at += 777) {
        int length = Math.min(777, bytes.length - at);
        encoder.output(at * 1000L, bytes, at, length).writeTo(out);
      }
      encoder.outputBytes(1, bytes, 0, 100).writeTo(out);
      encoder.exit(1, 0).writeTo(out);
      shown.append(new String(bytes, UTF_8));
    }
    return shown.toString();
  }

  /** asciinema insists on a terminal to read keys from: {@code script} gives it one. */
  private String asciinemaCat(Path cast) throws IOException, InterruptedException {
    Path printed = folder.resolve("printed");
    Process process =
        new ProcessBuilder(
                "script", "-qec", "asciinema cat '" + cast + "' >'" + printed + "'", "/dev/null")
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("messages").toFile())
            .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
            .start();
    assertThat(process.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).as(() -> "asciinema said: " + messages()).isZero();
    return Files.readString(printed);
  }

  private String messages() {
    try {
      return Files.readString(folder.resolve("messages"));
    } catch (IOException e) {
      return e.toString();
    }
  }
}
