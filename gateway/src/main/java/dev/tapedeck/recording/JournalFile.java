package dev.tapedeck.recording;

import dev.tapedeck.storage.AppendFile;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The journal's file. Lines are taken in order and have their places at once; what cannot be
 * written waits in memory up to a limit and is tried again. For one thread at a time.
 */
final class JournalFile {

  private static final Logger LOG = LoggerFactory.getLogger(JournalFile.class);

  /** How long a disk that failed is left alone. */
  static final long RETRY_MILLIS = 200;

  /** A journal with nothing in flight begins anew when it is longer. */
  private static final long KEPT_BYTES = 256 * 1024;

  /** Lines that wait to be written together; more are written at once. */
  static final int MAX_PENDING_BYTES = 64 * 1024;

  /** Lines that wait for a disk that fails are kept up to so many bytes. */
  static final long MAX_WAITING_BYTES = 32L << 20;

  /** So much more is kept of what is no body: without it a body's place is not known. */
  private static final long OTHERS_BYTES = 1 << 20;

  /** A line of so many bytes is written by itself, uncopied. */
  private static final int LARGE_BYTES = 16 * 1024;

  private static final byte[] NOTHING = {};

  private final TrackWriter.Owner owner;
  private final String name;
  private final Deque<byte[]> waiting = new ArrayDeque<>();
  private long waitingBytes;
  private @Nullable AppendFile file;
  private boolean sealed;
  private boolean failing;
  private long retryAt;

  JournalFile(TrackWriter.Owner owner, String name) {
    this.owner = owner;
    this.name = name;
  }

  String name() {
    return name;
  }

  void open() throws IOException {
    if (file == null) {
      file = owner.open(name);
    }
  }

  /** Up to where the file is written. */
  long written() {
    AppendFile is = file;
    return is == null ? 0 : is.length();
  }

  /** Where the next line will stand. */
  long end() {
    return written() + waitingBytes;
  }

  /** Whether lines wait to be written. */
  boolean isBehind() {
    return waitingBytes > 0;
  }

  /** Whether so much waits that it is better written now. */
  boolean isFull() {
    return waitingBytes > MAX_PENDING_BYTES;
  }

  /**
   * Takes a line that {@link #flush} writes, if there is room for it.
   *
   * @param body whether it is a body's, which can be said to be missing
   * @return false if it was not taken
   */
  boolean hold(byte[] line, boolean body) {
    long limit = MAX_WAITING_BYTES + (body ? 0 : OTHERS_BYTES);
    // A line or two always find room: else nothing would ever be written.
    boolean pending = waitingBytes + line.length <= MAX_PENDING_BYTES;
    if (sealed
        || waitingBytes + line.length > limit
        || (!InMemory.take(line.length) && !(pending && forced(line)))) {
      return false;
    }
    waiting.add(line);
    waitingBytes += line.length;
    return true;
  }

  private static boolean forced(byte[] line) {
    InMemory.give(-line.length);
    return true;
  }

  /**
   * Writes a line or says that it could not: then it is not in the journal.
   *
   * @throws IOException if it was not written
   */
  void append(byte[] line) throws IOException {
    flush();
    write(line);
  }

  /**
   * Writes what waits. What cannot be written waits on.
   *
   * @throws IOException if not all was written; also if that is not tried yet again
   */
  void flush() throws IOException {
    while (!waiting.isEmpty() && !sealed) {
      if (failing && System.nanoTime() - retryAt < 0) {
        throw new IOException(name + " is not written for a while");
      }
      byte[] first = waiting.element();
      int count = 1;
      if (first.length < LARGE_BYTES) {
        ByteArrayOutputStream lines = new ByteArrayOutputStream(MAX_PENDING_BYTES);
        count = 0;
        for (byte[] line : waiting) {
          if (lines.size() + line.length > MAX_PENDING_BYTES) {
            break;
          }
          lines.writeBytes(line);
          count++;
        }
        first = lines.toByteArray();
      }
      write(first);
      for (; count > 0; count--) {
        waiting.remove();
      }
      waitingBytes -= first.length;
      InMemory.give(first.length);
    }
  }

  private void write(byte[] lines) throws IOException {
    try {
      open();
      AppendFile to = file;
      if (to != null) {
        to.append(lines, 0, lines.length);
      }
      failing = false;
    } catch (IOException e) {
      if (!failing) {
        LOG.warn("{} cannot be written, what is in flight waits: {}", name, e.getMessage());
      }
      failing = true;
      retryAt = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(RETRY_MILLIS);
      throw e;
    }
  }

  /** The disk is tried again at once. */
  void hurry() {
    failing = false;
  }

  /** Nothing is in flight. */
  void forget() {
    AppendFile is = file;
    if (is != null && is.length() > KEPT_BYTES && waiting.isEmpty()) {
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
    sealed = true;
    InMemory.give(waitingBytes);
    waiting.clear();
    waitingBytes = 0;
    AppendFile is = file;
    file = null;
    if (is != null) {
      is.seal();
      if (done) {
        owner.remove(name);
      }
    }
  }
}
