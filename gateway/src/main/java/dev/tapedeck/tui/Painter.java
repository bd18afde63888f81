package dev.tapedeck.tui;

import dev.tapedeck.live.Scene;
import dev.tapedeck.live.Scene.Chosen;
import dev.tapedeck.live.ScreenSnapshot;
import dev.tapedeck.live.SessionRow;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jline.utils.AttributedString;
import org.jline.utils.AttributedStringBuilder;
import org.jline.utils.AttributedStyle;
import org.jspecify.annotations.Nullable;

/**
 * Draws a scene, as a view looks at it, into lines.
 *
 * <pre>
 *   title
 *   sessions | tabs
 *            | the conversation, or a terminal's screen
 *   keys, or what is typed
 * </pre>
 */
final class Painter {

  static final int MIN_COLUMNS = 30;
  static final int MIN_ROWS = 6;

  /** In a narrower terminal there is room for one pane. */
  private static final int MIN_COLUMNS_FOR_TWO = 60;

  private static final int LIST_MIN_COLUMNS = 26;
  private static final int LIST_MAX_COLUMNS = 40;

  /** Lines that are none of the panes': title, tabs and keys. */
  private static final int OTHER_ROWS = 3;

  private final ConversationPane conversation;
  private List<AttributedString> content = List.of();
  private int contentRows;

  Painter(ZoneId zone) {
    conversation = new ConversationPane(zone);
  }

  /** The lines of what is looked into, as they were last drawn. */
  List<AttributedString> content() {
    return content;
  }

  /** How many of them fit onto the screen. */
  int contentRows() {
    return contentRows;
  }

  /** Exactly so many lines of exactly so many cells. */
  List<AttributedString> paint(Scene scene, View view, Instant now, int columns, int rows) {
    if (columns < MIN_COLUMNS || rows < MIN_ROWS) {
      return tooSmall(columns, rows);
    }
    List<AttributedString> lines = new ArrayList<>();
    lines.add(title(scene, view, columns));
    int height = rows - OTHER_ROWS + 1;
    boolean two = !view.zoom() && columns >= MIN_COLUMNS_FOR_TWO;
    int list = two ? Math.clamp(columns / 4, LIST_MIN_COLUMNS, LIST_MAX_COLUMNS) : 0;
    int right = two ? columns - list - 1 : columns;
    contentRows = height - 1;
    List<AttributedString> pane = pane(scene, view, right, height);
    if (two) {
      List<AttributedString> sessions =
          SessionPane.lines(view.rows(scene), view.session(), now, list, height);
      // No line-drawing character of the VT100's: the library would switch character sets for it.
      AttributedString wall = new AttributedString("▏", Theme.FAINT);
      for (int i = 0; i < height; i++) {
        lines.add(AttributedString.join(wall, sessions.get(i), pane.get(i)));
      }
    } else {
      lines.addAll(pane);
    }
    lines.add(DisplayText.fit(bottom(scene, view, columns), columns, Theme.PLAIN));
    return lines;
  }

  private static List<AttributedString> tooSmall(int columns, int rows) {
    List<AttributedString> lines = new ArrayList<>();
    lines.add(DisplayText.fit(new AttributedString("too small"), columns, Theme.PLAIN));
    while (lines.size() < rows) {
      lines.add(DisplayText.fit(AttributedString.EMPTY, columns, Theme.PLAIN));
    }
    return lines.subList(0, Math.max(0, rows));
  }

  private static AttributedString title(Scene scene, View view, int columns) {
    long live = scene.sessions().stream().filter(SessionRow::live).count();
    String left = " tapedeck watch  " + scene.sessions().size() + " sessions, " + live + " live";
    if (!view.filter().isBlank()) {
      left += ", filter: " + DisplayText.line(view.filter());
    }
    String right = (view.follow() ? "following" : "not following") + "  ? help ";
    int room = columns - DisplayText.width(right) - 1;
    String shown = DisplayText.shortened(left, Math.max(0, room));
    String blanks =
        " ".repeat(Math.max(0, columns - DisplayText.width(shown) - DisplayText.width(right)));
    return DisplayText.fit(
        new AttributedString(shown + blanks + right, Theme.BAR), columns, Theme.BAR);
  }

  private List<AttributedString> pane(Scene scene, View view, int cells, int height) {
    List<AttributedString> lines = new ArrayList<>();
    Chosen chosen = scene.chosen();
    boolean ready = chosen != null && chosen.id().equals(view.session());
    if (view.mode() == View.Mode.HELP) {
      content = Help.lines();
      lines.addAll(content.subList(0, Math.min(height, content.size())));
    } else if (chosen == null || !ready) {
      content = List.of(new AttributedString(nothing(scene, view), Theme.FAINT));
      lines.add(AttributedString.EMPTY);
      lines.addAll(content);
    } else {
      lines.add(tabs(chosen, view, cells));
      String terminal = view.terminal();
      if (terminal == null) {
        content = conversation.lines(chosen, cells, view.whole());
        lines.addAll(scrolled(view, height - 1));
      } else {
        ScreenSnapshot picture = terminal.equals(chosen.terminal()) ? chosen.picture() : null;
        content = picture == null ? List.of() : picture.lines();
        lines.addAll(screen(picture, view, cells, height - 1));
      }
    }
    List<AttributedString> fitted = new ArrayList<>(height);
    for (int i = 0; i < height; i++) {
      AttributedString line = i < lines.size() ? lines.get(i) : AttributedString.EMPTY;
      fitted.add(DisplayText.fit(line, cells, Theme.PLAIN));
    }
    return fitted;
  }

