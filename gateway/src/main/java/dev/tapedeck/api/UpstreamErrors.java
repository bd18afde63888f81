package dev.tapedeck.api;

import dev.tapedeck.event.HttpEvent.End;
import io.netty.handler.ssl.NotSslRecordException;
import io.vertx.core.http.HttpClosedException;
import io.vertx.core.http.StreamResetException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** What went wrong with an upstream, in words and in kinds. */
final class UpstreamErrors {

  /** An answer that is none. */
  static final class NoAnswer extends IOException {
    private static final long serialVersionUID = 1L;

    NoAnswer(String words) {
      super(words);
    }
  }

  private UpstreamErrors() {}

  /** Whether somebody was there, though it came to nothing. */
  static boolean reached(Throwable why) {
    return why instanceof SSLException
        || why instanceof HttpClosedException
        || why instanceof StreamResetException;
  }

  /** Whether the connection was closed, and nothing else was wrong with it. */
  static boolean closed(Throwable why) {
    return why instanceof HttpClosedException
        || (why instanceof IOException
            && !(why instanceof NoAnswer)
            && !(why instanceof SSLException));
  }

  static End end(Throwable why) {
    return switch (why) {
      case StreamResetException _ -> End.UPSTREAM_RESET;
      case HttpClosedException _ -> End.UPSTREAM_EOF;
      case TimeoutException _ -> End.TIMEOUT;
      case ConnectException _, UnknownHostException _, SSLException _ -> End.ERROR;
      case NoAnswer _ -> End.ERROR;
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
      case SSLException failed -> tls(failed);
      default -> message == null ? why.getClass().getSimpleName() : message;
    };
  }

  /** What says why lies below what the libraries say of it, and the last to say is the plainest. */
  private static String tls(SSLException failed) {
    String words = "TLS failed: " + failed.getMessage();
    String found = null;
    for (Throwable cause = failed; cause != null; cause = cause.getCause()) {
      String plain = plain(cause);
      found = plain == null ? found : plain;
      if (cause instanceof SSLException) {
        words = "TLS failed: " + cause.getMessage();
      }
    }
    return found == null ? words : found;
  }

  private static @Nullable String plain(Throwable cause) {
    String message = String.valueOf(cause.getMessage());
    return switch (cause) {
      case NotSslRecordException _ -> "it does not speak TLS";
      case CertificateExpiredException _ -> "its certificate has expired (" + message + ")";
      case CertificateNotYetValidException _ ->
          "its certificate is not valid yet (" + message + ")";
      case CertPathBuilderException _ ->
          "no authority that is trusted has signed its certificate; api.upstreams.NAME.ca says"
              + " which are";
      // The JDK has no type of its own for a host that is not among the certificate's.
      case CertificateException _
          when message.matches("No (subject alternative|name matching).*") ->
          "its certificate is for another host (" + message + ")";
      default -> null;
    };
  }
}
