package dev.tapedeck.catalog;

import dev.tapedeck.formats.cast.CastEvent;
import dev.tapedeck.formats.cast.CastFormatException;
import dev.tapedeck.formats.cast.CastReader;
import dev.tapedeck.formats.cast.CastText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * What a terminal showed, some lines at a time: about a screen, so that words that a person saw
 * together are found together, with the moment of each line.
 */
final class TerminalText {

  /** A block is no longer, but for its last line. */
  static final int MAX_BLOCK_CHARS = 4096;

  /** A terminal's usual height. */
  static final int MAX_BLOCK_LINES = 24;

  /** What a track showed after so much is not found: some 200,000 lines. */
  static final long MAX_TRACK_CHARS = 16L << 20;

  /** So many lines that cannot be read make a file that is no recording. */
  private static final int MAX_BAD_LINES = 100;

  private final long startedMillis;
  private final Consumer<Block> blocks;
  private final StringBuilder text = new StringBuilder();
  private final StringBuilder marks = new StringBuilder();
  private long begun;
  private long marked;
  private int lines;
  private long total;

  private TerminalText(long startedMillis, Consumer<Block> blocks) {
    this.startedMillis = startedMillis;
    this.blocks = blocks;
  }

  /**
   * Some lines.
   *
   * @param millis when the first of them began, after the session's start
   * @param marks where lines begin that came later: {@code OFFSET:MILLIS}, with blanks between
   */
  record Block(long millis, String marks, String text) {

    /** When the line that has a character began, in milliseconds after the session's start. */
    static long millis(long first, String marks, int offset) {
      long millis = first;
      for (String mark : marks.split(" ", -1)) {
        int colon = mark.indexOf(':');
        if (colon < 0 || Integer.parseInt(mark, 0, colon, 10) > offset) {
          break;
        }
        millis = Long.parseLong(mark, colon + 1, mark.length(), 10);
      }
      return millis;
    }
  }

  /**
   * Reads a recording. Lines that are damaged are passed over; one that is cut off is the end.
   *
   * @param startedMillis when the recording began, after the session's start
   * @throws IOException if it cannot be read, or is no recording; the blocks before that were given
   */
  static void read(Path cast, long startedMillis, Consumer<Block> blocks) throws IOException {
    try (CastReader reader = new CastReader(Files.newInputStream(cast))) {
      TerminalText gather = new TerminalText(startedMillis, blocks);
      CastText text = new CastText(reader.header().width(), gather::line);
      int bad = 0;
      while (gather.total < MAX_TRACK_CHARS) {
        try {
          CastEvent event = reader.next();
          if (event == null) {
            break;
          }
          text.event(event);
        } catch (CastFormatException e) {
          if (e.cutOff()) {
            break;
          }
          if (++bad > MAX_BAD_LINES) {
            throw e;
          }
        }
      }
      text.end();
      gather.end();
    }
  }

  private void line(long nanos, String line) {
    if (line.isBlank() || total >= MAX_TRACK_CHARS) {
      return;
    }
    long millis = startedMillis + TimeUnit.NANOSECONDS.toMillis(nanos);
    if (text.isEmpty()) {
      begun = millis;
      marked = millis;
    } else {
      text.append('\n');
      if (millis != marked) {
        marks.append(marks.isEmpty() ? "" : " ").append(text.length()).append(':').append(millis);
        marked = millis;
      }
    }
    text.append(line);
    total += line.length();
    if (++lines >= MAX_BLOCK_LINES || text.length() >= MAX_BLOCK_CHARS) {
      end();
    }
  }

  private void end() {
    if (!text.isEmpty()) {
      blocks.accept(new Block(begun, marks.toString(), text.toString()));
      text.setLength(0);
      marks.setLength(0);
      lines = 0;
    }
  }
}
