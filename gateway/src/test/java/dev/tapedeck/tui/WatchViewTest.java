package dev.tapedeck.tui;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tapedeck.event.SessionId;
import dev.tapedeck.formats.llm.Part;
import dev.tapedeck.formats.llm.Part.Kind;
import dev.tapedeck.formats.llm.Usage;
import dev.tapedeck.live.Scene;
import dev.tapedeck.live.SessionRow;
import dev.tapedeck.live.Turn;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jline.utils.AttributedString;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What is drawn, and what keys do, without a terminal. */
class WatchViewTest {

  private static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");

  /** Shows what it is told. */
  private static final class Shown implements Scene.Source {
    private Scene scene = Scene.EMPTY;
    private @Nullable SessionId session;
    private @Nullable String terminal;

    @Override
    public Scene scene() {
      return scene;
    }

    @Override
    public void choose(@Nullable SessionId wanted, @Nullable String track) {
      session = wanted;
      terminal = track;
    }
  }

  private final Shown source = new Shown();
  private final WatchView watch =
      new WatchView(source, Clock.fixed(NOW, ZoneOffset.UTC), null, null);
  private final List<SessionRow> rows = new ArrayList<>();

  private SessionRow row(String user, String status) {
    SessionRow row =
        new SessionRow(
            SessionId.create(),
            "ssh",
            user,
            "192.0.2.7:1",
            NOW.minusSeconds(300),
            null,
            status,
            3,
            12_345,
            940);
    rows.add(row);
    source.scene = new Scene(rows, null, null);
    return row;
  }

  private void shows(SessionRow row, List<String> terminals, Turn... turns) {
    source.scene =
        new Scene(
            rows,
            new Scene.Chosen(row.id(), terminals, List.of(turns), 0, false, null, null),
            null);
  }

  private static Turn turn(@Nullable String end, Part... answered) {
    return new Turn(
        1,
        NOW,
        "POST",
        "/v1/messages",
        "claude-test-1",
        200,
        end,
        null,
        List.of(new Part("user", Kind.TEXT, "Why?", null, null)),
        List.of(answered),
        new Usage(200L, 42L, 1_000L, null),
        end == null ? null : "end_turn",
        4_200);
  }

  private static Part said(String text) {
    return new Part("assistant", Kind.TEXT, text, null, null);
  }

  private String drawn(int columns, int rows) {
    List<AttributedString> lines = watch.paint(columns, rows);
    assertThat(lines).hasSize(rows).allMatch(line -> line.columnLength() == columns);
    return lines.stream().map(AttributedString::toString).collect(Collectors.joining("\n"));
  }

  private void press(String keys) {
    keys.codePoints().forEach(key -> assertThat(watch.press(new Key.Typed(key))).isTrue());
  }

  @Test
  void everySizeIsFilledExactly() {
    SessionRow row = row("你好你好你好你好你好你好你好", "live");
    shows(row, List.of("shell-1"), turn(null, said("wide 你好 and\n\033[31mcolour")));
    for (int columns = 1; columns < 130; columns += 3) {
      for (int lines = 1; lines < 40; lines += 7) {
        drawn(columns, lines);
      }
    }
  }

  @Test
  void aSessionIsTwoLines() {
    row("alice", "live");

    assertThat(drawn(80, 24)).contains("● alice          ssh   5m", "  live  3x  12.3k/940");
  }

  @Test
  void aTurnSaysWhatItCost() {
    shows(row("alice", "live"), List.of(), turn("complete", said("Because.")));

    assertThat(drawn(100, 24))
        .contains(
            "╌╌ 1 · 12:00:00 · claude-test-1 ╌",
            "▏user",
            "  Why?",
            "▏assistant",
            "  Because.",
            "  1.2k in · 1.0k from cache · 42 out · 4.2 s · end_turn");
  }

  @Test
  void anAnswerThatComesSaysSo() {
    shows(row("alice", "live"), List.of(), turn(null, said("Bec")));

    assertThat(drawn(100, 24)).contains("  streaming · 1.2k in");
  }

  @Test
  void anAnswerThatBrokeOffSaysHow() {
    shows(row("alice", "live"), List.of(), turn("client_abort", said("Bec")));

    assertThat(drawn(100, 24)).contains("  client_abort · 1.2k in");
  }

