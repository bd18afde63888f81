package dev.tapedeck.formats.har;

import dev.tapedeck.formats.llm.StreamEnd;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One exchange as it passed, what an entry is made of.
 *
 * @param number unique within the recording
 * @param url absolute
 * @param version {@code HTTP/1.1} or {@code HTTP/2}
 * @param answer null if none came
 * @param end how it ended, as far as HTTP tells
 * @param error what went wrong, in a sentence; null if nothing did
 * @param beside what few have
 */
public record HarExchange(
    long number,
    Instant started,
    String upstream,
    String method,
    String url,
    String version,
    List<HarField> headers,
    HarBody body,
    @Nullable Answer answer,
    Times times,
    StreamEnd end,
    @Nullable String error,
    Beside beside) {

  public HarExchange {
    headers = List.copyOf(headers);
  }

  /** One with nothing beside it. */
  public HarExchange(
      long number,
      Instant started,
      String upstream,
      String method,
      String url,
      String version,
      List<HarField> headers,
      HarBody body,
      @Nullable Answer answer,
      Times times,
      StreamEnd end,
      @Nullable String error) {
    this(
        number,
        started,
        upstream,
        method,
        url,
        version,
        headers,
        body,
        answer,
        times,
        end,
        error,
        Beside.NOTHING);
  }

  /**
   * What few exchanges have.
   *
   * @param requestTrailers fields behind the request's body
   * @param responseTrailers fields behind the response's body
   * @param interims interim answers, in order
   * @param resent whether the request was sent once more, on a new connection
   */
  public record Beside(
      List<HarField> requestTrailers,
      List<HarField> responseTrailers,
      List<Interim> interims,
      boolean resent) {

    public static final Beside NOTHING = new Beside(List.of(), List.of(), List.of(), false);

    public Beside {
      requestTrailers = List.copyOf(requestTrailers);
      responseTrailers = List.copyOf(responseTrailers);
      interims = List.copyOf(interims);
    }
  }

  /** An interim answer (1xx). */
  public record Interim(int status, List<HarField> headers) {

    public Interim {
      headers = List.copyOf(headers);
    }
  }

  /** What came back. */
  public record Answer(
      int status, String reason, String version, List<HarField> headers, HarBody body) {

    public Answer {
      headers = List.copyOf(headers);
    }
  }

  /**
   * How long the parts took, in nanoseconds; -1 for what did not happen.
   *
   * @param blocked waiting for a connection that was there
   * @param connect making a connection
   * @param send until the request's last byte
   * @param await from there to the response's first byte
   * @param receive from there to the last byte
   */
  public record Times(long blocked, long connect, long send, long await, long receive) {

    private static final double NANOS_PER_MILLI = 1e6;

    static double millis(long nanos) {
      return nanos < 0 ? -1 : Math.round(nanos / 1e3) / (NANOS_PER_MILLI / 1e3);
    }

    /** The sum of what happened, in milliseconds. */
    double total() {
      long sum = 0;
      for (long part : new long[] {blocked, connect, send, await, receive}) {
        sum += Math.max(0, part);
      }
      return millis(sum);
    }
  }
}
