package dev.tapedeck.formats.cast;

import static dev.tapedeck.formats.cast.Casts.output;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tapedeck.formats.Needs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Reads asciinema-server's own test recordings as FORMATS.md's table says. */
class CorpusTest {

  private static final CastEvent FOO = output(1.234567, "foo bar");
  private static final CastEvent FOO_EARLY = output(1.234, "foo bar");
  private static final CastEvent BAZ = output(5.678987, "baz qux");
  private static final CastEvent POLISH = output(8.456789, "żółć jaźń");
  private static final CastTheme THEME =
      new CastTheme(
          "#aaaaaa",
          "#bbbbbb",
          "#151515:#ac4142:#7e8e50:#e5b567:#6c99bb:#9f4e85:#7dd6cf:#d0d0d0:"
              + "#505050:#ac4142:#7e8e50:#e5b567:#6c99bb:#9f4e85:#7dd6cf:#f5f5f5");
  private static final CastHeader V2 = CastHeader.of(96, 26);
  private static final CastHeader V3 = V2.withVersion(3);

  /** What a file should give: its header, its events, and at last the refusal, if any. */
  private record Expected(
      CastHeader header, List<CastEvent> events, @Nullable Integer line, String reason) {

    static Expected good(CastHeader header, CastEvent... events) {
      return new Expected(header, List.of(events), null, "");
    }

    static Expected refused(CastHeader header, CastEvent before, int line, String reason) {
      return new Expected(header, List.of(before), line, reason);
    }
  }

  private static final CastHeader SMALL_V2 = CastHeader.of(80, 24);
  private static final CastHeader SMALL_V3 = SMALL_V2.withVersion(3);
  private static final String NO_JSON = "it is no JSON at character 1";

  private static final Map<String, Expected> EXPECTED =
      Map.ofEntries(
          Map.entry("2/blank-lines.cast", Expected.good(V2, FOO, BAZ, POLISH)),
          Map.entry("2/broken.cast", Expected.refused(V2, FOO, 3, NO_JSON)),
          Map.entry(
              "2/empty-theme.cast",
              Expected.good(
                  new CastHeader(
                      2,
                      80,
                      24,
                      null,
                      null,
                      null,
                      null,
                      null,
                      Map.of(),
                      new CastTheme(null, null, null),
                      null,
                      null),
                  FOO)),
          Map.entry(
              "2/full.cast",
              Expected.good(
                  new CastHeader(
                      2,
                      96,
                      26,
                      1506410422L,
                      null,
                      2.5,
                      "/bin/bash -l",
                      "bashing :)",
                      Map.of("TERM", "screen-256color", "SHELL", "/bin/zsh"),
                      THEME,
                      null,
                      null),
                  FOO,
                  event(2, CastCode.Known.RESIZE, "80x24"),
                  event(2.34567, CastCode.Known.INPUT, "\r"),
                  BAZ,
                  POLISH)),
          Map.entry("2/invalid-code.cast", Expected.refused(SMALL_V2, FOO_EARLY, 3, "code")),
          Map.entry("2/invalid-data.cast", Expected.refused(SMALL_V2, FOO_EARLY, 3, "data")),
          Map.entry(
              "2/invalid-resize.cast", Expected.refused(SMALL_V2, FOO_EARLY, 3, "bad resize")),
          Map.entry(
              "2/invalid-time-1.cast", Expected.refused(SMALL_V2, FOO_EARLY, 3, "negative time")),
          Map.entry("2/minimal.cast", Expected.good(V2, FOO, BAZ, POLISH)),
          Map.entry("2/no-events.cast", Expected.good(V2)),
          Map.entry("2/single-event.cast", Expected.good(V2, FOO)),
          Map.entry(
              "3/blank-lines-and-comments.cast",
              Expected.good(
                  V3,
                  FOO,
                  output(5.678987, "baz qux"),
                  output(8.481455, "żółć jaźń"),
                  output(9.481455, "bye!"))),
          Map.entry("3/broken.cast", Expected.refused(V3, FOO, 3, NO_JSON)),
          Map.entry(
              "3/full.cast",
              Expected.good(
                  new CastHeader(
                      3,
                      96,
                      26,
                      1744302022L,
                      null,
                      2.5,
                      "/bin/bash -l",
                      "bashing :)",
                      Map.of("TERM", "xterm-ghostty", "SHELL", "/usr/bin/fish"),
                      THEME,
                      "xterm-ghostty",
                      "ghostty 1.1.3-889478f-nix"),
                  FOO,
                  event(2.234567, CastCode.Known.INPUT, "\r"),
                  output(6.913554, "baz qux"),
                  event(7.913554, CastCode.Known.RESIZE, "80x24"),
                  output(10.370343, "żółć jaźń"))),
          Map.entry("3/invalid-code.cast", Expected.refused(SMALL_V3, FOO_EARLY, 3, "code")),
          Map.entry("3/invalid-data.cast", Expected.refused(SMALL_V3, FOO_EARLY, 3, "data")),
          Map.entry(
              "3/invalid-resize.cast", Expected.refused(SMALL_V3, FOO_EARLY, 3, "bad resize")),
          Map.entry(
              "3/invalid-time-1.cast",
              Expected.refused(SMALL_V3, FOO_EARLY, 3, "negative interval")),
          Map.entry("3/minimal.cast", Expected.good(V3, FOO, output(5.654321, "baz qux"), POLISH)),
          Map.entry("3/no-events.cast", Expected.good(V3)),
          Map.entry("3/single-event.cast", Expected.good(V3, FOO)));

