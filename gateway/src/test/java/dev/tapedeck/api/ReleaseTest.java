package dev.tapedeck.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tapedeck.api.redaction.Redaction;
import dev.tapedeck.api.redaction.SecretNames;
import dev.tapedeck.api.redaction.SecretSearches;
import dev.tapedeck.event.Frame;
import dev.tapedeck.event.HttpEvent;
import dev.tapedeck.event.SessionId;
import dev.tapedeck.session.Recorder;
import dev.tapedeck.session.Session;
import dev.tapedeck.session.SessionInfo;
import dev.tapedeck.testing.Http;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What an exchange holds of its session it gives back once, also where recording fails. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class ReleaseTest {

  private final Upstream upstream = new Upstream("mine", URI.create("http://127.0.0.1:1"), null);
  private final ApiOptions options =
      ApiOptions.of(
          new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), List.of(upstream), true);
  private final SessionInfo info =
      new SessionInfo(SessionId.create(), "api", "api", "here", Instant.now(), Map.of());
  private final AtomicInteger releases = new AtomicInteger();
  private final AtomicInteger recorded = new AtomicInteger();

  /** A disk that is full for a moment, just when the refusal comes. */
  private final Recorder recorder =
      new Recorder() {
        @Override
        public void started(SessionInfo session) {}

        @Override
        public void record(Frame frame) throws IOException {
          recorded.incrementAndGet();
          if (frame.event() instanceof HttpEvent.Answered) {
            throw new IOException("No space left on device");
          }
        }

        @Override
        public void ended(SessionInfo session, Instant time, String reason) {}
      };

  @Test
  void aRefusalThatIsNotRecordedReleasesOnce() throws Exception {
    Vertx vertx = Vertx.vertx();
    try (var threads = Executors.newCachedThreadPool();
        var timer = Executors.newSingleThreadScheduledExecutor()) {
      Session session = Session.start(info, List.of(recorder), List.of());
      CaptureQueue feed = new CaptureQueue(threads, new Coalescer(timer), () -> session, 1 << 20);
      int port =
          vertx
              .createHttpServer()
              .requestHandler(request -> refuse(vertx, request, feed))
              .listen(0, "127.0.0.1")
              .await(10, TimeUnit.SECONDS)
              .actualPort();
      try (Socket client = new Socket(InetAddress.getLoopbackAddress(), port)) {
        client
            .getOutputStream()
            .write("GET /mine/x HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.UTF_8));
        assertThat(Http.response(client.getInputStream()).line()).contains("503");
      }
      // The track's beginning, then the exchange's, the request's end, three of the refusal.
      await().until(() -> recorded.get() >= 6);
      feed.finish();
      vertx.close().await(10, TimeUnit.SECONDS);
      assertThat(releases).hasValue(1);
    }
  }

  private void refuse(Vertx vertx, HttpServerRequest request, CaptureQueue feed) {
    new Relay(
            vertx.getOrCreateContext(),
            new Clients(vertx, options),
            options,
            request,
            Headers.list(request.headers()),
            new Routes(List.of(upstream)).of("/mine/x", List.of(), () -> upstream),
            new ApiSessions.Place(info, feed, releases::incrementAndGet),
            new Redaction(new SecretSearches(), new SecretNames(List.of())))
        .refuse(Refusal.noSession());
  }
}
