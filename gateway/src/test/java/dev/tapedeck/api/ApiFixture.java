package dev.tapedeck.api;

import static org.awaitility.Awaitility.await;

import dev.tapedeck.event.HttpEvent;
import dev.tapedeck.event.HttpEvent.Side;
import dev.tapedeck.session.Session;
import dev.tapedeck.session.SessionTokens;
import dev.tapedeck.testing.Frames;
import dev.tapedeck.testing.Http;
import dev.tapedeck.testing.ScriptedUpstream;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;

/** An API gateway in front of a scripted upstream, recording into memory. */
final class ApiFixture implements AutoCloseable {

  final ScriptedUpstream upstream;
  final Frames frames = new Frames();
  final SessionTokens tokens = new SessionTokens();
  final ApiGateway gateway;

  ApiFixture(ScriptedUpstream.Script script) throws IOException {
    this(script, options -> options);
  }

  ApiFixture(ScriptedUpstream.Script script, UnaryOperator<ApiOptions> change) throws IOException {
    this(ScriptedUpstream.start(script), change);
  }

  ApiFixture(ScriptedUpstream upstream) throws IOException {
    this(upstream, options -> options);
  }

  ApiFixture(ScriptedUpstream upstream, UnaryOperator<ApiOptions> change) throws IOException {
    this.upstream = upstream;
    ApiOptions options =
        ApiOptions.of(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
            List.of(
                new Upstream("anthropic", upstream.url(), null),
                new Upstream("openai", upstream.url(), () -> "sk-injected-0123456789")),
            false);
    gateway =
        new ApiGateway(
            change.apply(options), info -> Session.start(info, List.of(frames), List.of()), tokens);
    gateway.start();
  }

  static ApiOptions limits(ApiOptions from, long capture, long queue, Duration idle) {
    return from.with(from.limits().withBodies(capture, queue, idle));
  }

  static ApiOptions strict(ApiOptions from) {
    return ApiOptions.of(from.listen(), from.upstreams(), true);
  }

  static ApiOptions named(ApiOptions from, String sessionHeader) {
    return from.withSessionHeader(sessionHeader);
  }

  /** A client's connection to the gateway. */
  static final class Client implements Closeable {
    final Socket socket;
    final InputStream in;

    Client(InetSocketAddress to) throws IOException {
      socket = new Socket(to.getAddress(), to.getPort());
      socket.setSoTimeout((int) TimeUnit.SECONDS.toMillis(20));
      in = new BufferedInputStream(socket.getInputStream());
    }

    Client send(String text) throws IOException {
      return send(text.replace("\n", "\r\n").getBytes(StandardCharsets.UTF_8));
    }

    Client send(byte[] bytes) throws IOException {
      socket.getOutputStream().write(bytes);
      return this;
    }

    Http.Message response() throws IOException {
      return Http.response(in);
    }

    @Override
    public void close() throws IOException {
      socket.close();
    }
  }

  Client client() throws IOException {
    return new Client(gateway.address());
  }

  /** Sends one request and takes its answer. */
  Http.Message ask(String request) throws IOException {
    try (Client client = client()) {
      return client.send(request).response();
    }
  }

  /** The ends of the first {@code count} exchanges, once they are recorded. */
  List<HttpEvent.Finished> finished(int count) {
    return await()
        .atMost(20, TimeUnit.SECONDS)
        .until(
            () -> frames.events(HttpEvent.Finished.class).toList(), ends -> ends.size() >= count);
  }

  /** What was recorded of an exchange's body. */
  String body(long exchange, Side side) {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    frames
        .events(HttpEvent.Body.class)
        .filter(part -> part.exchange() == exchange && part.side() == side)
        .forEach(part -> body.writeBytes(part.data().toArray()));
    return body.toString(StandardCharsets.UTF_8);
  }

  @Override
  public void close() throws IOException {
    gateway.close();
    upstream.close();
  }
}
