package dev.tapedeck.tui;

import dev.tapedeck.live.Scene;
import dev.tapedeck.tui.Key.Named;

/** What keys do to a view. */
final class KeyBindings {

  private static final int COLUMNS_AT_ONCE = 8;

  private final View view;
  private final Painter painter;

  KeyBindings(View view, Painter painter) {
    this.view = view;
    this.painter = painter;
  }

  /** Does what a key asks for; false if that is to quit. */
  boolean press(Key key, Scene scene) {
    if (key == Named.QUIT) {
      return false;
    }
    switch (view.mode()) {
      case BROWSE -> {
        return browse(key, scene);
      }
      case FILTER -> view.filter(type(key, view.filter(), scene));
      case SEARCH -> view.search(type(key, view.search(), scene));
      case HELP -> view.mode(View.Mode.BROWSE);
    }
    return true;
  }

  private boolean browse(Key key, Scene scene) {
    switch (key) {
      case Named named -> named(named, scene);
      case Key.Typed(int character) -> {
        if (character == 'q') {
          return false;
        }
        typed(character);
      }
    }
    return true;
  }

  private void named(Named key, Scene scene) {
    switch (key) {
      case UP -> view.move(scene, -1);
      case DOWN -> view.move(scene, 1);
      case LEFT -> view.left(view.left() - COLUMNS_AT_ONCE);
      case RIGHT -> view.left(view.left() + COLUMNS_AT_ONCE);
      case PAGE_UP -> scroll(-page());
      case PAGE_DOWN -> scroll(page());
      case HOME -> scroll(Integer.MIN_VALUE / 2);
      case END -> view.follow(true);
      case TAB -> turn(scene, 1);
      case BACK_TAB -> turn(scene, -1);
      case ESCAPE -> view.search("");
      case ENTER, BACKSPACE, REDRAW, QUIT, NONE -> {}
    }
  }

  private void typed(int character) {
    switch (character) {
      case 'f' -> view.follow(!view.follow());
      case 'e' -> view.toggleWhole();
      case 'z' -> view.toggleZoom();
      case 'j' -> scroll(1);
      case 'k' -> scroll(-1);
      case ' ' -> scroll(page());
      case 'b' -> scroll(-page());
      case 'g' -> scroll(Integer.MIN_VALUE / 2);
      case 'G' -> view.follow(true);
      case '/' -> view.mode(View.Mode.FILTER);
      case 's' -> {
        view.search("");
        view.mode(View.Mode.SEARCH);
      }
      case 'n' -> find(1);
      case 'N' -> find(-1);
      case '?', 'h' -> view.mode(View.Mode.HELP);
      default -> {}
    }
  }

  private int page() {
    return Math.max(1, painter.contentRows() - 2);
  }

  /** Whoever looks back does not want to be carried off by what comes. */
  private void scroll(int lines) {
    int last = Math.max(0, painter.content().size() - painter.contentRows());
    view.top(Math.clamp(view.top() + (long) lines, 0, last));
    view.follow(view.top() == last && lines > 0);
  }

  private void turn(Scene scene, int step) {
    Scene.Chosen chosen = scene.chosen();
    if (chosen != null && chosen.id().equals(view.session())) {
      view.turn(chosen.terminals(), step);
    }
  }

  private void find(int step) {
    if (view.search().isEmpty()) {
      view.mode(View.Mode.SEARCH);
      return;
    }
    int from = view.found() < 0 ? view.top() : view.found() + step;
    int at = Finder.next(painter.content(), view.search(), from, step);
    if (at >= 0) {
      view.follow(false);
      view.found(at);
      if (at < view.top() || at >= view.top() + painter.contentRows()) {
        view.top(Math.max(0, at - painter.contentRows() / 2));
      }
    }
  }

  private String type(Key key, String words, Scene scene) {
    boolean searching = view.mode() == View.Mode.SEARCH;
    return switch (key) {
      case Key.Typed(int character) -> Finder.typed(words, character);
      case Named.BACKSPACE ->
          words.isEmpty()
              ? words
              : words.substring(0, words.offsetByCodePoints(words.length(), -1));
      case Named.ESCAPE -> {
        view.mode(View.Mode.BROWSE);
        yield "";
      }
      case Named.ENTER -> {
        view.mode(View.Mode.BROWSE);
        if (searching && !words.isEmpty()) {
          find(1);
        }
        yield words;
      }
      case Named.UP, Named.DOWN -> {
        view.move(scene, key == Named.UP ? -1 : 1);
        yield words;
      }
      case Named _ -> words;
    };
  }
}
