package dev.tapedeck.event;

import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Something that happened to one HTTP exchange of an API track.
 *
 * <p>Each exchange begins with one {@link Requested} and ends with one {@link Finished}; nothing of
 * it comes before the one or after the other. Between them, each at most once and mostly in this
 * order: {@link Connected}, {@link BodyEnded} of the request, {@link Answered}, {@link BodyEnded}
 * of the response; {@link Trailers} before the end of their body; and any number of {@link Body},
 * {@link Missing} and {@link Interim}. An upstream may answer before it has the whole request.
 * {@link Connected} comes a second time where the request was sent once more, on a new connection,
 * since the kept one was closed.
 *
 * <p>What is in these events has been redacted.
 */
public sealed interface HttpEvent extends Event {

  /** From 1, unique within the session. */
  long exchange();

  /**
   * A client asks.
   *
   * @param time by the wall clock
   * @param upstream the name under which the upstream is configured
   * @param url where the request goes: absolute, at the upstream
   * @param version {@code HTTP/1.1} or {@code HTTP/2}
   * @param headers as the client sent them
   */
  record Requested(
      long exchange,
      Instant time,
      String upstream,
      String method,
      String url,
      String version,
      List<HttpHeader> headers)
      implements HttpEvent {

    public Requested {
      headers = List.copyOf(headers);
    }
  }

  /**
   * There is a connection to the upstream.
   *
   * @param reused whether it was there before; if not, it was made since {@link Requested}
   */
  record Connected(long exchange, boolean reused) implements HttpEvent {}

  /**
   * The upstream answers, or the gateway does in its place.
   *
   * @param reason the status line's text; empty where there is none
   */
  record Answered(
      long exchange, int status, String reason, String version, List<HttpHeader> headers)
      implements HttpEvent {

    public Answered {
      headers = List.copyOf(headers);
    }
  }

  /**
   * Bytes of a body, as they came.
   *
   * @param plain whether these are no longer the bytes on the wire but what they stood for, content
   *     codings undone and secrets taken out; once true for a body, it stays true for the rest
   */
  record Body(long exchange, Side side, Bytes data, boolean plain) implements HttpEvent {}

  /**
   * Bytes of a body that passed and were not kept.
   *
   * @param reason in a few words
   * @param gap whether they should have been; false for what is left out on purpose
   */
  record Missing(long exchange, Side side, long bytes, String reason, boolean gap)
      implements HttpEvent {}

  /** An interim answer (1xx) of the upstream, which ends at the gateway. */
  record Interim(long exchange, int status, List<HttpHeader> headers) implements HttpEvent {

    public Interim {
      headers = List.copyOf(headers);
    }
  }

  /** Fields behind a body. */
  record Trailers(long exchange, Side side, List<HttpHeader> headers) implements HttpEvent {

    public Trailers {
      headers = List.copyOf(headers);
    }
  }

  /**
   * A body has passed whole.
   *
   * @param bytes how many there were on the wire
   */
  record BodyEnded(long exchange, Side side, long bytes) implements HttpEvent {}

  /**
   * The exchange is over.
   *
   * @param error what went wrong, in a sentence; null if nothing did
   */
  record Finished(long exchange, End end, @Nullable String error) implements HttpEvent {}

  /** Whose body. */
  enum Side {
    REQUEST,
    RESPONSE
  }

  /** How an exchange ended, as far as HTTP tells. The lower-case names are what scripts see. */
  enum End {
    /** The response came whole. */
    COMPLETE,
    /** The upstream could not be reached, or its answer was no HTTP. */
    ERROR,
    /** The upstream closed the connection before the response was whole. */
    UPSTREAM_EOF,
    /** The upstream tore the connection down. */
    UPSTREAM_RESET,
    /** The client went away. */
    CLIENT_ABORT,
    /** Nothing came for as long as the gateway waits. */
    TIMEOUT;

    /** The name that scripts see. */
    public String label() {
      return name().toLowerCase(Locale.ROOT);
    }
  }
}
