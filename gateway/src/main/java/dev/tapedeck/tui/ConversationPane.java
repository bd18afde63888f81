package dev.tapedeck.tui;

import dev.tapedeck.live.Scene.Chosen;
import dev.tapedeck.live.Turn;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import org.jline.utils.AttributedString;
import org.jline.utils.AttributedStringBuilder;
import org.jspecify.annotations.Nullable;

/**
 * A conversation in lines. A turn that has not changed is not broken into lines again: of a long
 * conversation that streams only its last turn is.
 */
final class ConversationPane {

  private final ZoneId zone;
  private IdentityHashMap<Turn, List<AttributedString>> known = new IdentityHashMap<>();
  private List<AttributedString> lines = List.of();
  private @Nullable Chosen shown;
  private int cells;
  private boolean whole;

  ConversationPane(ZoneId zone) {
    this.zone = zone;
  }

  /** The lines; the same list as long as nothing changes. */
  @SuppressWarnings("ReferenceEquality") // what has not changed is the same object
  List<AttributedString> lines(Chosen chosen, int wantedCells, boolean wantedWhole) {
    if (chosen == shown && wantedCells == cells && wantedWhole == whole) {
      return lines;
    }
    if (wantedCells != cells || wantedWhole != whole) {
      known.clear();
      cells = wantedCells;
      whole = wantedWhole;
    }
    shown = chosen;
    IdentityHashMap<Turn, List<AttributedString>> now = new IdentityHashMap<>();
    List<AttributedString> all = new ArrayList<>();
    if (chosen.leftOut() > 0) {
      all.add(faint(chosen.leftOut() + " earlier exchanges are not shown"));
    }
    for (Turn turn : chosen.turns()) {
      List<AttributedString> each = known.get(turn);
      if (each == null) {
        each = TurnLines.of(turn, cells, whole, zone);
      }
      now.put(turn, each);
      all.addAll(each);
    }
    if (chosen.turns().isEmpty()) {
      all.add(faint(chosen.loading() ? "Reading the recording..." : empty(chosen)));
    }
    known = now;
    lines = all;
    return all;
  }

  private static String empty(Chosen chosen) {
    return chosen.terminals().isEmpty()
        ? "Nothing was said yet."
        : "Nothing was said to a model yet; Tab shows the terminal.";
  }

  private static AttributedString faint(String text) {
    return new AttributedStringBuilder().append(text, Theme.FAINT).toAttributedString();
  }
}
