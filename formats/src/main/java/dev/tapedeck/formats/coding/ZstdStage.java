package dev.tapedeck.formats.coding;

/**
 * Zstandard (RFC 8878), any number of frames.
 *
 * <pre>
 *   MAGIC ──▶ DESCRIPTOR ──▶ FRAME_HEADER ──▶ BLOCK_HEADER ──▶ BLOCK ──▶ CHECKSUM ─┐
 *    ▲  └───▶ SKIP_LENGTH ──▶ SKIP ─┐              ▲             │   (if there is one)
 *    └──────────────────────────────┘              └─────────────┘                 │
 *    └──────────────────────── another frame, or the end ◀─────────────────────────┘
 * </pre>
 *
 * <p>Each state needs so many bytes and gathers them. A sender that flushes ends a block, and a
 * block is decoded when its last byte is there.
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
  private static final int RAW = 0;
  private static final int REPEATED = 1;
  private static final int COMPRESSED = 2;

  private final Output output;
  private XxHash64 hash = new XxHash64();
  private ZstdFrame frame = new ZstdFrame(0, -1, false);
  private Window window;
  private ZstdBlock blocks;
  private State state = State.MAGIC;
  private byte[] held = new byte[16 + ZstdBits.PADDING];
  private int heldCount;
  private long needed = 4;
  private boolean anyFrame;
  private boolean lastBlock;
  private int blockType;
  private int blockSize;

  ZstdStage(Output output) {
    this.output = output;
    window = new Window(0, output);
    blocks = new ZstdBlock(window, 0);
  }

  @Override
  public void feed(byte[] bytes, int offset, int length) throws Stopped {
    int at = offset;
    int end = offset + length;
    try {
      while (at < end) {
        int taken = (int) Math.min(end - at, needed - heldCount);
        if (state == State.SKIP) {
          needed -= taken;
        } else {
          hold(bytes, at, taken);
        }
        at += taken;
        // What needs nothing more happens now, also when no byte follows.
        while (heldCount == needed) {
          whole();
        }
      }
    } finally {
      window.flush();
    }
  }

  private void hold(byte[] bytes, int at, int count) {
    int capacity = heldCount + count + ZstdBits.PADDING;
    if (held.length < capacity) {
      byte[] larger = new byte[Math.max(2 * held.length, capacity)];
      System.arraycopy(held, 0, larger, 0, heldCount);
      held = larger;
    }
    System.arraycopy(bytes, at, held, heldCount, count);
    heldCount += count;
  }

  private void whole() throws Stopped {
    switch (state) {
      case MAGIC -> magic();
      case DESCRIPTOR -> need(State.FRAME_HEADER, ZstdFrame.length(held[0]), 1);
      case FRAME_HEADER -> frameHeader();
      case BLOCK_HEADER -> blockHeader();
      case BLOCK -> block();
      case CHECKSUM -> {
        window.flush();
        if ((int) number(4) != (int) hash.value()) {
          throw Stopped.corrupt("the checksum of the zstd data does not match");
        }
        endFrame();
      }
      case SKIP_LENGTH -> need(State.SKIP, number(4), 0);
      case SKIP -> endFrame();
    }
  }

  /** The next state, and how many bytes it needs, of which some are held and stay. */
  private void need(State next, long bytes, int kept) {
    state = next;
    needed = bytes;
    heldCount = kept;
  }

  private void magic() throws Stopped {
    int magic = (int) number(4);
    if (magic == MAGIC_NUMBER) {
      need(State.DESCRIPTOR, 1, 0);
    } else if ((magic & SKIPPABLE_MASK) == SKIPPABLE) {
      need(State.SKIP_LENGTH, 4, 0);
    } else {
      throw Stopped.corrupt(
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

  private void frameHeader() throws Stopped {
    frame = ZstdFrame.read(held);
    hash = new XxHash64();
    XxHash64 frameHash = hash;
    window =
        new Window(
            frame.windowBytes(),
            new Output(
                (bytes, offset, length) -> {
                  frameHash.update(bytes, offset, length);
                  output.write(bytes, offset, length);
                },
                Long.MAX_VALUE));
    blocks = new ZstdBlock(window, maxBlockBytes());
    need(State.BLOCK_HEADER, 3, 0);
  }

  private int maxBlockBytes() {
    return Math.min(frame.windowBytes(), ZstdBlock.MAX_BYTES);
  }

  private void blockHeader() throws Stopped {
    int header = (int) number(3);
    lastBlock = (header & 1) != 0;
    blockType = header >> 1 & 3;
    blockSize = header >> 3;
    if (blockType > COMPRESSED || blockSize > maxBlockBytes()) {
      throw Stopped.corrupt("a zstd block of type " + blockType + " and " + blockSize + " bytes");
    }
    need(State.BLOCK, blockType == REPEATED ? 1 : blockSize, 0);
  }

  private void block() throws Stopped {
    switch (blockType) {
      case RAW -> window.put(held, 0, blockSize);
      case REPEATED -> window.fill(held[0], blockSize);
      default -> blocks.decode(held, blockSize);
    }
    if (!lastBlock) {
      need(State.BLOCK_HEADER, 3, 0);
      return;
    }
    if (frame.contentBytes() >= 0 && frame.contentBytes() != window.total()) {
      throw Stopped.corrupt(
          "zstd data of "
              + window.total()
              + " bytes, where "
              + frame.contentBytes()
              + " were announced");
    }
    if (frame.checksum()) {
      need(State.CHECKSUM, 4, 0);
    } else {
      endFrame();
    }
  }

  private void endFrame() throws Stopped {
    window.flush();
    anyFrame = true;
    need(State.MAGIC, 4, 0);
  }

  @Override
  public boolean holds() {
    return state == State.BLOCK && heldCount > 0;
  }

  @Override
  public void finish() throws Stopped {
    if (state != State.MAGIC || heldCount > 0) {
      throw Stopped.truncated(
          switch (state) {
            case MAGIC, DESCRIPTOR, FRAME_HEADER, SKIP_LENGTH, SKIP ->
                "ends inside a zstd frame's header";
            case BLOCK_HEADER, BLOCK -> "ends inside zstd data";
            case CHECKSUM -> "ends before the checksum of the zstd data";
          });
    }
  }
}
