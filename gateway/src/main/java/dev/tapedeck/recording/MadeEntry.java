package dev.tapedeck.recording;

import dev.tapedeck.event.HttpEvent.End;
import dev.tapedeck.formats.bytes.Blocks;
import dev.tapedeck.formats.har.HarEntry;
import dev.tapedeck.formats.json.Json.Obj;
import dev.tapedeck.formats.json.JsonText;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/**
 * An exchange as an entry of a HAR.
 *
 * @param json the entry as it is written
 */
record MadeEntry(Obj entry, Blocks json) {

  /** An exchange with more than this waits while another such one becomes an entry. */
  private static final long LARGE_BYTES = 4L << 20;

  /** An entry takes several times its bodies' memory while it is made: one of all sessions. */
  private static final Semaphore LARGE = new Semaphore(1);

  /**
   * Makes the entry; the capture's bodies are gone afterwards.
   *
   * @param why the exchange has no end of its own, in a sentence; null if it has
   */
  static MadeEntry of(ExchangeCapture capture, @Nullable String why) {
    if (capture.size() <= LARGE_BYTES) {
      return make(capture, why);
    }
    LARGE.acquireUninterruptibly();
    try {
      return make(capture, why);
    } finally {
      LARGE.release();
    }
  }

  private static MadeEntry make(ExchangeCapture capture, @Nullable String why) {
    Obj entry = HarEntry.of(capture.take(End.CLIENT_ABORT, why));
    // Where the session's other tracks have the same moment.
    entry.put("_time", HarFile.seconds(capture.begun()));
    Blocks json = new Blocks();
    JsonText.write(entry, json);
    return new MadeEntry(entry, json);
  }
}