  private static CastEvent event(double seconds, CastCode code, String data) {
    return new CastEvent(Math.round(seconds * Casts.SECOND), code, data);
  }

  @TestFactory
  Stream<DynamicTest> filesReadAsExpected() {
    Path folder = Needs.corpus().resolve("asciicast");
    return new TreeSet<>(EXPECTED.keySet())
        .stream()
            .map(name ->
                DynamicTest.dynamicTest(
                    name, () -> check(folder.resolve(name), EXPECTED.get(name))));
  }

  @Test
  void noFileIsLeftOut() throws IOException {
    Path folder = Needs.corpus().resolve("asciicast");
    try (Stream<Path> files = Files.walk(folder)) {
      assertThat(
              files
                  .filter(Files::isRegularFile)
                  .map(file -> folder.relativize(file).toString())
                  .filter(name -> !name.equals("welcome.cast")))
          .containsExactlyInAnyOrderElementsOf(EXPECTED.keySet());
    }
  }

  @Test
  void aRealRecordingReadsToItsEnd() throws IOException {
    byte[] bytes = Files.readAllBytes(Needs.corpus().resolve("asciicast/welcome.cast"));
    Casts.Recording recording = Casts.read(bytes);
    assertThat(recording.header().duration()).isEqualTo(128.978812);
    assertThat(recording.header().env()).containsKeys("TERM", "SHELL");
    assertThat(recording.events()).hasSize(786);
    assertThat(recording.events().getLast().time()).isEqualTo(119_207_933_000L);
  }

  private static void check(Path file, Expected expected) throws IOException {
    try (CastReader reader = new CastReader(Files.newInputStream(file))) {
      assertThat(reader.header()).isEqualTo(expected.header());
      List<CastEvent> events = new ArrayList<>();
      CastFormatException refusal = readAll(reader, events);
      assertThat(events).isEqualTo(expected.events());
      if (expected.line() == null) {
        assertThat(refusal).isNull();
      } else {
        assertThat(refusal).isNotNull();
        assertThat(refusal.line()).isEqualTo((long) expected.line());
        assertThat(refusal).hasMessageContaining(expected.reason());
        assertThat(refusal.cutOff()).isFalse();
      }
    }
  }

  private static @Nullable CastFormatException readAll(CastReader reader, List<CastEvent> events)
      throws IOException {
    try {
      for (CastEvent event = reader.next(); event != null; event = reader.next()) {
        events.add(event);
      }
      return null;
    } catch (CastFormatException e) {
      return e;
    }
  }
}