  private static String nothing(Scene scene, View view) {
    if (scene.sessions().isEmpty()) {
      return " No sessions yet; this screen waits for the first.";
    }
    return view.rows(scene).isEmpty() ? " No session is like that." : "";
  }

  private static AttributedString tabs(Chosen chosen, View view, int cells) {
    AttributedStringBuilder line = new AttributedStringBuilder();
    tab(line, "Conversation", view.terminal() == null);
    for (String terminal : chosen.terminals()) {
      tab(line, DisplayText.line(terminal), terminal.equals(view.terminal()));
    }
    AttributedString all = line.toAttributedString();
    if (all.columnLength() <= cells || view.terminal() == null) {
      return all;
    }
    // Many tracks: the chosen one at least is seen.
    AttributedStringBuilder one = new AttributedStringBuilder();
    int number = chosen.terminals().indexOf(view.terminal()) + 1;
    tab(one, DisplayText.line(view.terminal()), true);
    one.append(" " + number + " of " + chosen.terminals().size() + " terminals");
    return one.toAttributedString();
  }

  private static void tab(AttributedStringBuilder line, String name, boolean chosen) {
    line.style(chosen ? Theme.BOLD.underline() : Theme.FAINT).append(" " + name + " ");
    line.style(Theme.PLAIN).append(" ");
  }

  private List<AttributedString> scrolled(View view, int height) {
    int last = Math.max(0, content.size() - height);
    if (view.follow() || view.top() > last) {
      view.top(last);
    }
    int end = Math.min(content.size(), view.top() + height);
    List<AttributedString> shown = new ArrayList<>(content.subList(view.top(), end));
    if (!view.search().isEmpty()) {
      shown.replaceAll(line -> Finder.marked(line, view.search()));
    }
    return shown;
  }

  /** A screen that is higher than its pane is shown around its cursor. */
  private static List<AttributedString> screen(
      @Nullable ScreenSnapshot picture, View view, int cells, int height) {
    if (picture == null) {
      return List.of(new AttributedString(" Nothing was shown yet.", Theme.FAINT));
    }
    int room = Math.max(1, height - 1);
    int last = Math.max(0, picture.rows() - room);
    if (view.follow() || view.top() > last) {
      view.top(Math.clamp(picture.cursorRow() - room + 1L, 0, last));
    }
    view.left(Math.clamp(view.left(), 0, Math.max(0, picture.columns() - cells)));
    List<AttributedString> lines = new ArrayList<>();
    for (int row = view.top(); row < Math.min(picture.rows(), view.top() + room); row++) {
      lines.add(row(picture, row, view, cells));
    }
    lines.add(new AttributedString(DisplayText.cut(below(picture), cells), Theme.FAINT));
    return lines;
  }

  private static AttributedString row(ScreenSnapshot picture, int row, View view, int cells) {
    AttributedString line = picture.lines().get(row);
    if (row == picture.cursorRow() && picture.exit() == null) {
      line = withCursor(line, picture.cursorColumn());
    }
    AttributedString shown =
        line.columnSubSequence(view.left(), Math.min(line.columnLength(), view.left() + cells));
    return view.search().isEmpty() ? shown : Finder.marked(shown, view.search());
  }

  private static AttributedString withCursor(AttributedString line, int column) {
    if (column >= line.columnLength()) {
      return line;
    }
    AttributedStringBuilder marked = new AttributedStringBuilder();
    marked.append(line.columnSubSequence(0, column));
    marked.append(line.columnSubSequence(column, column + 1).toString(), AttributedStyle.INVERSE);
    marked.append(line.columnSubSequence(marked.columnLength(), line.columnLength()));
    return marked.toAttributedString();
  }

  private static String below(ScreenSnapshot picture) {
    String size = "╌╌ " + picture.columns() + "x" + picture.rows();
    String exit = picture.exit() == null ? "" : " · ended, " + DisplayText.line(picture.exit());
    String note = picture.note() == null ? "" : " · " + DisplayText.line(picture.note());
    return size + exit + note;
  }

  private AttributedString bottom(Scene scene, View view, int columns) {
    String text =
        switch (view.mode()) {
          case FILTER ->
              "filter: " + DisplayText.line(view.filter()) + "▏  Enter keeps it, Esc clears it";
          case SEARCH ->
              "search: " + DisplayText.line(view.search()) + "▏  Enter finds it, Esc ends it";
          case HELP -> "any key goes back";
          case BROWSE -> browsing(scene, view);
        };
    AttributedStyle style = scene.note() != null ? Theme.WARN : Theme.FAINT;
    return new AttributedString(DisplayText.cut(" " + text, columns), style);
  }

  private String browsing(Scene scene, View view) {
    if (scene.note() != null) {
      return DisplayText.line(scene.note());
    }
    if (!view.search().isEmpty()) {
      return String.format(
          Locale.ROOT,
          "\"%s\": %d lines  n next  N previous  Esc ends the search",
          DisplayText.line(view.search()),
          Finder.count(content, view.search()));
    }
    return "↑↓ session  Tab view  PgUp/PgDn scroll  f follow  / filter  s search  q quit";
  }
}
