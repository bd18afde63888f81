package dev.tapedeck.cli;

import dev.tapedeck.api.Budgets.Tokens;
import dev.tapedeck.api.Consumption;
import dev.tapedeck.event.SessionId;
import dev.tapedeck.formats.json.Json.Obj;
import dev.tapedeck.recording.RecordingListener;
import dev.tapedeck.session.SessionRecord;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Tells what exchanges used, as soon as they are on record. */
final class BudgetListener implements RecordingListener {

  private final Consumption consumption;
  private final Map<SessionId, String> users = new ConcurrentHashMap<>();

  BudgetListener(Consumption consumption) {
    this.consumption = consumption;
  }

  @Override
  public void session(SessionRecord session) {
    if (session.ended() == null) {
      users.put(session.id(), session.user());
    } else {
      users.remove(session.id());
    }
  }

  @Override
  public void exchange(SessionId session, String track, Obj entry) {
    Obj usage = entry.object("_usage");
    String user = users.get(session);
    if (usage != null && user != null) {
      Tokens tokens =
          new Tokens(
              count(usage, "input"),
              count(usage, "output"),
              count(usage, "cache_read"),
              count(usage, "cache_write"));
      consumption.used(session, user, entry.string("_model"), tokens);
    }
  }

  private static long count(Obj usage, String name) {
    return Math.max(0, usage.integer(name).orElse(0));
  }
}
