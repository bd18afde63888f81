package dev.tapedeck.recording;

import dev.tapedeck.storage.TapeFile;
import java.io.ByteArrayOutputStream;
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

  /** Lines that wait to be written together; more are written at once. */
  static final int MAX_PENDING_BYTES = 64 * 1024;

  private static final byte[] NOTHING = {};

  private final Tape.Owner owner;
  private final String name;
  private final ByteArrayOutputStream pending = new ByteArrayOutputStream();
  private @Nullable TapeFile file;
  private boolean sealed;
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

  /** Takes a line that is written with others before long: by {@link #flush} or the next append. */
  void hold(byte[] line) {
    pending.writeBytes(line);
  }

  /** Whether so much would be held that it is better written now. */
  boolean isFullWith(byte[] line) {
    return pending.size() + line.length > MAX_PENDING_BYTES;
  }

  /**
   * Writes a line behind those that were held.
   *
   * @throws IOException as {@link #flush}
   */
  void append(byte[] line) throws IOException {
    if (pending.size() == 0 && !sealed) {
      write(line);
      return;
    }
    pending.writeBytes(line);
    flush();
  }

  /**
   * Writes what was held.
   *
   * @throws IOException if it was not written, and is lost; also if that is not tried yet again
   */
  void flush() throws IOException {
    if (pending.size() == 0 || sealed) {
      return;
    }
    byte[] lines = pending.toByteArray();
    pending.reset();
    write(lines);
  }

  private void write(byte[] lines) throws IOException {
    if (failing && System.nanoTime() - retryAt < 0) {
      throw new IOException(name + " is not written for a while");
    }
    try {
      open();
      TapeFile to = file;
      if (to != null) {
        to.append(lines, 0, lines.length);
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
    if (!done) {
      flush();
    }
    sealed = true;
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
