package dev.tapedeck.cli.rehearsal;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;

/** The API gateway's part of the piece: a model's API, and who asks it. */
final class Models implements AutoCloseable {

  /** How long one answer may take. */
  private static final Duration PART = Duration.ofSeconds(15);

  /** Enough for the compiler to take notice of every method on the way. */
  private static final int MESSAGES = 500;

  private static final int STREAMS = 16;
  private static final int EVENTS = 200;

  /** So many ask at once. */
  private static final int CLIENTS = 8;

  private static final String MESSAGE =
      """
      {"id":"msg_1","type":"message","role":"assistant","model":"claude-rehearsal","content":[%s],\
      "stop_reason":%s,"stop_sequence":null,"usage":{"input_tokens":12,"output_tokens":3}}\
      """;

  private static final String TEXT = "{\"type\":\"text\",\"text\":\"Two files.\"}";

  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

  Models() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext("/", Models::answer);
    server.start();
  }

  /** Where the model's API is. */
  String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  private static void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      String asked = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
      if (asked.contains("\"stream\":true")) {
        stream(exchange);
      } else {
        byte[] message = MESSAGE.formatted(TEXT, "\"end_turn\"").getBytes(UTF_8);
        exchange.getResponseHeaders().set("content-type", "application/json");
        exchange.sendResponseHeaders(200, message.length);
        exchange.getResponseBody().write(message);
      }
    }
  }

  private static void stream(HttpExchange exchange) throws IOException {
    exchange.getResponseHeaders().set("content-type", "text/event-stream; charset=utf-8");
    exchange.sendResponseHeaders(200, 0);
    OutputStream out = exchange.getResponseBody();
    event(out, "message_start", "\"message\":" + MESSAGE.formatted("", "null"));
    event(
        out,
        "content_block_start",
        "\"index\":0,\"content_block\":{\"type\":\"text\",\"text\":\"\"}");
    for (int i = 0; i < EVENTS; i++) {
      event(
          out,
          "content_block_delta",
          "\"index\":0,\"delta\":{\"type\":\"text_delta\",\"text\":\" word%d\\n\"}".formatted(i));
    }
    event(out, "content_block_stop", "\"index\":0");
    event(
        out,
        "message_delta",
        "\"delta\":{\"stop_reason\":\"end_turn\"},\"usage\":{\"output_tokens\":200}");
    out.write("event: message_stop\ndata: {\"type\":\"message_stop\"}\n\n".getBytes(UTF_8));
  }

  private static void event(OutputStream out, String type, String members) throws IOException {
    out.write(
        "event: %s\ndata: {\"type\":\"%s\",%s}\n\n".formatted(type, type, members).getBytes(UTF_8));
    out.flush();
  }

  /** Messages, then streams, several at a time. */
  void play(URI gateway) throws InterruptedException {
    try (HttpClient client =
        HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(PART).build()) {
      Semaphore places = new Semaphore(CLIENTS);
      for (int i = 0; i < MESSAGES + STREAMS; i++) {
        places.acquire();
        client
            .sendAsync(request(gateway, i), HttpResponse.BodyHandlers.ofByteArray())
            .whenComplete((_, _) -> places.release());
      }
      places.acquire(CLIENTS);
    }
  }

  private static HttpRequest request(URI gateway, int number) {
    return HttpRequest.newBuilder(gateway.resolve("/v1/messages?beta=true"))
        .timeout(PART)
        .header("content-type", "application/json")
        .header("anthropic-version", "2023-06-01")
        .header("x-api-key", "sk-ant-rehearsal-0123456789abcdef")
        .POST(HttpRequest.BodyPublishers.ofString(question(number)))
        .build();
  }

  private static String question(int number) {
    return """
    {"model":"claude-rehearsal","max_tokens":64,"stream":%b,"system":"Be brief.","messages":[\
    {"role":"user","content":"Take %d."},{"role":"assistant","content":[{"type":"text","text":\
    "Let me see."},{"type":"tool_use","id":"toolu_1","name":"bash","input":{"command":"ls"}}]},\
    {"role":"user","content":[{"type":"tool_result","tool_use_id":"toolu_1","content":"a b"}]}]}\
    """
        .formatted(number >= MESSAGES, number);
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdown();
  }
}
