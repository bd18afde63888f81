package dev.tapedeck.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tapedeck.formats.cast.CastEncoder;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * From terminal bytes to the line of a cast. One operation is one event; {@code inputMegabytes} is
 * how much of the terminal's bytes went in, in 10^6 bytes per second, {@code lineMegabytes} how
 * much of the recording came out. The target is 300 of input on log and ANSI text.
 */
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class CastEncoderBenchmark {

  private static final int TEXT_BYTES = 8 << 20;
  private static final long EVENT_NANOS = 1_000_000;

  /** What a terminal shows. */
  public enum Text {
    /** Plain lines of about 80 characters. */
    LOG,
    /** The same length, every word in a colour of its own. */
    ANSI,
    /** Russian, Chinese and emoji. */
    UTF8
  }

  /** Bytes per event. */
  @State(Scope.Thread)
  public static class Terminal {
    @Param public Text text = Text.LOG;

    @Param({"4096", "32768"})
    public int chunk;

    private final CastEncoder encoder = new CastEncoder();
    private byte[] bytes = new byte[0];
    private int at;
    private long time;

    @Setup
    public void fill() {
      StringBuilder all = new StringBuilder();
      for (int i = 0; all.length() < TEXT_BYTES; i++) {
        all.append(line(text, i));
      }
      bytes = all.toString().getBytes(UTF_8);
    }

    private static String line(Text text, int i) {
      String pattern =
          switch (text) {
            case LOG ->
                "2026-11-21T13:47:21.%06dZ INFO  worker-07 GET /v1/items/%08d took 12 ms\r\n";
            case ANSI ->
                "\u001b[2m13:47:21.%06d\u001b[0m \u001b[32mINFO\u001b[0m \u001b[1;34mworker\u001b[0m"
                    + " \u001b[36mGET\u001b[0m /v1/items/\u001b[33m%08d\u001b[0m ok\u001b[K\r\n";
            case UTF8 -> "%06d Съешь же ещё этих мягких 敏捷的棕色狐狸跳过懒狗 🚀 %08d\r\n";
          };
      return String.format(Locale.ROOT, pattern, i % 1_000_000, i);
    }

    int event() {
      if (at + chunk > bytes.length) {
        at = 0;
      }
      time += EVENT_NANOS;
      int length = encoder.output(time, bytes, at, chunk).length();
      at += chunk;
      return length;
    }
  }

  /** Bytes counted beside events. */
  @AuxCounters
  @State(Scope.Thread)
  public static class Bytes {
    private long in;
    private long out;

    public double inputMegabytes() {
      return in / 1e6;
    }

    public double lineMegabytes() {
      return out / 1e6;
    }

    @Setup(org.openjdk.jmh.annotations.Level.Iteration)
    public void reset() {
      in = 0;
      out = 0;
    }
  }

  @Benchmark
  public int encode(Terminal terminal, Bytes bytes) {
    int length = terminal.event();
    bytes.in += terminal.chunk;
    bytes.out += length;
    return length;
  }
}
