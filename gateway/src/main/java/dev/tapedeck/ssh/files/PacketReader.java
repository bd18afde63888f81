package dev.tapedeck.ssh.files;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Cuts one direction of SFTP into packets ({@code uint32 length, byte type, fields};
 * draft-ietf-secsh-filexfer-02, section 3). Their heads are gathered, the data that they carry is
 * handed on as it comes.
 *
 * <pre>
 *             4 bytes            head complete             body complete
 *   LENGTH ------------> HEAD ------------------> BODY ------------------> REST --packet complete--> LENGTH
 *     |                   |                                                 ^ what nobody asked for
 *     |                   +------- makes no sense: the whole packet --------+
 *     +--no possible length, or {@link #stop}--> LOST: everything from this packet's first byte on
 * </pre>
 *
 * <p>What passes in REST and LOST is added to what was {@link UnparsedBytes}.
 */
final class PacketReader {

  /**
   * The longest packet, without its length: OpenSSH's server and client end the connection at a
   * longer one (SFTP_MAX_MSG_LENGTH).
   */
  static final int MAX_PACKET_BYTES = 256 * 1024;

  private static final int LENGTH_BYTES = 4;

  /** A head's buffer that grew beyond this is not kept for the next packet. */
  private static final int KEEP_BYTES = 8 * 1024;

  private final Packets packets;
  private final UnparsedBytes unread;

  private byte[] head = new byte[256];
  private int gathered;
  private int wanted = LENGTH_BYTES;

  /** The packet's length as it says itself; 0 while that is not known. */
  private int length;

  private Body body = Body.NONE;
  private int bodyLeft;
  private int restLeft;
  private String restReason = "";
  private @Nullable String lost;
  private long understood;

  PacketReader(Packets packets, UnparsedBytes unread) {
    this.packets = packets;
    this.unread = unread;
  }

  void feed(byte[] array, int offset, int size) {
    int at = offset;
    int end = offset + size;
    while (at < end) {
      if (lost != null && gathered == 0) {
        unread.add(array, at, end - at, lost);
        return;
      }
      at += step(array, at, end - at);
    }
  }

  /** Nothing is to be made of this direction from its next packet on. */
  void stop(String why) {
    lost = lost == null ? why : lost;
  }

  /** Whether nothing is made of this direction any more. */
  boolean isLost() {
    return lost != null;
  }

  /** No more comes. */
  void end() {
    if (gathered > 0 && bodyLeft == 0 && restLeft == 0) {
      unread.add(head, 0, gathered, "cut off in the middle of a packet");
      gathered = 0;
    }
  }

  /** How many bytes made sense; with those unread, everything that came. */
  long understood() {
    return understood;
  }

  /** Takes some of the bytes; how many. */
  private int step(byte[] array, int at, int size) {
    if (bodyLeft > 0) {
      int count = Math.min(size, bodyLeft);
      body.sink().accept(array, at, count);
      understood += count;
      bodyLeft -= count;
      finishIfComplete();
      return count;
    }
    if (restLeft > 0) {
      int count = Math.min(size, restLeft);
      unread.add(array, at, count, restReason);
      restLeft -= count;
      finishIfComplete();
      return count;
    }
    int count = Math.min(size, wanted - gathered);
    if (gathered + count > head.length) {
      head = Arrays.copyOf(head, Math.max(gathered + count, Math.min(wanted, 2 * head.length)));
    }
    System.arraycopy(array, at, head, gathered, count);
    gathered += count;
    if (gathered == wanted) {
      advance();
    }
    return count;
  }

  private void advance() {
    if (length == 0) {
      int says = ByteBuffer.wrap(head).getInt();
      if (says < 1 || says > MAX_PACKET_BYTES) {
        lose("a packet of " + Integer.toUnsignedString(says) + " bytes");
        return;
      }
      length = says;
      wanted = LENGTH_BYTES + 1;
      return;
    }
    PacketBuffer fields = new PacketBuffer(head, LENGTH_BYTES, gathered - LENGTH_BYTES);
    try {
      int needed = packets.head(fields, length);
      if (needed > gathered - LENGTH_BYTES) {
        wanted = LENGTH_BYTES + Math.min(needed, length);
        if (wanted > gathered) {
          return;
        }
      }
      begin(new PacketBuffer(head, LENGTH_BYTES, gathered - LENGTH_BYTES));
    } catch (UnreadableException e) {
      refuse(e.why());
    }
  }

  private void begin(PacketBuffer fields) throws UnreadableException {
    Body begun = packets.begin(fields, length);
    int spare = fields.remaining();
    int toCome = LENGTH_BYTES + length - gathered;
    body = begun;
    bodyLeft = Math.min(begun.bytes(), toCome);
    restLeft = toCome - bodyLeft;
    restReason = "more bytes in a packet than it needs";
    understood += gathered - spare;
    unread.add(head, gathered - spare, spare, restReason);
    finishIfComplete();
  }

  private void refuse(String why) {
    unread.add(head, 0, gathered, why);
    restLeft = LENGTH_BYTES + length - gathered;
    restReason = why;
    finishIfComplete();
  }

  private void lose(String why) {
    lost = why;
    unread.add(head, 0, gathered, why);
    reset();
  }

  private void finishIfComplete() {
    if (bodyLeft == 0 && restLeft == 0) {
      reset();
    }
  }

  private void reset() {
    gathered = 0;
    wanted = LENGTH_BYTES;
    length = 0;
    body = Body.NONE;
    if (head.length > KEEP_BYTES) {
      head = new byte[256];
    }
  }

  /** What is made of the packets. */
  interface Packets {

    /**
     * How much of a packet must be there for {@link #begin}; asked again when so much is there.
     *
     * @param soFar its beginning, at least the type
     * @param length of the whole packet, at least 1; what is returned beyond it is not waited for
     * @throws UnreadableException if the packet makes no sense
     */
    int head(PacketBuffer soFar, int length) throws UnreadableException;

    /**
     * A packet's head; what is to be done with the body, which follows where the fields that were
     * taken end.
     *
     * @throws UnreadableException if the packet makes no sense
     */
    Body begin(PacketBuffer head, int length) throws UnreadableException;
  }

  /**
   * The data in a packet.
   *
   * @param bytes how many; at most as many as the packet has left
   */
  record Body(int bytes, Sink sink) {

    static final Body NONE = new Body(0, (_, _, _) -> {});

    /** Data that is read over. */
    static Body skipped(int bytes) {
      return new Body(bytes, (_, _, _) -> {});
    }
  }

  /** Takes data as it comes; it must not be kept. */
  interface Sink {
    void accept(byte[] array, int offset, int length);
  }
}
