package dev.tapedeck.cli.run;

import dev.tapedeck.event.SessionId;
import dev.tapedeck.formats.json.Json.Obj;
import dev.tapedeck.recording.RecordingListener;
import dev.tapedeck.session.SessionRecord;
import java.time.Duration;
import java.util.Locale;

/** Counts what a run's exchanges were, for the line at its end. Safe for use by many threads. */
public final class RunSummary implements RecordingListener {

  private static final long MILLIS_PER_SECOND = 1_000;
  private static final long SECONDS_PER_MINUTE = 60;

  private long exchanges;
  private long input;
  private long output;

  @Override
  public void session(SessionRecord session) {
    // The exchanges come one by one.
  }

  @Override
  public synchronized void exchange(SessionId session, String track, Obj entry) {
    exchanges++;
    Obj usage = entry.object("_usage");
    if (usage != null) {
      input += count(usage, "input") + count(usage, "cache_read") + count(usage, "cache_write");
      output += count(usage, "output");
    }
  }

  private static long count(Obj usage, String name) {
    return usage.integer(name).orElse(0);
  }

  /**
   * One line: {@code 12.3 s, 2 exchanges, 1034 tokens in, 52 out, recorded in FOLDER}.
   *
   * @param where what is said of the recording
   */
  public synchronized String line(Duration time, String where) {
    return String.format(
        Locale.ROOT,
        "%s, %d exchange%s, %d tokens in, %d out, %s",
        time(time),
        exchanges,
        exchanges == 1 ? "" : "s",
        input,
        output,
        where);
  }

  private static String time(Duration time) {
    if (time.toSeconds() < SECONDS_PER_MINUTE) {
      return String.format(Locale.ROOT, "%.1f s", time.toMillis() / (double) MILLIS_PER_SECOND);
    }
    return time.toMinutes() + " min " + time.toSecondsPart() + " s";
  }
}
