package dev.tapedeck.tui;

import java.util.ArrayList;
import java.util.List;
import org.jline.utils.AttributedString;

/** What the keys do. */
final class Help {

  private static final String TEXT =
      """

       Up Down       the session above or below
       Tab           conversation, then each terminal
       PgUp PgDn     scroll by a page (b, Space)
       j k           scroll by a line
       g G           beginning, end
       Left Right    a terminal's hidden columns
       f             follow what comes, or stay
       e             long texts whole, or short
       z             without the list of sessions
       /             only sessions with these words
       s n N         search, next, previous
       q             quit

       ● live  ○ over  3x: three exchanges
       12.3k/940: tokens in and out
      """;

  private Help() {}

  static List<AttributedString> lines() {
    List<AttributedString> lines = new ArrayList<>();
    TEXT.lines().forEach(line -> lines.add(new AttributedString(line, Theme.PLAIN)));
    return lines;
  }
}
