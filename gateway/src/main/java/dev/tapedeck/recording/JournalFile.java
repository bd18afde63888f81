package dev.tapedeck.recording;

import dev.tapedeck.storage.TapeFile;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The journal's file. One that cannot be written costs nothing but what a crash would take with it:
 * it is tried again after a while. For one thread at a time.
 */
final class JournalFile {

  private static final Logger LOG = LoggerFactory.getLogger(JournalFile.class);

  private static final long RETRY_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

  /** A journal with nothing in flight begins anew when it is longer. */
  private static final long KEPT_BYTES = 256 * 1024;

  private static final byte[] NOTHING = {};

  private final Tape.Owner owner;
  private final String name;
  private @Nullable TapeFile file;
  private boolean failing;
  private long retryAt;

  JournalFile(Tape.Owner owner, String name) {
    this.owner = owner;
    this.name = name;
  }

  void open() throws IOException {
    if (file == null) {
      file = owner.open(name);
    }
  }

  /**
   * @throws IOException if it was not written; also if that is not tried yet again
   */
  void append(byte[] line) throws IOException {
    if (failing && System.nanoTime() - retryAt < 0) {
      throw new IOException(name + " is not written for a while");
    }
    try {
      open();
      TapeFile to = file;
      if (to != null) {
        to.append(line, 0, line.length);
      }
      failing = false;
    } catch (IOException e) {
      if (!failing) {
        LOG.warn(
            "{} cannot be written, a crash would lose what is in flight: {}", name, e.getMessage());
      }
      failing = true;
      retryAt = System.nanoTime() + RETRY_NANOS;
      throw e;
    }
  }

  /** Nothing is in flight. */
  void forget() {
    TapeFile is = file;
    if (is != null && is.length() > KEPT_BYTES) {
      try {
        is.replaceEnd(0, NOTHING, NOTHING);
      } catch (IOException e) {
        LOG.debug("{} goes on growing: {}", name, e.getMessage());
      }
    }
  }

  /**
   * @param done whether everything in it is in the HAR: then it goes
   */
  void seal(boolean done) throws IOException {
    TapeFile is = file;
    file = null;
    if (is != null) {
      is.seal();
      if (done) {
        owner.remove(name);
      }
    }
  }
}
