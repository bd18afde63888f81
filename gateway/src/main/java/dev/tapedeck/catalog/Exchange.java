package dev.tapedeck.catalog;

import dev.tapedeck.event.SessionId;
import dev.tapedeck.formats.json.Json.Obj;

/** An exchange that waits to be written: its facts and what was said in it. */
record Exchange(SessionId session, ExchangeRecord exchange, ExchangeText said) {

  /**
   * What is kept of an entry.
   *
   * @param entry as it stands in the HAR; nothing of it is changed
   */
  static Exchange of(SessionId session, String track, Obj entry) {
    return new Exchange(session, ExchangeRecord.of(track, entry), ExchangeText.of(entry));
  }
}
