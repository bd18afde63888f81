package dev.tapedeck.catalog;

import dev.tapedeck.session.SessionRecord;
import java.util.List;

/** Which session somebody means by an id, the beginning of one, or {@code latest}. */
public sealed interface Resolution {

  /** This one. */
  record Found(SessionRecord session) implements Resolution {}

  /** There is none. */
  record None() implements Resolution {}

  /**
   * There are several.
   *
   * @param candidates newest first; the first few where there are many
   */
  record Ambiguous(List<SessionRecord> candidates) implements Resolution {

    public Ambiguous {
      candidates = List.copyOf(candidates);
    }
  }
}
