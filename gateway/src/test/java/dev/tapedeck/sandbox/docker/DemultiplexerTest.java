package dev.tapedeck.sandbox.docker;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class DemultiplexerTest {

  private final ByteArrayOutputStream wire = new ByteArrayOutputStream();

  @Test
  void framesGoToTheirStreams() throws Exception {
    frame(1, "out1 ");
    frame(2, "err1 ");
    frame(0, "out2");
    frame(2, "");
    frame(2, "err2");
    Demultiplexer streams = streams();
    assertThat(streams.output().readAllBytes()).isEqualTo("out1 out2".getBytes(UTF_8));
    assertThat(streams.error().readAllBytes()).isEqualTo("err1 err2".getBytes(UTF_8));
  }

  @Test
  void onlyErrorIsRead() throws Exception {
    frame(1, "out");
    frame(2, "err");
    Demultiplexer streams = streams();
    assertThat(streams.error().readAllBytes()).isEqualTo("err".getBytes(UTF_8));
    assertThat(streams.output().readAllBytes()).isEqualTo("out".getBytes(UTF_8));
  }

  @Test
  void splitAtEveryByte() throws Exception {
    frame(1, "one");
    frame(2, "two");
    byte[] bytes = wire.toByteArray();
    for (int size = 1; size < bytes.length; size++) {
      Demultiplexer streams = new Demultiplexer(new Slow(bytes, size));
      assertThat(streams.output().readAllBytes()).isEqualTo("one".getBytes(UTF_8));
      assertThat(streams.error().readAllBytes()).isEqualTo("two".getBytes(UTF_8));
    }
  }

  @Test
  void moreThanIsPutAsideWaitsForItsReader() throws Exception {
    String much = "e".repeat(3 * Demultiplexer.MAX_ASIDE_BYTES);
    frame(2, much);
    frame(1, "out");
    Demultiplexer streams = streams();
    CompletableFuture<byte[]> output = new CompletableFuture<>();
    Thread.ofPlatform()
        .daemon()
        .start(() -> {
          try {
            output.complete(streams.output().readAllBytes());
          } catch (Exception e) {
            output.completeExceptionally(e);
          }
        });
    assertThat(streams.error().readAllBytes()).isEqualTo(much.getBytes(UTF_8));
    assertThat(output.get()).isEqualTo("out".getBytes(UTF_8));
  }

  @Test
  void garbageIsNoFrame() {
    wire.writeBytes("panic: no such container".getBytes(UTF_8));
    assertThatThrownBy(() -> streams().output().read())
        .hasMessage("the engine sent something that is not a frame");
  }

  @Test
  void endInAFrameIsAnError() {
    frame(1, "whole");
    byte[] cut = wire.toByteArray();
    Demultiplexer streams = new Demultiplexer(new ByteArrayInputStream(cut, 0, cut.length - 1));
    assertThatThrownBy(() -> streams.output().readAllBytes())
        .hasMessage("the engine ended the connection in the middle of a frame");
    assertThatThrownBy(() -> streams.error().read())
        .hasMessage("the engine ended the connection in the middle of a frame");
  }

  @Test
  void closedIsTheEnd() throws Exception {
    frame(1, "never read");
    Demultiplexer streams = streams();
    streams.close();
    assertThat(streams.output().read()).isEqualTo(-1);
    assertThat(streams.error().read()).isEqualTo(-1);
  }

  private void frame(int stream, String payload) {
    byte[] bytes = payload.getBytes(UTF_8);
    wire.write(stream);
    wire.writeBytes(new byte[3]);
    for (int shift = 24; shift >= 0; shift -= 8) {
      wire.write(bytes.length >>> shift);
    }
    wire.writeBytes(bytes);
  }

  private Demultiplexer streams() {
    return new Demultiplexer(new ByteArrayInputStream(wire.toByteArray()));
  }

  /** At most so many bytes at a time. */
  private static final class Slow extends InputStream {
    private final ByteArrayInputStream bytes;
    private final int size;

    Slow(byte[] bytes, int size) {
      this.bytes = new ByteArrayInputStream(bytes);
      this.size = size;
    }

    @Override
    public int read() {
      return bytes.read();
    }

    @Override
    public int read(byte[] target, int offset, int length) {
      return bytes.read(target, offset, Math.min(size, length));
    }
  }
}
