package dev.tapedeck.formats.llm;

import dev.tapedeck.formats.json.Json;
import org.jspecify.annotations.Nullable;

/**
 * A part of a message that is being put together. Its {@link #view} is made when somebody asks, and
 * kept until the part changes, so that looking at a long message costs what is new in it.
 */
abstract sealed class Growing permits Draft, DraftList, GrowingArray, GrowingText {

  private @Nullable Growing parent;
  private @Nullable Json view;

  /** The value so far. It does not change with this, but shares parts with other views. */
  final Json view() {
    Json made = view;
    if (made == null) {
      made = make();
      view = made;
    }
    return made;
  }

  abstract Json make();

  final void changed() {
    for (Growing each = this; each != null && each.view != null; each = each.parent) {
      each.view = null;
    }
  }

  final void under(Growing holder) {
    parent = holder;
  }
}
