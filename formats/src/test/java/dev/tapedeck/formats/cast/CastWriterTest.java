package dev.tapedeck.formats.cast;

import static dev.tapedeck.formats.cast.Casts.output;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class CastWriterTest {

  private static final CastHeader HEADER =
      new CastHeader(
          2,
          96,
          26,
          1506410422L,
          10.5,
          2.5,
          "/bin/bash -l",
          "bashing :)",
          Map.of("TERM", "xterm"),
          new CastTheme("#aaaaaa", "#bbbbbb", "#151515:#ac4142"),
          null,
          null);

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  private String text() {
    return out.toString(UTF_8);
  }

  @Test
  void version3HasTermAndIntervals() throws IOException {
    CastWriter writer = new CastV3Writer(out, HEADER);
    writer.write(output(1.2344, "a\r\n"));
    writer.write(output(1.2348, "b"));
    writer.write(new CastEvent(3 * Casts.SECOND, CastCode.Known.RESIZE, "80x24"));
    writer.write(new CastEvent(3 * Casts.SECOND, CastCode.Known.EXIT, "0"));
    assertThat(text())
        .isEqualTo(
            """
            {"version": 3, "term": {"cols": 96, "rows": 26, "type": "xterm", \
            "theme": {"fg": "#aaaaaa", "bg": "#bbbbbb", "palette": "#151515:#ac4142"}}, \
            "timestamp": 1506410422, "idle_time_limit": 2.5, "command": "/bin/bash -l", \
            "title": "bashing :)", "env": {"TERM": "xterm"}}
            [1.234, "o", "a\\r\\n"]
            [0.001, "o", "b"]
            [1.765, "r", "80x24"]
            [0.000, "x", "0"]
            """);
  }

  @Test
  void version2HasAbsoluteTimes() throws IOException {
    CastWriter writer = new CastV2Writer(out, CastHeader.of(80, 24).withVersion(3));
    writer.write(output(1.2344, "a"));
    writer.write(new CastEvent(2 * Casts.SECOND, new CastCode.Unknown("q"), ""));
    assertThat(text())
        .isEqualTo(
            """
            {"version": 2, "width": 80, "height": 24}
            [1.234400, "o", "a"]
            [2.000000, "q", ""]
            """);
  }

  @Test
  void roundingNeverDrifts() throws IOException {
    Random random = new Random(42);
    List<CastEvent> events = new ArrayList<>();
    long time = 0;
    for (int i = 0; i < 100_000; i++) {
      time += (long) (Math.exp(random.nextDouble() * 16) * 1000);
      events.add(new CastEvent(time, CastCode.Known.OUTPUT, "."));
    }
    CastWriter writer = new CastV3Writer(out, HEADER);
    for (CastEvent event : events) {
      writer.write(event);
    }
    List<CastEvent> read = Casts.read(out.toByteArray()).events();
    assertThat(read).hasSameSizeAs(events);
    for (int i = 0; i < events.size(); i++) {
      assertThat(Math.abs(read.get(i).time() - events.get(i).time()))
          .as("event %d", i)
          .isLessThanOrEqualTo(500_000);
    }
  }

  @Test
  void headersGoRoundThroughBothVersions() throws IOException {
    new CastV2Writer(out, HEADER);
    assertThat(Casts.read(out.toByteArray()).header()).isEqualTo(HEADER);
    out.reset();
    new CastV3Writer(out, HEADER);
    CastHeader three = Casts.read(out.toByteArray()).header();
    assertThat(three.termType()).isEqualTo("xterm");
    assertThat(three.duration()).isNull();
    out.reset();
    new CastV3Writer(out, three.withVersion(2));
    assertThat(Casts.read(out.toByteArray()).header()).isEqualTo(three);
  }

  @Test
  void aThemeThatIsNotWholeIsLeftOut() throws IOException {
    CastHeader empty =
        Casts.read(
                """
                {"version": 2, "width": 80, "height": 24, "theme": {"fg": "#aaaaaa"}}
                """)
            .header();
    new CastV2Writer(out, empty);
    assertThat(text()).doesNotContain("theme");
  }

  @Test
  void eventsGoRoundWhateverTheirText() throws IOException {
    Random random = new Random(9);
    List<CastEvent> events = new ArrayList<>();
    for (int i = 0; i < 2000; i++) {
      String data = new String(Casts.terminalBytes(random, random.nextInt(20)), UTF_8);
      events.add(
          new CastEvent(i * 1_000_000L, CastCode.of("oimz".substring(i % 4, i % 4 + 1)), data));
    }
    for (int version = 2; version <= 3; version++) {
      out.reset();
      CastWriter writer =
          version == 2 ? new CastV2Writer(out, HEADER) : new CastV3Writer(out, HEADER);
      for (CastEvent event : events) {
        writer.write(event);
      }
      assertThat(Casts.read(out.toByteArray()).events()).isEqualTo(events);
    }
  }
}
