package dev.tapedeck.recording;

import dev.tapedeck.event.HttpEvent;
import dev.tapedeck.event.HttpEvent.End;
import dev.tapedeck.formats.json.Json.Obj;
import dev.tapedeck.storage.AppendFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes entries of the exchanges that are over, in order, from the journal into the HAR. What the
 * disk does not take stays in the journal and is tried again. Safe for use by many threads.
 */
final class EntryMaker {

  private static final Logger LOG = LoggerFactory.getLogger(EntryMaker.class);

  private final TrackWriter.Owner owner;
  private final String track;
  private final HarFile har;
  private final Source source;
  private final Consumer<Obj> entries;

  /** Held by whoever makes an entry. */
  private final ReentrantLock making = new ReentrantLock();

  private final Queue<Over> finished = new ConcurrentLinkedQueue<>();

  /** Whether the journal alone has an exchange whose entry could not be made. */
  private volatile boolean missingOne;

  /** How many exchanges the disk did not take until the end. */
  private int givenUp;

  /**
   * An exchange that becomes an entry.
   *
   * @param time of its end
   * @param why it has no end of its own; null if it has
   */
  private record Over(JournaledExchange exchange, long time, @Nullable String why) {}

  /** The journal. */
  interface Source {

    /** The file. */
    Path path() throws IOException;

    /** Writes the journal as far as the exchange's bodies are read back from it. */
    void needs(JournaledExchange exchange) throws IOException;

    /** Notes that the exchange is in the HAR. */
    void written(JournaledExchange exchange, long time) throws IOException;

    /** The exchange needs the journal no more. */
    void done(JournaledExchange exchange);

    /** Something is in no recording. */
    void lose(long time, HttpEvent.Missing missing);
  }

  /**
   * @param track its name, which begins the names of files beside the HAR
   * @param entries told of each entry, once it is written
   */
  EntryMaker(
      TrackWriter.Owner owner, String track, HarFile har, Source source, Consumer<Obj> entries) {
    this.owner = owner;
    this.track = track;
    this.har = har;
    this.source = source;
    this.entries = entries;
  }

  /** Takes an exchange that {@link #makeAll} makes an entry of. */
  void add(JournaledExchange exchange, long time, @Nullable String why) {
    finished.add(new Over(exchange, time, why));
  }

  /** Whether the journal alone has an exchange whose entry could not be made. */
  boolean isMissingOne() {
    return missingOne;
  }

  /** Makes an entry at once, or fails. */
  void make(JournaledExchange exchange, long time) throws IOException {
    making.lock();
    try {
      compose(new Over(exchange, time, null));
    } finally {
      making.unlock();
    }
  }

  /** Makes entries of what is over, up to one that the disk does not take. */
  void makeAll() {
    making.lock();
    try {
      Over over;
      while ((over = finished.peek()) != null) {
        if (har.rests() || !tried(over)) {
          owner.later(this::makeAll, har.restMillis());
          return;
        }
        finished.remove(over);
      }
    } finally {
      making.unlock();
    }
  }

  /** The last try for what waits: what has no entry after it is a gap. */
  void makeLast() {
    making.lock();
    try {
      har.hurry();
      Over over;
      while ((over = finished.poll()) != null) {
        if (!tried(over)) {
          LOG.warn("{} stays without an exchange: the journal alone has it", har.name());
          har.giveUp(over.exchange.size());
          givenUp++;
          source.done(over.exchange);
        }
      }
    } finally {
      making.unlock();
    }
  }

  /** Whether every exchange that came is in the HAR. */
  boolean isWhole() {
    return finished.isEmpty() && givenUp == 0 && !missingOne;
  }

  /** Nothing more comes. */
  boolean seal() throws IOException {
    making.lock();
    try {
      return har.seal();
    } finally {
      making.unlock();
    }
  }

  /** Makes an entry; false if that is to be tried again. */
  private boolean tried(Over over) {
    try {
      compose(over);
    } catch (IOException e) {
      har.note(e);
      return false;
    } catch (RuntimeException | Error e) {
      LOG.error("An exchange has no entry in {}; its journal stays", har.name(), e);
      missingOne = true;
      source.lose(
          over.time,
          new HttpEvent.Missing(
              over.exchange.number(),
              HttpEvent.Side.RESPONSE,
              over.exchange.size(),
              "its entry could not be made",
              /* gap= */ true));
      source.done(over.exchange);
    }
    return true;
  }

  private void compose(Over over) throws IOException {
    ComposedEntry made;
    try {
      source.needs(over.exchange);
      made =
          ComposedEntry.of(
              over.exchange, source.path(), track, this::bodyFile, End.CLIENT_ABORT, over.why);
    } catch (IOException e) {
      har.fail(over.time, e);
      throw e;
    }
    har.append(made.json(), over.time);
    source.written(over.exchange, over.time);
    source.done(over.exchange);
    try {
      entries.accept(made.entry());
    } catch (RuntimeException | Error e) {
      LOG.error("Not everybody was told of an entry of {}", har.name(), e);
    }
  }

  private AppendFile bodyFile(String name) throws IOException {
    owner.remove(name);
    return owner.open(name);
  }
}
