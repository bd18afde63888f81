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
    @Nullable String error) {

  public HarExchange {
    headers = List.copyOf(headers);
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
