package dev.tapedeck.sandbox;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.tapedeck.sandbox.reach.Forward;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * How programs in a sandbox reach one service of the gateway, for every engine that isolates: the
 * clients are bash's {@code /dev/tcp} and, where the sandbox has it, curl. A reset is read by bash
 * itself: busybox's cat makes an end of it.
 */
public abstract class ReachContract extends ReachSetting {

  @Test
  void aRequestIsAnswered() throws Exception {
    try (Upstream upstream = Upstream.http()) {
      String address = reach(sandbox(), upstream);
      assertThat(address).isEqualTo("127.0.0.1:" + Forward.PORT);
      assertThat(bash("printf 'GET /v1/models HTTP/1.1\\r\\n\\r\\n' >&3; cat <&3"))
          .endsWith("GET /v1/models HTTP/1.1");
      assertThat(reach(sandbox(), upstream)).isEqualTo(address);
    }
  }

  @Test
  void curlIsAnswered() throws Exception {
    try (Running look = Running.command(sandbox(), "command -v curl")) {
      assumeThat(look.await().number()).as("the sandbox has curl").isZero();
    }
    try (Upstream upstream = Upstream.http()) {
      String address = reach(sandbox(), upstream);
      assertThat(Running.output(sandbox(), "curl -sS http://" + address + "/v1/models"))
          .isEqualTo("GET /v1/models HTTP/1.1");
    }
  }

  @Test
  void bytesGoThroughUnchangedBothWaysAtOnce() throws Exception {
    byte[] down = new byte[8 * 1024 * 1024];
    new Random(3).nextBytes(down);
    try (Upstream upstream =
        new Upstream(socket -> {
          Thread writer =
              Thread.ofPlatform()
                  .start(() -> {
                    try {
                      socket.out().write(down);
                      socket.channel().shutdownOutput();
                    } catch (IOException e) {
                      throw new UncheckedIOException(e);
                    }
                  });
          byte[] up = socket.in().readAllBytes();
          join(writer);
          if (up.length != down.length || !Arrays.equals(up, reversedHalves(down))) {
            throw new IOException("got " + up.length + " other bytes");
          }
        })) {
      reach(sandbox(), upstream);
      try (Running client =
          Running.command(
              sandbox(),
              "bash -c 'exec 3<>/dev/tcp/127.0.0.1/%d; cat <&3 >/tmp/down & cat >&3; wait; sha256sum </tmp/down'"
                  .formatted(Forward.PORT))) {
        client.process().input().write(reversedHalves(down));
        client.endInput();
        // bash cannot half-close a socket, so the end of the request comes with the client's end.
        assertThat(client.allOutput()).startsWith(sha256(down));
        assertThat(client.await().number()).isZero();
      }
      assertThat(upstream.ending().failure()).isNull();
    }
  }

