package dev.tapedeck.api.replay;

import dev.tapedeck.api.redaction.SecretNames;
import dev.tapedeck.event.HttpHeader;
import dev.tapedeck.formats.har.HarField;
import dev.tapedeck.formats.har.HarWire;
import dev.tapedeck.formats.json.Json;
import dev.tapedeck.formats.json.Json.Obj;
import dev.tapedeck.formats.llm.Protocol;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Serves a HAR: each request is answered as the same request was answered in it. */
public final class Replay implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Replay.class);

  /** A longer request is in no recording. */
  private static final int MAX_BODY_BYTES = 256 * 1024 * 1024;

  private static final int MAX_HEAD_BYTES = 256 * 1024;
  private static final long START_SECONDS = 10;
  private static final long INTERNAL_ERROR = 2;
  private static final int NOT_FOUND = 404;

  private static final int FIRST_FINAL = 200;
  private static final int LAST_FINAL = 999;

  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9!#$%&'*+.^_`|~-]+");
  private static final Pattern LINE = Pattern.compile("(?<!\\r)\\n");
  private static final Pattern BREAKS = Pattern.compile("\\r\\n|[\\p{Cntrl}&&[^\\t]]");

  private static final Set<String> OF_THE_CONNECTION =
      Set.of("connection", "keep-alive", "transfer-encoding", "content-length", "upgrade", "te");

  private final Recorded recorded;
  private final boolean fast;
  private final Vertx vertx = Vertx.vertx();
  private @Nullable HttpServer server;

  private Replay(Recorded recorded, boolean fast) {
    this.recorded = recorded;
    this.fast = fast;
  }

  /**
   * Reads a HAR and listens.
   *
   * @param fast whether streams come at once, and not at the pace of the recording
   * @param names what credentials are called: those that were taken out make no difference
   * @throws IOException in a sentence, if the file is no HAR or the address cannot be had
   */
  public static Replay start(Path har, InetSocketAddress listen, boolean fast, SecretNames names)
      throws IOException {
    Replay replay = new Replay(Recorded.open(har, names), fast);
    HttpServerOptions options =
        new HttpServerOptions()
            .setHost(listen.getAddress().getHostAddress())
            .setPort(listen.getPort())
            .setMaxInitialLineLength(MAX_HEAD_BYTES)
            .setMaxHeaderSize(MAX_HEAD_BYTES)
            .setTcpNoDelay(true);
    try {
      HttpServer made = replay.vertx.createHttpServer(options).requestHandler(replay::handle);
      replay.server = made;
      made.listen().await(START_SECONDS, TimeUnit.SECONDS);
      return replay;
    } catch (TimeoutException | RuntimeException e) {
      replay.close();
      Throwable cause = e.getCause() == null ? e : e.getCause();
      throw new IOException(
          "cannot listen on "
              + listen.getHostString()
              + ":"
              + listen.getPort()
              + ": "
              + cause.getMessage(),
          e);
    }
  }

  /** As {@link #start(Path, InetSocketAddress, boolean, SecretNames)}, with the usual names. */
  public static Replay start(Path har, InetSocketAddress listen, boolean fast) throws IOException {
    return start(har, listen, fast, SecretNames.USUAL);
  }

  /** The port that it listens on. */
  public int port() {
    HttpServer listening = server;
    if (listening == null) {
      throw new IllegalStateException("not started");
    }
    return listening.actualPort();
  }

  /** How many exchanges there are to answer from. */
  public int size() {
    return recorded.size();
  }

  private void handle(HttpServerRequest request) {
    long began = System.nanoTime();
    Context context = vertx.getOrCreateContext();
    Buffer body = Buffer.buffer();
    request.handler(data -> {
      if (body.length() + data.length() > MAX_BODY_BYTES) {
        request.response().setStatusCode(413).end();
        request.handler(null);
      } else {
        body.appendBuffer(data);
      }
    });
    request.endHandler(_ ->
        context
            .executeBlocking(() -> find(request, body.getBytes()))
            .onSuccess(hit -> {
              if (hit.isPresent()) {
                answer(request.response(), hit.get(), began);
              } else {
                miss(request, asked(request, body.getBytes()));
              }
            })
            .onFailure(e -> {
              LOG.error("The recording cannot be read: {}", e.getMessage());
              request.response().reset(INTERNAL_ERROR);
            }));
  }

  private static Asked asked(HttpServerRequest request, byte[] body) {
    List<HttpHeader> headers = new ArrayList<>();
    request.headers().forEach((name, value) -> headers.add(new HttpHeader(name, value)));
    return Asked.of(request.method().name(), request.uri(), headers, body);
  }

  private Optional<Reply> find(HttpServerRequest request, byte[] body) throws IOException {
    Asked asked = asked(request, body);
    return recorded
        .find(asked)
        .map(hit ->
            Reply.of(hit, asked.target(), asked.plain(), request.getHeader("accept-encoding")));
  }

  /** A recording of others may hold what no server can send: then the client shall not wait. */
  private void answer(HttpServerResponse to, Reply reply, long began) {
    try {
      new Answer(to, reply, began).start();
    } catch (RuntimeException e) {
      LOG.error("A recorded answer cannot be sent: {}", e.getMessage());
      to.reset(INTERNAL_ERROR);
    }
  }

  private void miss(HttpServerRequest request, Asked asked) {
    vertx
        .executeBlocking(() -> sentence(asked))
        .onSuccess(sentence -> {
          LOG.warn(sentence);
          request
              .response()
              .setStatusCode(NOT_FOUND)
              .putHeader("content-type", "application/json")
              .putHeader("x-should-retry", "false")
              .end(Buffer.buffer(error(request.uri(), sentence).bytes()));
        })
        .onFailure(_ -> request.response().reset(INTERNAL_ERROR));
  }

  /** Without credentials, for it goes into the log. */
  private String sentence(Asked asked) throws IOException {
    Recorded.Nearest nearest = recorded.nearest(asked);
    return "tapedeck replay: nothing was recorded for "
        + asked.method()
        + " "
        + recorded.question(asked).shown()
        + (nearest == null
            ? "; the recording is empty"
            : "; the nearest is entry " + nearest.index() + ": " + nearest.difference());
  }

  /** In the shape of the API that was asked, so that its clients show the sentence. */
  private static Obj error(String target, String sentence) {
    Obj error = new Obj().put("type", "not_found_error").put("message", sentence);
    return switch (Protocol.of(target)) {
      case ANTHROPIC_MESSAGES, UNKNOWN -> new Obj().put("type", "error").put("error", error);
      case OPENAI_CHAT,
          OPENAI_RESPONSES,
          OPENAI_COMPLETIONS,
          OPENAI_EMBEDDINGS,
          OPENAI_IMAGES,
          OPENAI_MODERATIONS ->
          new Obj().put("error", error.put("param", Json.Null.NULL).put("code", Json.Null.NULL));
      case OLLAMA_CHAT, OLLAMA_GENERATE, OLLAMA_EMBED -> new Obj().put("error", sentence);
      case GEMINI ->
          new Obj()
              .put(
                  "error",
                  new Obj()
                      .put("code", NOT_FOUND)
                      .put("message", sentence)
                      .put("status", "NOT_FOUND"));
    };
  }

  /** One answer on its way. */
  private final class Answer {

    private final HttpServerResponse to;
    private final Reply reply;
    private final long began;
    private final HarWire.Sent body;
    private int chunk;
    private int sent;

    Answer(HttpServerResponse to, Reply reply, long began) {
      this.to = to;
      this.reply = reply;
      this.began = began;
      this.body = reply.body();
    }

    void start() {
      if (reply.status() < FIRST_FINAL || reply.status() > LAST_FINAL) {
        to.reset(INTERNAL_ERROR);
        return;
      }
      to.setStatusCode(reply.status());
      if (!reply.reason().isEmpty()) {
        to.setStatusMessage(BREAKS.matcher(reply.reason()).replaceAll(" "));
      }
      for (HarField field : reply.headers()) {
        if (NAME.matcher(field.name()).matches()
            && !OF_THE_CONNECTION.contains(field.name().toLowerCase(Locale.ROOT))) {
          // Browsers write several fields of one name as one, with a line for each.
          for (String value : LINE.split(field.value(), -1)) {
            to.headers().add(field.name(), BREAKS.matcher(value).replaceAll(" "));
          }
        }
      }
      if (body.chunks().length == 0) {
        to.end(Buffer.buffer(body.bytes()));
        return;
      }
      to.setChunked(true);
      next();
    }

    /** Sends what is due, and comes back when more is. */
    private void next() {
      long[] chunks = body.chunks();
      while (chunk + 1 < chunks.length) {
        long wait =
            fast
                ? 0
                : TimeUnit.MICROSECONDS.toMillis(chunks[chunk])
                    - TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began);
        if (wait > 0) {
          vertx.setTimer(wait, _ -> next());
          return;
        }
        if (to.closed()) {
          return;
        }
        int length = (int) Math.min(chunks[chunk + 1], body.bytes().length - sent);
        to.write(Buffer.buffer().appendBytes(body.bytes(), sent, length));
        sent += length;
        chunk += 2;
      }
      finish();
    }

    private void finish() {
      if (sent < body.bytes().length) {
        to.write(Buffer.buffer().appendBytes(body.bytes(), sent, body.bytes().length - sent));
      }
      if (reply.cut()) {
        to.reset(INTERNAL_ERROR);
      } else {
        to.end();
      }
    }
  }

  @Override
  public void close() {
    try {
      vertx.close().await(START_SECONDS, TimeUnit.SECONDS);
    } catch (TimeoutException | RuntimeException e) {
      LOG.warn("The replay did not close well: {}", e.getMessage());
    }
  }
}
