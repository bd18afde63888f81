package dev.tapedeck.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tapedeck.event.Bytes;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a client chose reaches the program byte by byte, whatever the engine. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
public abstract class BytesContract {

  private Engine engine;
  private Sandbox sandbox;

  protected abstract Engine newEngine() throws Exception;

  @BeforeEach
  void makeSandbox() throws Exception {
    engine = newEngine();
    sandbox = engine.create();
  }

  @AfterEach
  void close() {
    if (sandbox != null) {
      sandbox.close();
    }
    if (engine != null) {
      engine.close();
    }
  }

  @Test
  void everyByteOfACommandArrives() throws Exception {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    line.writeBytes(latin("printf %s '"));
    line.writeBytes(everyByte());
    line.writeBytes(latin("'"));
    assertThat(run(line.toByteArray(), Map.of())).isEqualTo(everyByte());
  }

  @Test
  void everyByteOfAVariableArrives() throws Exception {
    Map<String, Bytes> environment = Map.of("ODD", Bytes.of(everyByte()), "EVEN", Bytes.of("ü\n"));
    assertThat(run(latin("printf %s \"$ODD\""), environment)).isEqualTo(everyByte());
    assertThat(run(latin("printf %s \"$EVEN\""), environment))
        .isEqualTo("ü\n".getBytes(StandardCharsets.UTF_8));
    assertThat(new String(run(latin("env"), environment), StandardCharsets.ISO_8859_1))
        .doesNotContain("TAPEDECK_ESCAPED");
  }

  @Test
  void aFileHasTheNameThatTheCommandSays() throws Exception {
    run(latin("mkdir d && cd d && >'caf\u00e9\n\u0081\u0088'"), Map.of());
    assertThat(run(latin("cd d && printf %s *"), Map.of()))
        .isEqualTo(latin("caf\u00e9\n\u0081\u0088"));
  }

  private byte[] run(byte[] line, Map<String, Bytes> environment) throws Exception {
    ProcessSpec spec =
        new ProcessSpec(
            new ProcessSpec.Program.Command(Bytes.of(line)), "alice", environment, null);
    try (Running running = Running.of(sandbox.start(spec))) {
      running.endInput();
      byte[] output = running.allBytes();
      assertThat(running.allError()).isEmpty();
      return output;
    }
  }

  /** All but zero and the quote that is around them, line feeds last. */
  private static byte[] everyByte() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (int one = 1; one < 256; one++) {
      if (one != '\'') {
        bytes.write(one);
      }
    }
    bytes.writeBytes(latin("\n\n"));
    return bytes.toByteArray();
  }

  /** A byte for each character. */
  private static byte[] latin(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }
}
