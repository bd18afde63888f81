package dev.tapedeck.ssh.files;

import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The SHA-256 of bytes that come with their offsets, as long as they make up a whole from 0 on.
 *
 * <p>Bytes that come too early are kept until their turn, within a window that all files of a
 * conversation share. Bytes that come twice, or too far ahead of their turn, end it.
 */
final class OrderedDigest {

  private final Window window;
  private final TreeMap<Long, byte[]> early = new TreeMap<>();
  private @Nullable Sha256 digest;
  private long next;
  private boolean spoiled;

  OrderedDigest(Window window) {
    this.window = window;
  }

  void add(long at, byte[] array, int offset, int length) {
    if (spoiled || length == 0) {
      return;
    }
    if (at == next) {
      take(array, offset, length);
      drain();
    } else if (at < next || early.containsKey(at) || !window.take(length)) {
      spoil();
    } else {
      byte[] copy = new byte[length];
      System.arraycopy(array, offset, copy, 0, length);
      early.put(at, copy);
    }
  }

  /** What was added is not what the file holds. */
  void spoil() {
    spoiled = true;
    for (byte[] kept : early.values()) {
      window.give(kept.length);
    }
    early.clear();
  }

  /** Whether {@code bytes} bytes from 0 on is just what was added. */
  boolean isWhole(long bytes) {
    return !spoiled && early.isEmpty() && next == bytes;
  }

  /**
   * In hex; null unless {@code bytes} bytes from 0 on is just what was added. To be called once.
   */
  @Nullable String hex(long bytes) {
    boolean whole = isWhole(bytes);
    spoil();
    return whole ? sha256().hex() : null;
  }

  private void drain() {
    for (Map.Entry<Long, byte[]> first = early.firstEntry();
        first != null && first.getKey() <= next;
        first = early.firstEntry()) {
      if (first.getKey() < next) {
        spoil();
        return;
      }
      byte[] kept = first.getValue();
      early.pollFirstEntry();
      window.give(kept.length);
      take(kept, 0, kept.length);
    }
  }

  private void take(byte[] array, int offset, int length) {
    sha256().update(array, offset, length);
    next += length;
  }

  private Sha256 sha256() {
    Sha256 made = digest;
    if (made == null) {
      made = new Sha256();
      digest = made;
    }
    return made;
  }

  /** How much may be kept because it came too early, by all files of a conversation together. */
  static final class Window {

    /**
     * 128 requests of 32 KiB: twice what OpenSSH's client has under way. Beyond it a file's SHA-256
     * is left out.
     */
    static final int MAX_BYTES = 4 * 1024 * 1024;

    /** What a piece costs beside its bytes. */
    private static final int PIECE_BYTES = 64;

    private long left = MAX_BYTES;

    private boolean take(int bytes) {
      if (bytes + PIECE_BYTES > left) {
        return false;
      }
      left -= bytes + PIECE_BYTES;
      return true;
    }

    private void give(int bytes) {
      left += bytes + PIECE_BYTES;
    }
  }
}
