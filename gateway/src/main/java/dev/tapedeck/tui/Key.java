package dev.tapedeck.tui;

/** Something that was typed. */
sealed interface Key {

  /** A key that has a name. */
  enum Named implements Key {
    UP,
    DOWN,
    LEFT,
    RIGHT,
    PAGE_UP,
    PAGE_DOWN,
    HOME,
    END,
    TAB,
    BACK_TAB,
    ENTER,
    ESCAPE,
    BACKSPACE,
    REDRAW,
    QUIT,
    /** One that means nothing here. */
    NONE
  }

  /**
   * A character.
   *
   * @param codePoint no control character
   */
  record Typed(int codePoint) implements Key {}
}
