package dev.tapedeck.ssh;

import dev.tapedeck.event.Bytes;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Queue;

/**
 * How far a client of SFTP is ahead of the server's answers: who has sent enough waits for them.
 *
 * <p>OpenSSH's server reads whatever is there into a buffer of its own, handles one request at a
 * time, and moves the whole buffer to add to it. With megabytes in it, as PuTTY's pscp sends them
 * without waiting for an answer, it does little else.
 *
 * <p>Each request has one answer, so they need only be counted; only requests that the server gets
 * in whole are, as it will answer them whatever comes next. What makes no sense ends the counting,
 * and nothing waits any more.
 */
final class RequestsAhead {

  /** How many bytes of requests may wait for their answers when more are handed over. */
  static final int LIMIT_BYTES = 256 * 1024;

  /** The longest packet that OpenSSH's server takes. */
  private static final int MAX_PACKET_BYTES = 256 * 1024;

  /** Lengths of the requests that have no answer yet, the oldest first. */
  private final Queue<Integer> unanswered = new ArrayDeque<>();

  private final Packets requests = new Packets();
  private final Packets answers = new Packets();
  private int ahead;
  private boolean over;

  /** Waits until the server has answered most of what it was asked. */
  synchronized void awaitRoom() throws IOException {
    while (ahead > LIMIT_BYTES && !over) {
      try {
        wait();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IOException("interrupted while waiting for the SFTP server", e);
      }
    }
  }

  /** The server is about to be handed this, so that no answer to it can come before. */
  synchronized void asked(Bytes data) {
    if (over || !requests.feed(data, this::asked)) {
      end();
    }
  }

  /** The server said this. */
  synchronized void answered(Bytes data) {
    if (over || !answers.feed(data, _ -> answered())) {
      end();
    }
    if (ahead <= LIMIT_BYTES) {
      notifyAll();
    }
  }

  /** Nothing more is answered, or nobody knows: nothing waits any more. */
  synchronized void end() {
    over = true;
    unanswered.clear();
    notifyAll();
  }

  private void asked(int length) {
    unanswered.add(length);
    ahead += length;
  }

  private void answered() {
    Integer length = unanswered.poll();
    ahead -= length == null ? 0 : length;
  }

  /** One direction, cut into packets: a length of four bytes, then as many more. */
  private static final class Packets {

    private static final int LENGTH_BYTES = 4;

    private int lengthBytes;
    private int length;
    private int left;

    /** False when it makes no sense. */
    boolean feed(Bytes data, Packet packet) {
      byte[] array = data.array();
      int end = data.offset() + data.length();
      int at = data.offset();
      while (at < end) {
        if (lengthBytes < LENGTH_BYTES) {
          length = (length << 8) | (array[at++] & 0xff);
          lengthBytes++;
          left = length;
          if (lengthBytes == LENGTH_BYTES && (length < 1 || length > MAX_PACKET_BYTES)) {
            return false;
          }
        } else {
          int count = Math.min(left, end - at);
          left -= count;
          at += count;
        }
        if (lengthBytes == LENGTH_BYTES && left == 0) {
          packet.complete(LENGTH_BYTES + length);
          lengthBytes = 0;
          length = 0;
        }
      }
      return true;
    }
  }

  private interface Packet {
    void complete(int length);
  }
}
