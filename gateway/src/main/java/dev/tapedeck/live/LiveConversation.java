package dev.tapedeck.live;

import dev.tapedeck.event.HttpEvent;
import dev.tapedeck.formats.json.Json.Obj;
import dev.tapedeck.formats.llm.Part;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The conversation of one session: what is recorded whole, from its HAR's entries, and what is in
 * flight, from events.
 *
 * <pre>
 *   requested --> in flight --finished--> over --entry--> as recorded
 *       \-- restart (the events are told anew) --/
 * </pre>
 *
 * <p>Holds the newest {@value #MAX_TURNS} turns, and of those the newest {@value #MAX_CHARS}
 * characters. For one thread at a time.
 */
public final class LiveConversation {

  static final int MAX_TURNS = 5_000;
  static final long MAX_CHARS = 32L << 20;

  private final TreeMap<Long, Turn> turns = new TreeMap<>();
  private final Map<Long, LiveExchange> flying = new HashMap<>();
  private final SeenParts seen = new SeenParts();
  private long chars;
  private long leftOut;

  /**
   * Something happened to an exchange.
   *
   * @param nanos of the session's clock
   */
  public void happened(HttpEvent event, long nanos) {
    Turn known = turns.get(event.exchange());
    if (known != null && known.over() && !flying.containsKey(event.exchange())) {
      return;
    }
    if (event instanceof HttpEvent.Requested requested) {
      LiveExchange before = flying.put(event.exchange(), new LiveExchange(requested, nanos, seen));
      if (before != null) {
        before.close();
      }
      return;
    }
    LiveExchange exchange = flying.get(event.exchange());
    if (exchange != null) {
      exchange.take(event, nanos);
    }
  }

  /** The entry of an exchange that has ended: from now on it is shown as it is recorded. */
  public void entry(Obj entry) {
    RecordedExchange recorded = new RecordedExchange(entry);
    long number = recorded.number() > 0 ? recorded.number() : next();
    LiveExchange live = flying.remove(number);
    List<Part> news = live == null ? null : live.news();
    put(recorded.turn(number, news == null ? seen.news(recorded.asks()) : news));
    if (live == null || !live.over()) {
      seen.answered(recorded.answers());
    }
    if (live != null) {
      live.close();
    }
  }

  private long next() {
    return turns.isEmpty() ? 1 : turns.lastKey() + 1;
  }

  private void put(Turn turn) {
    Turn before = turns.put(turn.exchange(), turn);
    chars += turn.size() - (before == null ? 0 : before.size());
    while (turns.size() > MAX_TURNS) {
      chars -= turns.pollFirstEntry().getValue().size();
      leftOut++;
    }
    if (chars > MAX_CHARS) {
      forgetOldest();
    }
  }

  /** Down to three quarters, so that this is seldom done. */
  private void forgetOldest() {
    for (Map.Entry<Long, Turn> each : turns.entrySet()) {
      if (chars <= MAX_CHARS / 4 * 3 || each.getKey().equals(turns.lastKey())) {
        return;
      }
      chars -= each.getValue().size();
      each.setValue(each.getValue().withoutText());
    }
  }

  /** How many exchanges there were before the first of {@link #turns}. */
  public long leftOut() {
    return leftOut;
  }

  /** All turns, oldest first. One that has not changed is the same object as before. */
  public List<Turn> turns() {
    if (flying.isEmpty()) {
      return new ArrayList<>(turns.values());
    }
    TreeMap<Long, Turn> all = new TreeMap<>(turns);
    flying.forEach((number, exchange) -> all.put(number, exchange.turn()));
    return new ArrayList<>(all.values());
  }

  /** Nothing more comes: what exchanges in flight hold is given back. */
  public void close() {
    flying.values().forEach(LiveExchange::close);
  }
}
