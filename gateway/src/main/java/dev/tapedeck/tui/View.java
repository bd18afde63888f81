package dev.tapedeck.tui;

import dev.tapedeck.event.SessionId;
import dev.tapedeck.live.Scene;
import dev.tapedeck.live.SessionRow;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What somebody has chosen to look at, and how. Keys change it, drawing follows it. For one thread
 * at a time.
 */
final class View {

  /** What the keys go to. */
  enum Mode {
    BROWSE,
    FILTER,
    SEARCH,
    HELP
  }

  /** Longer words cannot be typed. */
  static final int MAX_TYPED_CHARS = 200;

  private Mode mode = Mode.BROWSE;
  private @Nullable SessionId session;
  private @Nullable String terminal;
  private boolean turned;
  private String filter = "";
  private String search = "";
  private boolean follow = true;
  private boolean zoom;
  private boolean whole;
  private int top;
  private int left;
  private int found = -1;

  Mode mode() {
    return mode;
  }

  void mode(Mode now) {
    mode = now;
  }

  @Nullable SessionId session() {
    return session;
  }

  /** The terminal track that is looked at; null for the conversation. */
  @Nullable String terminal() {
    return terminal;
  }

  String filter() {
    return filter;
  }

  void filter(String words) {
    filter = words;
  }

  String search() {
    return search;
  }

  void search(String words) {
    if (!words.equals(search)) {
      search = words;
      found = -1;
    }
  }

  boolean follow() {
    return follow;
  }

  void follow(boolean now) {
    follow = now;
  }

  boolean zoom() {
    return zoom;
  }

  void toggleZoom() {
    zoom = !zoom;
  }

  /** Whether long texts are shown whole. */
  boolean whole() {
    return whole;
  }

  void toggleWhole() {
    whole = !whole;
  }

  /** The first line that is shown, where the end is not followed. */
  int top() {
    return top;
  }

  void top(int line) {
    top = line;
  }

  /** The first column of a terminal's screen that is shown. */
  int left() {
    return left;
  }

  void left(int column) {
    left = column;
  }

  /** The line that was found last; -1 if none was. */
  int found() {
    return found;
  }

  void found(int line) {
    found = line;
  }

  /** Looks at another session, from its end. */
  void session(@Nullable SessionId id) {
    if (!Objects.equals(id, session)) {
      session = id;
      turned = false;
      show(null);
    }
  }

  /** Somebody wants to look at a terminal track, or at the conversation. */
  void terminal(@Nullable String track) {
    turned = true;
    show(track);
  }

  private void show(@Nullable String track) {
    terminal = track;
    follow = true;
    top = 0;
    left = 0;
    found = -1;
  }

  /** The sessions that the filter lets through. */
  List<SessionRow> rows(Scene scene) {
    return filter.isBlank()
        ? scene.sessions()
        : scene.sessions().stream().filter(row -> row.matches(filter.strip())).toList();
  }

  /**
   * Where nothing is chosen, or what was chosen is not listed, the first live session is. Until
   * somebody turns to something else, it is shown by its conversation if there is one, or else by
   * its first terminal.
   */
  void settle(Scene scene) {
    List<SessionRow> rows = rows(scene);
    if (!rows.isEmpty() && rows.stream().noneMatch(row -> row.id().equals(session))) {
      session(rows.stream().filter(SessionRow::live).findFirst().orElse(rows.getFirst()).id());
    }
    Scene.Chosen chosen = scene.chosen();
    if (turned || chosen == null || !chosen.id().equals(session) || chosen.terminals().isEmpty()) {
      return;
    }
    String best = chosen.turns().isEmpty() ? chosen.terminals().getFirst() : null;
    if (!Objects.equals(best, terminal)) {
      show(best);
    }
  }

  /** Chooses the session so many rows below, or above. */
  void move(Scene scene, int rowsDown) {
    List<SessionRow> rows = rows(scene);
    for (int i = 0; i < rows.size(); i++) {
      if (rows.get(i).id().equals(session)) {
        session(rows.get(Math.clamp(i + (long) rowsDown, 0, rows.size() - 1)).id());
        return;
      }
    }
  }

  /** From the conversation through the terminals and round again. */
  void turn(List<String> terminals, int step) {
    int now = terminal == null ? 0 : terminals.indexOf(terminal) + 1;
    int next = Math.floorMod(now + step, terminals.size() + 1);
    terminal(next == 0 ? null : terminals.get(next - 1));
  }
}
