package dev.tapedeck.cli.follow;

/** The lines of a live HAR, as {@link dev.tapedeck.formats.har.HarLayout} lays them out. */
final class HarLines {

  private HarLines() {}

  /** The last line, which the next entry is written over. */
  static boolean isFoot(byte[] line) {
    return line.length > 0 && line[0] == ']';
  }

  static boolean isEntry(byte[] line) {
    return line.length > 1 && line[0] == '{' && !isHead(line);
  }

  private static boolean isHead(byte[] line) {
    return line[line.length - 1] == '[';
  }

  /** How long the entry is in its line: a comma may follow it. */
  static int length(byte[] line) {
    return line[line.length - 1] == ',' ? line.length - 1 : line.length;
  }
}
