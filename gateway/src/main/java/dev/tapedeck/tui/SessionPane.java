package dev.tapedeck.tui;

import dev.tapedeck.event.SessionId;
import dev.tapedeck.live.SessionRow;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jline.utils.AttributedString;
import org.jline.utils.AttributedStringBuilder;
import org.jline.utils.AttributedStyle;
import org.jspecify.annotations.Nullable;

/** The list of sessions: two lines each, newest first. */
final class SessionPane {

  static final int LINES_EACH = 2;

  private SessionPane() {}

  /**
   * So many lines, of so many cells each.
   *
   * @param rows those that the filter lets through
   * @param chosen the session that is marked, and kept within what is shown
   */
  static List<AttributedString> lines(
      List<SessionRow> rows, @Nullable SessionId chosen, Instant now, int cells, int height) {
    int room = Math.max(1, height / LINES_EACH);
    int at = 0;
    for (int i = 0; i < rows.size(); i++) {
      if (rows.get(i).id().equals(chosen)) {
        at = i;
      }
    }
    int first = Math.clamp(at - room / 2L, 0, Math.max(0, rows.size() - room));
    List<AttributedString> lines = new ArrayList<>();
    for (int i = first; i < Math.min(rows.size(), first + room); i++) {
      boolean marked = rows.get(i).id().equals(chosen);
      AttributedStyle fill = marked ? Theme.CHOSEN : Theme.PLAIN;
      lines.add(DisplayText.fit(name(rows.get(i), now, cells, marked), cells, fill));
      lines.add(DisplayText.fit(facts(rows.get(i), marked), cells, fill));
    }
    while (lines.size() < height) {
      lines.add(DisplayText.fit(AttributedString.EMPTY, cells, Theme.PLAIN));
    }
    return lines.subList(0, height);
  }

  private static AttributedString name(SessionRow row, Instant now, int cells, boolean marked) {
    String right =
        DisplayText.line(row.kind())
            + " "
            + String.format("%4s", CompactNumbers.age(row.started(), now))
            + " ";
    int room = Math.max(1, cells - 2 - DisplayText.width(right) - 1);
    String user = DisplayText.shortened(DisplayText.line(row.user()), room);
    AttributedStringBuilder line = new AttributedStringBuilder();
    line.style(marked ? Theme.CHOSEN : row.live() ? Theme.LIVE : Theme.FAINT);
    line.append(row.live() ? "● " : "○ ");
    line.style(marked ? Theme.CHOSEN.bold() : Theme.BOLD).append(user);
    line.append(" ".repeat(room - DisplayText.width(user) + 1));
    line.style(marked ? Theme.CHOSEN : Theme.PLAIN).append(right);
    return line.toAttributedString();
  }

  private static AttributedString facts(SessionRow row, boolean marked) {
    AttributedStringBuilder line = new AttributedStringBuilder();
    line.style(marked ? Theme.CHOSEN : status(row))
        .append("  ")
        .append(DisplayText.line(row.status()));
    if (row.exchanges() > 0) {
      line.style(marked ? Theme.CHOSEN : Theme.FAINT)
          .append("  " + row.exchanges() + "x")
          .append(
              "  "
                  + CompactNumbers.count(row.inputTokens())
                  + "/"
                  + CompactNumbers.count(row.outputTokens()));
    }
    return line.toAttributedString();
  }

  private static AttributedStyle status(SessionRow row) {
    return switch (row.status()) {
      case "live" -> Theme.LIVE;
      case "gap", "truncated" -> Theme.WARN;
      case "failed" -> Theme.BAD;
      default -> Theme.FAINT;
    };
  }
}
