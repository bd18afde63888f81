package dev.tapedeck.api;

import dev.tapedeck.event.Bytes;
import dev.tapedeck.event.HttpEvent;
import io.netty.buffer.Unpooled;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.internal.buffer.BufferInternal;

/** What heads of messages say of their bodies and versions (RFC 9110 and 9112). */
final class Messages {

  /** HTTP/2's error code for what nobody wants any more (RFC 9113, section 7). */
  static final long CANCEL = 8;

  static final long INTERNAL_ERROR = 2;

  private Messages() {}

  /** Whether the client sends a body: HTTP/1 says so, HTTP/2 only by what comes. */
  static boolean hasBody(HttpServerRequest in) {
    if (in.getHeader("content-length") != null) {
      return true;
    }
    return switch (in.version()) {
      case HTTP_1_0, HTTP_1_1 -> in.getHeader("transfer-encoding") != null;
      case HTTP_2, HTTP_3 ->
          switch (in.method().name()) {
            case "GET", "HEAD", "DELETE", "OPTIONS" -> false;
            default -> true;
          };
    };
  }

  /** Whether a client sends its body only when it is told to. */
  static boolean waits(HttpServerRequest in) {
    return "100-continue".equalsIgnoreCase(in.getHeader("expect"));
  }

  /** The same bytes for the network, uncopied. */
  static Buffer buffer(Bytes data) {
    return BufferInternal.buffer(
        Unpooled.wrappedBuffer(data.array(), data.offset(), data.length()));
  }

  /** Lets the rest of a request go by that nobody wants. */
  static void discard(HttpServerRequest in) {
    in.handler(null);
    in.resume();
  }

  /** Whether an answer of that status may have a body. */
  static boolean answerHasBody(HttpMethod method, int status) {
    return !method.name().equals("HEAD") && status != 204 && status != 304;
  }

  /**
   * Begins a request to the upstream, but for its header fields.
   *
   * @return whether it has a body
   */
  static boolean beginRequest(HttpServerRequest in, HttpClientRequest out) {
    boolean body = hasBody(in);
    if (body && in.getHeader("content-length") == null) {
      out.setChunked(true);
    }
    return body;
  }

  /**
   * Begins the answer to the client, but for its header fields.
   *
   * @param method what was asked
   * @return whether it has a body
   */
  static boolean beginAnswer(HttpMethod method, HttpEvent.Answered head, HttpServerResponse to) {
    to.setStatusCode(head.status());
    if (head.version().startsWith("HTTP/1")) {
      to.setStatusMessage(head.reason());
    }
    boolean body = answerHasBody(method, head.status());
    if (body && Headers.first(head.headers(), "content-length") == null) {
      to.setChunked(true);
    }
    return body;
  }

  /** HTTP/2 has no reason phrases; the library makes some up. */
  static String reason(HttpClientResponse response) {
    boolean written =
        response.version() == HttpVersion.HTTP_1_1 || response.version() == HttpVersion.HTTP_1_0;
    String message = response.statusMessage();
    return written && message != null ? message : "";
  }

  static String version(HttpVersion version) {
    return switch (version) {
      case HTTP_1_0 -> "HTTP/1.0";
      case HTTP_1_1 -> "HTTP/1.1";
      case HTTP_2 -> "HTTP/2";
      case HTTP_3 -> "HTTP/3";
    };
  }
}