  @Test
  void theServicesEndIsTheClientsEnd() throws Exception {
    CountDownLatch go = new CountDownLatch(1);
    try (Upstream upstream =
        new Upstream(socket -> {
          socket.out().write("half".getBytes(US_ASCII));
          socket.channel().shutdownOutput();
          int more = socket.in().read();
          if (more != 'x') {
            throw new IOException("after the half close came " + more);
          }
          go.countDown();
        })) {
      reach(sandbox(), upstream);
      assertThat(bash("cat <&3; printf x >&3; echo done")).isEqualTo("halfdone");
      assertThat(go.await(Running.PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
    }
  }

  @Test
  void anEventComesAtOnce() throws Exception {
    int events = 200;
    try (Upstream upstream =
        new Upstream(socket -> {
          InputStream in = socket.in();
          for (int i = 0; i < events; i++) {
            socket.out().write(("data: " + i + "\n").getBytes(US_ASCII));
            while (in.read() != '\n') {
              // The client answers each line before the next is sent.
            }
          }
        })) {
      reach(sandbox(), upstream);
      long start = System.nanoTime();
      bash("n=0; while read -r line <&3; do echo $line >&3; n=$((n+1)); done; [ $n = 200 ]");
      Duration took = Duration.ofNanos(System.nanoTime() - start);
      // A delayed acknowledgement would cost 40 ms for each of them.
      assertThat(took).isLessThan(Duration.ofMillis(events * 20L));
    }
  }

  @Test
  void aVanishedClientIsSeenAsAbort() throws Exception {
    CountDownLatch open = new CountDownLatch(1);
    try (Upstream upstream =
        new Upstream(socket -> {
          open.countDown();
          assertThat(socket.in().read()).isEqualTo('?');
          int end = socket.in().read();
          assertThat(end).isEqualTo(-1);
        })) {
      reach(sandbox(), upstream);
      try (Running client = client("printf ? >&3; echo up; exec sleep 1000")) {
        client.awaitOutput("up");
        assertThat(open.await(Running.PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
        long killed = System.nanoTime();
        client.process().signal("KILL");
        assertThat(after(killed, upstream.ending())).isLessThan(ABORT);
      }
    }
  }

  @Test
  void aClientThatVanishesInMidstreamIsSeen() throws Exception {
    try (Upstream upstream =
        new Upstream(socket -> {
          byte[] event = "data: x\n\n".getBytes(US_ASCII);
          while (true) {
            socket.out().write(event);
          }
        })) {
      reach(sandbox(), upstream);
      try (Running client = client("head -c 20000 <&3 | wc -c; exec sleep 1000")) {
        client.awaitOutput("20000");
        long killed = System.nanoTime();
        client.process().signal("KILL");
        Upstream.Ending ending = upstream.ending();
        assertThat(ending.failure()).as("the end of endless writing").isNotNull();
        assertThat(after(killed, ending)).isLessThan(ABORT);
      }
    }
  }

  @Test
  void aResetByTheServiceIsAResetInside() throws Exception {
    try (Upstream upstream =
        new Upstream(socket -> {
          socket.in().read();
          socket.channel().close(); // with something unread, which a Unix socket makes a reset of
        })) {
      reach(sandbox(), upstream);
      try (Running client = client("printf ?? >&3; read -r -N 1 -u 3")) {
        assertThat(client.allError()).containsIgnoringCase("reset by peer");
      }
    }
  }

  @Test
  void aServiceThatIsNotThereIsAResetInside() throws Exception {
    Upstream gone = Upstream.http();
    gone.close();
    reach(sandbox(), gone);
    try (Running client = client("read -r -N 1 -u 3")) {
      assertThat(client.allError()).containsIgnoringCase("reset by peer");
    }
  }

  @Test
  void sixtyFourConnectionsAtOnce() throws Exception {
    CountDownLatch all = new CountDownLatch(64);
    try (Upstream upstream =
        new Upstream(socket -> {
          String head = Upstream.head(socket.in());
          all.countDown();
          join(all); // nobody is answered before everybody is there
          socket.out().write(head.substring(0, 6).getBytes(US_ASCII));
        })) {
      reach(sandbox(), upstream);
      String output =
          Running.output(
              sandbox(),
              script(
                  "for i in $(seq 64); do ("
                      + "exec 3<>/dev/tcp/127.0.0.1/%d; printf '%%06d\\r\\n\\r\\n' $i >&3;"
                          .formatted(Forward.PORT)
                      + " read -r -N 6 line <&3; echo $line) & done; wait"));
      assertThat(output.lines().filter(line -> !line.isBlank()))
          .containsExactlyInAnyOrderElementsOf(
              IntStream.rangeClosed(1, 64).mapToObj("%06d"::formatted).toList());
    }
  }

  private static byte[] reversedHalves(byte[] data) {
    byte[] swapped = new byte[data.length];
    int half = data.length / 2;
    System.arraycopy(data, half, swapped, 0, data.length - half);
    System.arraycopy(data, 0, swapped, data.length - half, half);
    return swapped;
  }

  private static void join(Thread thread) {
    try {
      thread.join();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String sha256(byte[] data) throws Exception {
    return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(data));
  }
}