  @Test
  void callsAndResultsAreTold() {
    shows(
        row("alice", "live"),
        List.of(),
        turn(
            "complete",
            new Part("assistant", Kind.THINKING, "hm", null, null),
            new Part("assistant", Kind.TOOL_CALL, "{\"command\":\"ls\"}", "Bash", "t1"),
            new Part("tool", Kind.TOOL_RESULT, "pom.xml", null, "t1"),
            new Part("tool", Kind.TOOL_ERROR, "no such file", null, "t2"),
            new Part("assistant", Kind.ERROR, "Overloaded", "overloaded_error", null)));

    assertThat(drawn(100, 30))
        .contains("thinking", "▶ Bash", "{\"command\":\"ls\"}", "◀ result", "◀ failed")
        .contains("error overloaded_error", "  Overloaded");
  }

  @Test
  void longTextsAreShortUntilAsked() {
    String text = "line\n".repeat(40) + "the end";
    shows(
        row("alice", "live"),
        List.of(),
        turn("complete", new Part("tool", Kind.TOOL_RESULT, text, null, "t1")));

    assertThat(drawn(100, 60)).contains("… 29 more lines: e").doesNotContain("the end");
    press("e");
    assertThat(drawn(100, 60)).contains("the end");
  }

  @Test
  void recordedControlCharactersAreNeverSentOn() {
    SessionRow row = row("al\033]0;ice\u0007", "live\033[2J");
    shows(row, List.of("shell-\033[31m"), turn("\u009b2J", said("\033[2Jgone")));

    assertThat(drawn(100, 24).codePoints().filter(c -> c != '\n'))
        .noneMatch(Character::isISOControl);
  }

  @Test
  void whoeverLooksBackIsLeftThere() {
    SessionRow row = row("alice", "live");
    String text = "top\n" + "line\n".repeat(40) + "first end";
    shows(row, List.of(), turn(null, said(text)));
    press("e");
    assertThat(drawn(80, 24)).contains("first end", " following");
    watch.press(Key.Named.PAGE_UP);
    watch.press(Key.Named.PAGE_UP);
    watch.press(Key.Named.PAGE_UP);
    assertThat(drawn(80, 24)).contains("top", "not following");
    shows(row, List.of(), turn(null, said(text + "\nsecond end")));
    assertThat(drawn(80, 24)).contains("top").doesNotContain("second end");
    press("f");
    assertThat(drawn(80, 24)).contains("second end");
  }

  @Test
  void aFilterLeavesWhatItNames() {
    row("alice", "live");
    row("bob", "gap");
    press("/bo gap");
    String screen = drawn(80, 24);
    assertThat(screen).contains("bob", "filter: bo gap").doesNotContain("alice");
    assertThat(source.session).isEqualTo(rows.get(1).id());
    watch.press(Key.Named.ESCAPE);
    assertThat(drawn(80, 24)).contains("alice", "bob");
  }

  @Test
  void tabGoesRound() {
    SessionRow row = row("alice", "live");
    shows(row, List.of("shell-1", "exec-2"));
    drawn(80, 24);
    List<String> seen = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      watch.press(Key.Named.TAB);
      seen.add(String.valueOf(source.terminal));
    }
    assertThat(seen).containsExactly("exec-2", "null", "shell-1", "exec-2");
  }

  @Test
  void aSessionWithoutAConversationShowsItsTerminalUntilThereIsOneOrSomebodyTurns() {
    SessionRow row = row("alice", "live");
    shows(row, List.of("shell-1"));
    drawn(80, 24);
    assertThat(source.terminal).isEqualTo("shell-1");
    shows(row, List.of("shell-1"), turn("complete"));
    drawn(80, 24);
    assertThat(source.terminal).isNull();
    watch.press(Key.Named.TAB);
    drawn(80, 24);
    assertThat(source.terminal).as("what somebody turned to stays").isEqualTo("shell-1");
  }

  @Test
  void theFirstThatLivesIsChosen() {
    row("over", "complete");
    SessionRow live = row("alive", "live");
    drawn(80, 24);
    assertThat(source.session).isEqualTo(live.id());
    watch.press(Key.Named.UP);
    assertThat(source.session).isEqualTo(rows.getFirst().id());
  }

  @Test
  void qQuitsUnlessItIsTyped() {
    row("alice", "live");
    press("/q");
    assertThat(drawn(80, 24)).contains("filter: q");
    watch.press(Key.Named.ESCAPE);
    assertThat(watch.press(new Key.Typed('q'))).isFalse();
  }
}
