package dev.tapedeck.tui;

import dev.tapedeck.event.SessionId;
import dev.tapedeck.live.Scene;
import java.time.Clock;
import java.util.List;
import java.util.function.Supplier;
import org.jline.utils.AttributedString;
import org.jspecify.annotations.Nullable;

/** What is looked at and how it is drawn: everything of the view but the terminal itself. */
public final class WatchView {

  private final Scene.Source source;
  private final Clock clock;
  private final View view = new View();
  private final Painter painter;
  private final KeyBindings hands;

  /**
   * @param session the session to look at first; null for the newest that lives
   * @param terminal its terminal track to look at; null for the conversation, or, where there is
   *     none, the first terminal
   */
  public WatchView(
      Scene.Source source, Clock clock, @Nullable SessionId session, @Nullable String terminal) {
    this.source = source;
    this.clock = clock;
    this.painter = new Painter(clock.getZone());
    this.hands = new KeyBindings(view, painter);
    if (session != null) {
      view.session(session);
      if (terminal != null) {
        view.terminal(terminal);
      }
    }
    source.choose(view.session(), view.terminal());
  }

  /**
   * One picture of what there is, as text.
   *
   * @param settled looks until all is read
   */
  public String once(Supplier<Scene> settled, int columns, int rows) {
    view.settle(settled.get());
    source.choose(view.session(), view.terminal());
    view.settle(settled.get());
    source.choose(view.session(), view.terminal());
    Scene scene = settled.get();
    StringBuilder text = new StringBuilder();
    for (AttributedString line : painter.paint(scene, view, clock.instant(), columns, rows)) {
      text.append(line.toString().stripTrailing()).append('\n');
    }
    return text.toString();
  }

  /** The lines to be seen now. */
  List<AttributedString> paint(int columns, int rows) {
    Scene scene = source.scene();
    view.settle(scene);
    source.choose(view.session(), view.terminal());
    return painter.paint(scene, view, clock.instant(), columns, rows);
  }

  /** What is there now; the same object as long as nothing changes. */
  Scene scene() {
    return source.scene();
  }

  /** False if the key was to quit. */
  boolean press(Key key) {
    boolean goesOn = hands.press(key, source.scene());
    source.choose(view.session(), view.terminal());
    return goesOn;
  }
}
