package dev.tapedeck.cli.play;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tapedeck.formats.cast.CastCode;
import dev.tapedeck.formats.cast.CastEvent;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class PlaybackTest {

  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final KeyQueue keys = new KeyQueue();
  private final List<CastEvent> events = new ArrayList<>();
  private final List<String> suspended = new ArrayList<>();
  private boolean plainLines;

  private PlaybackTest at(double second, String output) {
    events.add(new CastEvent((long) (second * SECOND), CastCode.Known.OUTPUT, output));
    return this;
  }

  private CompletableFuture<Void> play(double speed, long idle, double from) {
    Playback<RuntimeException> playback =
        new Playback<>(
            () -> recording(events.iterator()),
            out,
            keys,
            new Playback.Pace(speed, idle),
            plainLines,
            () -> suspended.add(shown()));
    CompletableFuture<Void> done = new CompletableFuture<>();
    Thread.ofPlatform()
        .daemon()
        .start(() -> {
          try {
            playback.run((long) (from * SECOND));
            done.complete(null);
          } catch (IOException | InterruptedException | RuntimeException e) {
            done.completeExceptionally(e);
          }
        });
    return done;
  }

  private static Playback.Recording<RuntimeException> recording(Iterator<CastEvent> events) {
    return new Playback.Recording<>() {
      @Override
      public @Nullable CastEvent next() {
        return events.hasNext() ? events.next() : null;
      }

      @Override
      public void close() {
        // There is no file.
      }
    };
  }

  private String shown() {
    return out.toString(StandardCharsets.UTF_8);
  }

  private void shows(String text) {
    await().until(this::shown, shown -> shown.endsWith(text));
  }

  @Test
  void whatIsPausedStepsAndGoesOn() {
    keys.press(PlayKey.PAUSE);
    at(0, "a").at(100, "b").at(100.1, "c").at(100.2, "d");
    CompletableFuture<Void> done = play(1, Long.MAX_VALUE, 0);
    keys.press(PlayKey.STEP);
    shows("a");
    keys.press(PlayKey.STEP);
    shows("b");
    keys.press(PlayKey.PAUSE);
    done.join();
    assertThat(shown()).isEqualTo("abcd");
  }

  @Test
  void seekingForwardShowsWhatIsBetweenAndBackBeginsAnew() {
    at(0, "a").at(3, "b").at(63, "c").at(500, "d");
    CompletableFuture<Void> done = play(1, Long.MAX_VALUE, 0);
    shows("a");
    keys.press(PlayKey.PAUSE);
    keys.press(PlayKey.FORWARD);
    shows("ab");
    keys.press(PlayKey.FAR_FORWARD);
    shows("abc");
    out.reset();
    keys.press(PlayKey.FAR_BACK);
    shows("\033[H\033[2Jab");
    keys.press(PlayKey.BEGINNING);
    shows("\033[H\033[2J");
    keys.press(PlayKey.STEP);
    shows("\033[H\033[2Ja");
    keys.quit();
    done.join();
  }

  @Test
  void itBeginsAtASecond() {
    at(0, "a").at(1000, "b").at(1001, "c").at(1002, "d");
    CompletableFuture<Void> done = play(1, Long.MAX_VALUE, 1001.5);
    shows("abc");
    done.join();
    assertThat(shown()).isEqualTo("abcd");
  }

  @Test
  void pausesAreCut() {
    at(0, "a").at(1000, "b").at(2000, "c");
    play(1, 10, 0).join();
    assertThat(shown()).isEqualTo("abc");
  }

  @Test
  void suspendedTheTerminalIsGivenBackAndThenDrawnAnew() {
    at(0, "a\033[?1049h").at(1000, "b");
    CompletableFuture<Void> done = play(1, Long.MAX_VALUE, 0);
    await().until(this::shown, shown -> shown.startsWith("a"));
    keys.press(PlayKey.SUSPEND);
    shows("\033[H\033[2Ja\033[?1049h");
    assertThat(suspended).singleElement().asString().endsWith("\033[?1049l");
    keys.quit();
    done.join();
  }

  @Test
  void linesOfAProgramWithoutATerminalBeginAtTheLeft() {
    plainLines = true;
    at(0, "a\nb\r").at(0, "\nc\n");
    play(1, Long.MAX_VALUE, 0).join();
    assertThat(shown()).isEqualTo("a\r\nb\r\nc\r\n");
  }
}
