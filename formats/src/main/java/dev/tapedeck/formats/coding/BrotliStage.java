package dev.tapedeck.formats.coding;

import static dev.tapedeck.formats.coding.BrotliMetablock.COMMANDS;
import static dev.tapedeck.formats.coding.BrotliMetablock.DISTANCES;
import static dev.tapedeck.formats.coding.BrotliMetablock.LITERALS;

import dev.tapedeck.formats.coding.BrotliBits.NeedMore;

/**
 * Brotli (RFC 7932).
 *
 * <pre>
 *   WINDOW ──▶ METABLOCK ──▶ HEADER ──▶ COMMAND ──▶ LITERALS ──▶ DISTANCE ─┐
 *                 ▲ │ │                    ▲ └──────────(copy)──────────────┤
 *                 │ │ ├──▶ RAW ──┐         └────────────────────────────────┤
 *                 │ │ └──▶ SKIP ─┤                                          │
 *                 └─┼────────────┴────────────(the meta-block is full)──────┘
 *                   └──▶ END
 * </pre>
 *
 * <p>Each state is a step that is taken wholly or not at all: if bits are missing, the reader goes
 * back to where the step began, and the step is tried again when more have come. So all that the
 * sender has flushed comes out at once.
 */
final class BrotliStage implements Stage {

  private enum State {
    WINDOW,
    METABLOCK,
    HEADER,
    COMMAND,
    LITERALS,
    DISTANCE,
    RAW,
    SKIP,
    END
  }

  /** For each group of 64 command codes: the first insert and the first copy length code. */
  private static final int[] FIRST_INSERT = {0, 0, 0, 0, 8, 8, 0, 16, 8, 16, 16};

  private static final int[] FIRST_COPY = {0, 8, 0, 8, 0, 8, 16, 0, 16, 8, 16};
  private static final int[] INSERT_BASE = {
    0, 1, 2, 3, 4, 5, 6, 8, 10, 14, 18, 26, 34, 50, 66, 98, 130, 194, 322, 578, 1090, 2114, 6210,
    22594
  };
  private static final int[] INSERT_BITS = {
    0, 0, 0, 0, 0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 7, 8, 9, 10, 12, 14, 24
  };
  private static final int[] COPY_BASE = {
    2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 14, 18, 22, 30, 38, 54, 70, 102, 134, 198, 326, 582, 1094, 2118
  };
  private static final int[] COPY_BITS = {
    0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 7, 8, 9, 10, 24
  };

  /** For short distance codes: which of the recent distances, and what is added to it. */
  private static final int[] RECENT = {0, 1, 2, 3, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1};

  private static final int[] ADDED = {0, 0, 0, 0, -1, 1, -2, 2, -3, 3, -1, 1, -2, 2, -3, 3};

  /** The first codes of commands that repeat the last distance without saying so. */
  private static final int IMPLICIT_DISTANCE = 128;

  /** Longer input is taken in parts, so that the buffer for it stays small. */
  private static final int SLICE_BYTES = 32 * 1024;

  private final BrotliBits bits = new BrotliBits();
  private final Output output;
  private Window window;
  private BrotliMetablock metablock = new BrotliMetablock();
  private State state = State.WINDOW;
  private long stepBegan;
  private boolean last;
  private int left;
  private int insertLeft;
  private int copyLength;
  private boolean implicitDistance;
  private final int[] recent = {4, 11, 15, 16};

  BrotliStage(Output output) {
    this.output = output;
    // Until the header names the size.
    window = new Window(0, output);
  }

  @Override
  public void feed(byte[] bytes, int offset, int length) throws Stopped {
    try {
      for (int at = offset; at < offset + length; at += SLICE_BYTES) {
        bits.add(bytes, at, Math.min(SLICE_BYTES, offset + length - at));
        run();
      }
    } finally {
      window.flush();
    }
    if (state == State.END && bits.available() > 0) {
      throw Stopped.corrupt("bytes follow the end of the brotli data");
    }
  }

  private void run() throws Stopped {
    stepBegan = bits.position();
    try {
      while (state != State.END) {
        step();
        stepBegan = bits.position();
      }
    } catch (NeedMore e) {
      bits.back(stepBegan);
    }
  }

  @Override
  public void finish() throws Stopped {
    if (state != State.END) {
      throw Stopped.truncated("ends inside brotli data");
    }
  }

  private void step() throws NeedMore, Stopped {
    switch (state) {
      case WINDOW -> {
        window = new Window((1 << windowBits()) - 16, output);
        state = State.METABLOCK;
      }
      case METABLOCK -> metablock();
      case HEADER -> {
        if (metablock.step(bits)) {
          state = State.COMMAND;
        }
      }
      case COMMAND -> command();
      case LITERALS -> literals();
      case DISTANCE -> distance();
      case RAW -> {
        left -= some(bits.take(left, window));
        endOfMetablock();
      }
      case SKIP -> {
        left -= some(bits.drop(left));
        endOfMetablock();
      }
      case END -> throw new IllegalStateException("nothing follows the end");
    }
  }

  /** At least a byte, or else more must come. */
  private int some(int count) throws NeedMore {
    if (count == 0) {
      bits.skip(8);
    }
    return count;
  }

