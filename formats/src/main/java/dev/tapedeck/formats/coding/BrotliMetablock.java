package dev.tapedeck.formats.coding;

import dev.tapedeck.formats.coding.BrotliBits.NeedMore;
import java.util.ArrayList;
import java.util.List;

/**
 * What the header of a compressed meta-block says (RFC 7932, section 9.2). Read in steps: what one
 * step has read is kept when the next finds that bits are missing.
 */
final class BrotliMetablock {

  static final int LITERALS = 0;
  static final int COMMANDS = 1;
  static final int DISTANCES = 2;

  private static final int CATEGORIES = 3;
  private static final int LITERAL_CODES = 256;
  private static final int COMMAND_CODES = 704;
  private static final int DISTANCE_CODES = 16;
  private static final int LITERAL_CONTEXTS = 64;
  private static final int DISTANCE_CONTEXTS = 4;

  private final List<BrotliBlocks> blocks = new ArrayList<>();
  private final List<BrotliCode> codes = new ArrayList<>();
  private int postfixBits = -1;
  private int direct;
  private int[] modes = new int[0];
  private int[] literalMap = new int[0];
  private int[] distanceMap = new int[0];
  private int literalTrees;
  private int distanceTrees;

  /** The next step; whether the header is complete. */
  boolean step(BrotliBits bits) throws NeedMore, Stopped {
    if (blocks.size() < CATEGORIES) {
      blocks.add(BrotliBlocks.read(bits));
    } else if (postfixBits < 0) {
      parameters(bits);
    } else if (literalMap.length == 0) {
      literalMap(bits);
    } else if (distanceMap.length == 0) {
      distanceMap(bits);
    } else {
      codes.add(BrotliCode.read(bits, alphabet(codes.size())));
      return codes.size() == literalTrees + blocks(COMMANDS).types + distanceTrees;
    }
    return false;
  }

  private int alphabet(int index) {
    if (index < literalTrees) {
      return LITERAL_CODES;
    }
    return index < literalTrees + blocks(COMMANDS).types
        ? COMMAND_CODES
        : DISTANCE_CODES + direct + (48 << postfixBits);
  }

  private void parameters(BrotliBits bits) throws NeedMore {
    int postfix = bits.read(2);
    int directs = bits.read(4) << postfix;
    int[] read = new int[blocks(LITERALS).types];
    for (int i = 0; i < read.length; i++) {
      read[i] = bits.read(2);
    }
    modes = read;
    direct = directs;
    postfixBits = postfix;
  }

  private void literalMap(BrotliBits bits) throws NeedMore, Stopped {
    int trees = BrotliBlocks.count(bits);
    literalMap = map(bits, trees, LITERAL_CONTEXTS * blocks(LITERALS).types);
    literalTrees = trees;
  }

  private void distanceMap(BrotliBits bits) throws NeedMore, Stopped {
    int trees = BrotliBlocks.count(bits);
    distanceMap = map(bits, trees, DISTANCE_CONTEXTS * blocks(DISTANCES).types);
    distanceTrees = trees;
  }

  /** Reads a context map (RFC 7932, section 7.3). */
  private static int[] map(BrotliBits bits, int trees, int size) throws NeedMore, Stopped {
    int[] map = new int[size];
    if (trees == 1) {
      return map;
    }
    int longestRun = bits.read(1) == 0 ? 0 : 1 + bits.read(4);
    BrotliCode code = BrotliCode.read(bits, trees + longestRun);
    for (int at = 0; at < size; ) {
      int symbol = code.read(bits);
      if (symbol == 0) {
        at++;
      } else if (symbol <= longestRun) {
        at += (1 << symbol) + bits.read(symbol);
        if (at > size) {
          throw Stopped.corrupt("a brotli context map with more entries than contexts");
        }
      } else {
        map[at++] = symbol - longestRun;
      }
    }
    if (bits.read(1) == 1) {
      moveToFront(map);
    }
    return map;
  }

  private static void moveToFront(int[] map) {
    int[] recent = new int[256];
    for (int i = 0; i < recent.length; i++) {
      recent[i] = i;
    }
    for (int i = 0; i < map.length; i++) {
      int index = map[i];
      int value = recent[index];
      System.arraycopy(recent, 0, recent, 1, index);
      recent[0] = value;
      map[i] = value;
    }
  }

  BrotliBlocks blocks(int category) {
    return blocks.get(category);
  }

  int mode(int blockType) {
    return modes[blockType];
  }

  BrotliCode literals(int blockType, int context) {
    return codes.get(literalMap[blockType * LITERAL_CONTEXTS + context]);
  }

  BrotliCode commands(int blockType) {
    return codes.get(literalTrees + blockType);
  }

  BrotliCode distances(int blockType, int copyLength) {
    int context = Math.min(copyLength, 5) - 2;
    return codes.get(
        literalTrees
            + blocks(COMMANDS).types
            + distanceMap[blockType * DISTANCE_CONTEXTS + context]);
  }

  /** The distance of a code beyond the sixteen that refer to recent ones (RFC 7932, section 4). */
  int distance(int code, BrotliBits bits) throws NeedMore {
    int beyond = code - DISTANCE_CODES - direct;
    if (beyond < 0) {
      return code - DISTANCE_CODES + 1;
    }
    int width = 1 + (beyond >> (postfixBits + 1));
    int high = beyond >> postfixBits;
    int low = beyond & ((1 << postfixBits) - 1);
    int offset = ((2 + (high & 1)) << width) - 4;
    return ((offset + bits.read(width)) << postfixBits) + low + direct + 1;
  }
}
