package dev.tapedeck.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tapedeck.formats.llm.MessageStream;
import dev.tapedeck.formats.llm.Protocol;
import dev.tapedeck.formats.llm.StreamEnd;
import dev.tapedeck.formats.sse.SseDecoder;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Blackhole;

/**
 * A streamed answer of Anthropic's Messages: its events, and the message rebuilt of them, decoding
 * included. One operation is one event; {@code streamMegabytes} is how much of the stream's bytes
 * went in, in 10^6 bytes per second. The target is 300.
 */
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class MessageStreamBenchmark {

  /** Deltas of one stream. Five more events stand around them. */
  private static final int DELTAS = 3995;

  private static final int EVENTS = DELTAS + 5;

  /** What the deltas bring. */
  public enum Deltas {
    /** A token of text each, padded as Anthropic does it. */
    TEXT,
    /** Text with line ends and quotes. */
    ESCAPED,
    /** Russian and emoji. */
    UTF8,
    /** A tool's input, quotes and all, which is parsed at its end. */
    TOOL,
    /** Text in a shape that differs by a blank, which has to be parsed as JSON. */
    PARSED
  }

  /** One stream, as it arrives from a socket. */
  @State(Scope.Thread)
  public static class Stream {
    @Param public Deltas deltas = Deltas.TEXT;

    @Param({"512", "16384"})
    public int chunk;

    private byte[] bytes = new byte[0];

    @Setup
    public void fill() {
      StringBuilder wire = new StringBuilder();
      event(
          wire,
          "message_start",
          "\"message\":{\"id\":\"msg_01\",\"type\":\"message\",\"role\":\"assistant\",\"content\":[],"
              + "\"model\":\"claude\",\"stop_reason\":null,\"usage\":{\"input_tokens\":9,\"output_tokens\":1}}");
      event(wire, "content_block_start", "\"index\":0,\"content_block\":" + block());
      for (int i = 0; i < DELTAS; i++) {
        event(wire, "content_block_delta", "\"index\":0,\"delta\":" + delta(i));
      }
      event(wire, "content_block_stop", "\"index\":0");
      event(
          wire,
          "message_delta",
          "\"delta\":{\"stop_reason\":\"end_turn\"},\"usage\":{\"output_tokens\":4000}");
      event(wire, "message_stop", "\"x\":0");
      bytes = wire.toString().getBytes(UTF_8);
    }

    private void event(StringBuilder wire, String type, String members) {
      String blank = deltas == Deltas.PARSED ? " " : "";
      wire.append("event: ").append(type).append("\ndata: {").append(blank);
      wire.append("\"type\":\"").append(type).append("\",").append(members).append("}\n\n");
    }

    private String block() {
      return deltas == Deltas.TOOL
          ? "{\"type\":\"tool_use\",\"id\":\"t\",\"name\":\"Write\",\"input\":{}}"
          : "{\"type\":\"text\",\"text\":\"\"}";
    }

    private String delta(int i) {
      String number = String.format(Locale.ROOT, "%04d", i);
      return switch (deltas) {
        case TEXT, PARSED -> "{\"type\":\"text_delta\",\"text\":\" line " + number + " of\"}      ";
        case ESCAPED -> "{\"type\":\"text_delta\",\"text\":\" \\\"" + number + "\\\",\\n  of\"}";
        case UTF8 -> "{\"type\":\"text_delta\",\"text\":\" строка " + number + " 🚀\"}";
        case TOOL ->
            "{\"type\":\"input_json_delta\",\"partial_json\":\"" + input(i, number) + "\"}";
      };
    }

    private static String input(int i, String number) {
      String open = i == 0 ? "{\\\"lines\\\": [" : ", ";
      return open + "\\\"line " + number + "\\\"" + (i == DELTAS - 1 ? "]}" : "");
    }
  }

  /** Bytes counted beside events. */
  @AuxCounters
  @State(Scope.Thread)
  public static class Bytes {
    private long in;

    public double streamMegabytes() {
      return in / 1e6;
    }

    @Setup(Level.Iteration)
    public void reset() {
      in = 0;
    }
  }

  @Benchmark
  @OperationsPerInvocation(EVENTS)
  public long decode(Stream stream, Bytes bytes, Blackhole hole) {
    SseDecoder decoder = new SseDecoder(hole::consume);
    for (int at = 0; at < stream.bytes.length; at += stream.chunk) {
      decoder.feed(stream.bytes, at, Math.min(stream.chunk, stream.bytes.length - at));
    }
    bytes.in += stream.bytes.length;
    return decoder.events();
  }

  @Benchmark
  @OperationsPerInvocation(EVENTS)
  public Object rebuild(Stream stream, Bytes bytes) {
    MessageStream message = MessageStream.of(Protocol.ANTHROPIC_MESSAGES).orElseThrow();
    for (int at = 0; at < stream.bytes.length; at += stream.chunk) {
      message.feed(stream.bytes, at, Math.min(stream.chunk, stream.bytes.length - at), at);
    }
    bytes.in += stream.bytes.length;
    return message.finish(StreamEnd.COMPLETE);
  }
}
