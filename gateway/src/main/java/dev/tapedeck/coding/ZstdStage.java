package dev.tapedeck.coding;

import com.github.luben.zstd.ZstdDecompressCtx;
import com.github.luben.zstd.ZstdException;
import dev.tapedeck.formats.coding.DecodeException;
import dev.tapedeck.formats.coding.Output;
import dev.tapedeck.formats.coding.Stage;
import java.nio.ByteBuffer;

/**
 * Zstandard (RFC 8878), any number of frames, by zstd's own library.
 *
 * <pre>
 *   MAGIC ──▶ DESCRIPTOR ──▶ FRAME_HEADER ──▶ BLOCK_HEADER ──▶ BLOCK ──▶ CHECKSUM ─┐
 *    ▲  └───▶ SKIP_LENGTH ──▶ SKIP ─┐              ▲             │   (if there is one)
 *    └──────────────────────────────┘              └─────────────┘                 │
 *    └──────────────────────── another frame, or the end ◀─────────────────────────┘
 * </pre>
 *
 * <p>The library does not say where it is, so the heads of frames and blocks are read here, too:
 * what it holds back is the block that is not whole, how much a frame may ask for is decided before
 * it does, and where a body ends is known.
 */
final class ZstdStage implements Stage {

  private enum State {
    MAGIC,
    DESCRIPTOR,
    FRAME_HEADER,
    BLOCK_HEADER,
    BLOCK,
    CHECKSUM,
    SKIP_LENGTH,
    SKIP
  }

  private static final int MAGIC_NUMBER = 0xFD2FB528;
  private static final int SKIPPABLE = 0x184D2A50;
  private static final int SKIPPABLE_MASK = 0xFFFFFFF0;
  private static final int REPEATED = 1;
  private static final int MAX_HEADER_BYTES = 14;
  private static final int SLICE_BYTES = 32 * 1024;
  private static final int MAX_WINDOW_LOG = 23;

  private final Output output;
  private final ZstdDecompressCtx context = new ZstdDecompressCtx().setLongMax(MAX_WINDOW_LOG);
  private final byte[] slice = new byte[SLICE_BYTES];
  private final byte[] held = new byte[MAX_HEADER_BYTES];

  /** Bytes of the part that came, and how many it has. */
  private long have;

  private long needed = 4;
  private State state = State.MAGIC;
  private boolean anyFrame;
  private boolean lastBlock;
  private ZstdFrame frame = new ZstdFrame(false);

  ZstdStage(Output output) {
    this.output = output;
  }

  @Override
  public void feed(byte[] bytes, int offset, int length) throws DecodeException {
    int at = offset;
    int end = offset + length;
    while (at < end) {
      int taken = (int) Math.min(end - at, needed - have);
      switch (state) {
        case SKIP -> {}
        case BLOCK, CHECKSUM -> decode(bytes, at, taken);
        default -> System.arraycopy(bytes, at, held, (int) have, taken);
      }
      have += taken;
      at += taken;
      // What needs nothing more happens now, also when no byte follows.
      while (have == needed) {
        whole();
      }
    }
  }

  private void decode(byte[] bytes, int offset, int length) throws DecodeException {
    ByteBuffer from = ByteBuffer.wrap(bytes, offset, length);
    ByteBuffer to = ByteBuffer.wrap(slice);
    try {
      do {
        to.clear();
        boolean _ = context.decompressByteBufferStream(to, from);
        output.write(slice, 0, to.position());
      } while (from.hasRemaining() || !to.hasRemaining());
    } catch (ZstdException e) {
      throw DecodeException.corrupt("not zstd data: " + e.getMessage());
    }
  }

  private void whole() throws DecodeException {
    switch (state) {
      case MAGIC -> magic();
      case DESCRIPTOR -> need(State.FRAME_HEADER, ZstdFrame.length(held[0]), 1);
      case FRAME_HEADER -> {
        frame = ZstdFrame.read(held);
        decode(held, 0, (int) have);
        need(State.BLOCK_HEADER, 3, 0);
      }
      case BLOCK_HEADER -> blockHeader();
      case BLOCK -> {
        if (!lastBlock) {
          need(State.BLOCK_HEADER, 3, 0);
        } else if (frame.checksum()) {
          need(State.CHECKSUM, 4, 0);
        } else {
          endFrame();
        }
      }
      case CHECKSUM, SKIP -> endFrame();
      case SKIP_LENGTH -> need(State.SKIP, number(4), 0);
    }
  }

  /** The next state, and how many bytes it needs, of which some are there. */
  private void need(State next, long bytes, int kept) {
    state = next;
    needed = bytes;
    have = kept;
  }

  private void magic() throws DecodeException {
    int magic = (int) number(4);
    if (magic == MAGIC_NUMBER) {
      decode(held, 0, 4);
      need(State.DESCRIPTOR, 1, 0);
    } else if ((magic & SKIPPABLE_MASK) == SKIPPABLE) {
      need(State.SKIP_LENGTH, 4, 0);
    } else {
      throw DecodeException.corrupt(
          anyFrame ? "bytes follow the end of the zstd data" : "does not begin as zstd data does");
    }
  }

  private long number(int count) {
    long value = 0;
    for (int i = 0; i < count; i++) {
      value |= (held[i] & 0xffL) << (8 * i);
    }
    return value;
  }

  private void blockHeader() throws DecodeException {
    int header = (int) number(3);
    lastBlock = (header & 1) != 0;
    decode(held, 0, 3);
    need(State.BLOCK, (header >> 1 & 3) == REPEATED ? 1 : header >> 3, 0);
  }

  private void endFrame() {
    anyFrame = true;
    need(State.MAGIC, 4, 0);
  }

  @Override
  public boolean holds() {
    return state == State.BLOCK && have > 0;
  }

  @Override
  public void finish() throws DecodeException {
    if (state != State.MAGIC || have > 0) {
      throw DecodeException.truncated(
          switch (state) {
            case MAGIC, DESCRIPTOR, FRAME_HEADER, SKIP_LENGTH, SKIP ->
                "ends inside a zstd frame's header";
            case BLOCK_HEADER, BLOCK -> "ends inside zstd data";
            case CHECKSUM -> "ends before the checksum of the zstd data";
          });
    }
  }

  @Override
  public void close() {
    context.close();
  }
}
