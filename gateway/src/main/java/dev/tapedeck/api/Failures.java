package dev.tapedeck.api;

import dev.tapedeck.event.HttpEvent.End;
import io.vertx.core.http.HttpClosedException;
import io.vertx.core.http.StreamResetException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;

/** What went wrong with an upstream, in words and in kinds. */
final class Failures {

  private Failures() {}

  static End end(Throwable why) {
    return switch (why) {
      case StreamResetException _ -> End.UPSTREAM_RESET;
      case HttpClosedException _ -> End.UPSTREAM_EOF;
      case TimeoutException _ -> End.TIMEOUT;
      case ConnectException _, UnknownHostException _, SSLException _ -> End.ERROR;
      case IOException _ -> End.UPSTREAM_RESET;
      default -> End.ERROR;
    };
  }

  static String words(Throwable why) {
    String message = why.getMessage();
    return switch (why) {
      case UnknownHostException _ -> "its name is not known";
      case HttpClosedException _ -> "it closed the connection before its answer was whole";
      case StreamResetException reset -> "it reset the stream with code " + reset.getCode();
      case SSLException _ -> "TLS failed: " + message;
      default -> message == null ? why.getClass().getSimpleName() : message;
    };
  }
}
