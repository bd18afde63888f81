package dev.tapedeck.ssh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tapedeck.event.Bytes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 30, unit = TimeUnit.SECONDS)
class RequestsAheadTest {

  private static final int PACKET_BYTES = 4096;
  private final RequestsAhead ahead = new RequestsAhead();

  private static Bytes packet(int bytes) {
    byte[] packet = new byte[bytes];
    ByteBuffer.wrap(packet).putInt(bytes - 4);
    return Bytes.view(packet, 0, bytes);
  }

  private static Bytes part(Bytes of, int from, int to) {
    return Bytes.view(of.array(), of.offset() + from, to - from);
  }

  /** A thread that waits for room, once it does. */
  private Thread waiting() {
    Thread thread =
        Thread.ofPlatform()
            .daemon()
            .start(() -> {
              try {
                ahead.awaitRoom();
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
            });
    await().until(() -> thread.getState() == Thread.State.WAITING);
    return thread;
  }

  private void ask(int packets) {
    for (int i = 0; i < packets; i++) {
      ahead.asked(packet(PACKET_BYTES));
    }
  }

  @Test
  void whoIsFarAheadWaitsForAnswers() throws Exception {
    int most = RequestsAhead.LIMIT_BYTES / PACKET_BYTES;
    ask(most);
    ahead.awaitRoom();
    ask(1);
    Thread waits = waiting();
    ahead.answered(packet(25));
    waits.join();
    ask(1);
    assertThat(waiting().isAlive()).isTrue();
  }

  @Test
  void requestThatIsNotWholeIsNotWaitedFor() throws Exception {
    Bytes large = packet(RequestsAhead.LIMIT_BYTES);
    ask(RequestsAhead.LIMIT_BYTES / PACKET_BYTES);
    ahead.asked(part(large, 0, 3));
    ahead.asked(part(large, 3, RequestsAhead.LIMIT_BYTES - 1));
    ahead.awaitRoom();
  }

  @Test
  void answersInPiecesCount() throws Exception {
    ask(RequestsAhead.LIMIT_BYTES / PACKET_BYTES + 1);
    Thread waits = waiting();
    Bytes answer = packet(25);
    for (int i = 0; i < 25; i++) {
      assertThat(waits.isAlive()).isTrue();
      ahead.answered(part(answer, i, i + 1));
    }
    waits.join();
  }

  @Test
  void nothingWaitsForAServerThatHasEndedOrForWhatMakesNoSense() throws Exception {
    ask(RequestsAhead.LIMIT_BYTES / PACKET_BYTES + 1);
    Thread waits = waiting();
    ahead.answered(Bytes.of("What is this?"));
    waits.join();
    ask(RequestsAhead.LIMIT_BYTES / PACKET_BYTES + 1);
    ahead.awaitRoom();
  }
}