  private int windowBits() throws NeedMore, Stopped {
    if (bits.read(1) == 0) {
      return 16;
    }
    int large = bits.read(3);
    if (large != 0) {
      return 17 + large;
    }
    int small = bits.read(3);
    if (small == 1) {
      throw Stopped.corrupt("a brotli window of a size that is not defined");
    }
    return small == 0 ? 17 : 8 + small;
  }

  private void metablock() throws NeedMore, Stopped {
    boolean isLast = bits.read(1) == 1;
    if (isLast && bits.read(1) == 1) {
      end();
      return;
    }
    int nibbles = 4 + bits.read(2);
    if (nibbles == 7) {
      metadata(isLast);
      return;
    }
    int length = 0;
    for (int i = 0; i < nibbles; i++) {
      int nibble = bits.read(4);
      if (nibble == 0 && i == nibbles - 1 && nibbles > 4) {
        throw Stopped.corrupt("a brotli length with leading zeros");
      }
      length |= nibble << (4 * i);
    }
    boolean raw = !isLast && bits.read(1) == 1;
    if (raw) {
      align();
    }
    last = isLast;
    left = length + 1;
    metablock = new BrotliMetablock();
    state = raw ? State.RAW : State.HEADER;
  }

  private void metadata(boolean isLast) throws NeedMore, Stopped {
    if (bits.read(1) == 1) {
      throw Stopped.corrupt("a brotli meta-block header that is not defined");
    }
    int bytes = bits.read(2);
    int length = 0;
    for (int i = 0; i < bytes; i++) {
      int next = bits.read(8);
      if (next == 0 && i == bytes - 1 && bytes > 1) {
        throw Stopped.corrupt("a brotli length with leading zeros");
      }
      length |= next << (8 * i);
    }
    align();
    last = isLast;
    left = bytes == 0 ? 0 : length + 1;
    state = State.SKIP;
    endOfMetablock();
  }

  private void align() throws Stopped {
    if (bits.align() != 0) {
      throw Stopped.corrupt("brotli data with padding that is not zero");
    }
  }

  private void end() throws Stopped {
    align();
    state = State.END;
  }

  private void endOfMetablock() throws Stopped {
    if (left == 0) {
      if (last) {
        end();
      } else {
        state = State.METABLOCK;
      }
    }
  }

  /** A block switch that was read stays read, also if the symbol after it has not come. */
  private int blockType(int category) throws NeedMore {
    int type = metablock.blocks(category).next(bits);
    stepBegan = bits.position();
    return type;
  }

  private void command() throws NeedMore, Stopped {
    int type = blockType(COMMANDS);
    int code = metablock.commands(type).read(bits);
    int group = code >> 6;
    int insertCode = FIRST_INSERT[group] + (code >> 3 & 7);
    int copyCode = FIRST_COPY[group] + (code & 7);
    int insert = INSERT_BASE[insertCode] + bits.read(INSERT_BITS[insertCode]);
    int copy = COPY_BASE[copyCode] + bits.read(COPY_BITS[copyCode]);
    if (insert > left) {
      throw Stopped.corrupt("a brotli meta-block with more literals than it is long");
    }
    metablock.blocks(COMMANDS).took();
    implicitDistance = code < IMPLICIT_DISTANCE;
    insertLeft = insert;
    copyLength = copy;
    state = State.LITERALS;
  }

  private void literals() throws NeedMore, Stopped {
    BrotliBlocks blocks = metablock.blocks(LITERALS);
    int before = window.back(1);
    int beforeLast = window.back(2);
    while (insertLeft > 0) {
      int type = blockType(LITERALS);
      int context = BrotliContexts.of(metablock.mode(type), before, beforeLast);
      int literal = metablock.literals(type, context).read(bits);
      stepBegan = bits.position();
      blocks.took();
      window.put(literal);
      beforeLast = before;
      before = literal;
      insertLeft--;
      left--;
    }
    // A meta-block may be full before its last command would copy.
    if (left == 0) {
      endOfMetablock();
    } else {
      state = State.DISTANCE;
    }
  }

  private void distance() throws NeedMore, Stopped {
    int code = 0;
    if (!implicitDistance) {
      int type = blockType(DISTANCES);
      code = metablock.distances(type, copyLength).read(bits);
    }
    int distance =
        code < RECENT.length ? recent[RECENT[code]] + ADDED[code] : metablock.distance(code, bits);
    if (!implicitDistance) {
      metablock.blocks(DISTANCES).took();
    }
    if (distance <= 0) {
      throw Stopped.corrupt("refers " + distance + " bytes back");
    }
    if (distance > window.reach()) {
      word(distance - window.reach() - 1);
    } else {
      copy(distance, code != 0);
    }
    state = State.COMMAND;
    endOfMetablock();
  }

  private void copy(int distance, boolean isNew) throws Stopped {
    if (copyLength > left) {
      throw Stopped.corrupt("a brotli meta-block that copies more than it is long");
    }
    if (isNew) {
      System.arraycopy(recent, 0, recent, 1, recent.length - 1);
      recent[0] = distance;
    }
    window.repeat(distance, copyLength);
    left -= copyLength;
  }

  private void word(int number) throws Stopped {
    byte[] word = BrotliWords.word(copyLength, number);
    if (word.length > left) {
      throw Stopped.corrupt("a brotli meta-block with a word longer than it");
    }
    window.put(word, 0, word.length);
    left -= word.length;
  }
}
