package dev.tapedeck.tui;

import org.jline.utils.AttributedStyle;

/** The colours: the terminal's own sixteen, so that they suit it. */
final class Theme {

  static final AttributedStyle PLAIN = AttributedStyle.DEFAULT;
  static final AttributedStyle FAINT =
      PLAIN.foreground(AttributedStyle.BRIGHT | AttributedStyle.BLACK);
  static final AttributedStyle BAR = PLAIN.inverse();
  static final AttributedStyle BOLD = PLAIN.bold();
  static final AttributedStyle LIVE = PLAIN.bold().foreground(AttributedStyle.GREEN);
  static final AttributedStyle BAD = PLAIN.bold().foreground(AttributedStyle.RED);
  static final AttributedStyle WARN = PLAIN.foreground(AttributedStyle.YELLOW);
  static final AttributedStyle USER = PLAIN.bold().foreground(AttributedStyle.CYAN);
  static final AttributedStyle ASSISTANT = PLAIN.bold().foreground(AttributedStyle.GREEN);
  static final AttributedStyle TOOL = PLAIN.bold().foreground(AttributedStyle.YELLOW);
  static final AttributedStyle SYSTEM = PLAIN.bold().foreground(AttributedStyle.MAGENTA);
  static final AttributedStyle THINKING =
      PLAIN.italic().foreground(AttributedStyle.BRIGHT | AttributedStyle.BLACK);
  static final AttributedStyle CHOSEN = PLAIN.inverse();
  static final AttributedStyle FOUND =
      PLAIN.background(AttributedStyle.YELLOW).foreground(AttributedStyle.BLACK);

  private Theme() {}
}
