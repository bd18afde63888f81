package dev.tapedeck.tui;

import dev.tapedeck.formats.llm.Part;
import dev.tapedeck.formats.llm.Usage;
import dev.tapedeck.live.Turn;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.StringJoiner;
import org.jline.utils.AttributedString;
import org.jline.utils.AttributedStringBuilder;
import org.jline.utils.AttributedStyle;

/** One turn of a conversation in lines. */
final class TurnLines {

  /** Of a long text so many lines are shown, until all is asked for. */
  static final int SHORT_LINES = 12;

  /** Of a system prompt, which is long and the same each time. */
  static final int SHORT_SYSTEM_LINES = 4;

  private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm:ss");
  private static final String INDENT = "  ";

  private final int cells;
  private final boolean whole;
  private final ZoneId zone;
  private final List<AttributedString> lines = new ArrayList<>();

  private TurnLines(int cells, boolean whole, ZoneId zone) {
    this.cells = cells;
    this.whole = whole;
    this.zone = zone;
  }

  /**
   * @param whole whether long texts are shown whole
   */
  static List<AttributedString> of(Turn turn, int cells, boolean whole, ZoneId zone) {
    TurnLines lines = new TurnLines(cells, whole, zone);
    lines.head(turn);
    turn.asked().forEach(lines::part);
    turn.answered().forEach(lines::part);
    lines.foot(turn);
    return lines.lines;
  }

  private void head(Turn turn) {
    StringJoiner text = new StringJoiner(" · ", "╌╌ ", " ");
    text.add(Long.toString(turn.exchange()));
    text.add(TIME.format(turn.started().atZone(zone)));
    String model = turn.model();
    text.add(DisplayText.line(model == null ? turn.method() + " " + turn.path() : model));
    if (turn.status() != 0 && turn.status() != 200) {
      text.add(Integer.toString(turn.status()));
    }
    String shown = DisplayText.cut(text.toString(), cells);
    lines.add(line(Theme.FAINT, shown + "╌".repeat(Math.max(0, cells - DisplayText.width(shown)))));
  }

  private void part(Part part) {
    String name = part.name() == null ? "" : " " + part.name();
    switch (part.kind()) {
      case SYSTEM -> said("system", Theme.SYSTEM, Theme.FAINT, part.text(), SHORT_SYSTEM_LINES);
      case TEXT -> said(part.role(), role(part.role()), Theme.PLAIN, part.text(), SHORT_LINES * 4);
      case THINKING -> said("thinking", Theme.THINKING, Theme.THINKING, part.text(), SHORT_LINES);
      case TOOL_CALL -> said("▶" + name, Theme.TOOL, Theme.PLAIN, part.text(), SHORT_LINES);
      case TOOL_RESULT ->
          said("◀ result" + name, Theme.TOOL, Theme.FAINT, part.text(), SHORT_LINES);
      case TOOL_ERROR -> said("◀ failed" + name, Theme.BAD, Theme.FAINT, part.text(), SHORT_LINES);
      case IMAGE, DOCUMENT, OTHER ->
          said(
              part.role() + ": " + part.kind().name().toLowerCase(java.util.Locale.ROOT) + name,
              role(part.role()),
              Theme.FAINT,
              part.text(),
              SHORT_LINES);
      case REFUSAL -> said("refusal", Theme.BAD, Theme.PLAIN, part.text(), SHORT_LINES);
      case ERROR -> said("error" + name, Theme.BAD, Theme.PLAIN, part.text(), SHORT_LINES);
    }
  }

  private static AttributedStyle role(String role) {
    return switch (role) {
      case "user" -> Theme.USER;
      case "assistant" -> Theme.ASSISTANT;
      case "system", "developer" -> Theme.SYSTEM;
      default -> Theme.TOOL;
    };
  }

  private void said(
      String who, AttributedStyle whoStyle, AttributedStyle style, String text, int most) {
    lines.add(line(whoStyle, DisplayText.shortened(DisplayText.line(who), cells)));
    if (text.isEmpty()) {
      return;
    }
    List<String> all = DisplayText.wrapped(text, cells - INDENT.length());
    int shown = whole || all.size() <= most + 1 ? all.size() : most;
    for (String each : all.subList(0, shown)) {
      lines.add(line(style, INDENT + each));
    }
    if (shown < all.size()) {
      lines.add(line(Theme.FAINT, INDENT + "… " + (all.size() - shown) + " more lines: e"));
    }
  }

  private void foot(Turn turn) {
    StringJoiner text = new StringJoiner(" · ", INDENT, "");
    String end = turn.end();
    boolean good = end == null || end.equals("complete");
    if (end == null) {
      text.add(turn.status() == 0 ? "waiting for the answer" : "streaming");
    } else if (!good) {
      text.add(end);
    }
    Usage usage = turn.usage();
    if (usage != null) {
      text.add(CompactNumbers.count(Objects.requireNonNullElse(usage.totalInput(), 0L)) + " in");
      if (usage.cacheRead() != null && usage.cacheRead() > 0) {
        text.add(CompactNumbers.count(usage.cacheRead()) + " from cache");
      }
      text.add(CompactNumbers.count(Objects.requireNonNullElse(usage.output(), 0L)) + " out");
    }
    if (end != null) {
      text.add(CompactNumbers.took(turn.millis()));
    }
    String stop = turn.stopReason();
    if (stop != null) {
      text.add(DisplayText.line(stop));
    }
    AttributedStyle style = good ? end == null ? Theme.LIVE : Theme.FAINT : Theme.BAD;
    DisplayText.wrapped(text.toString(), cells).forEach(each -> lines.add(line(style, each)));
    String error = turn.error();
    if (error != null) {
      DisplayText.wrapped(error, cells - INDENT.length())
          .forEach(each -> lines.add(line(Theme.BAD, INDENT + each)));
    }
  }

  private static AttributedString line(AttributedStyle style, String text) {
    return new AttributedStringBuilder().append(text, style).toAttributedString();
  }
}
