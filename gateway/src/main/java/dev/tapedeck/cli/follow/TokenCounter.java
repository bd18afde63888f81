package dev.tapedeck.cli.follow;

import dev.tapedeck.formats.json.Json;
import dev.tapedeck.formats.json.Json.Obj;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * Counts a HAR's exchanges and their tokens as it grows, without reading what they say. For one
 * thread at a time.
 */
final class TokenCounter {

  /** In a string its quotation marks would be escaped: where it stands, it is a member's name. */
  private static final byte[] USAGE = "\"_usage\":{".getBytes(StandardCharsets.US_ASCII);

  private final GrowingFile file;
  private long exchanges;
  private long inputTokens;
  private long outputTokens;

  TokenCounter(Path har) {
    file = new GrowingFile(har);
  }

  long exchanges() {
    return exchanges;
  }

  long inputTokens() {
    return inputTokens;
  }

  long outputTokens() {
    return outputTokens;
  }

  /** How many bytes have been read. */
  long bytes() {
    return file.position();
  }

  /** As {@link GrowingFile#look}. */
  boolean look(long budget) throws IOException {
    return file.look(budget, (offset, line) -> count(line));
  }

  private boolean count(byte[] line) {
    if (HarLines.isFoot(line)) {
      return false;
    }
    if (HarLines.isEntry(line)) {
      exchanges++;
      int at = indexOf(line, USAGE);
      if (at >= 0) {
        add(line, at + USAGE.length - 1);
      }
    }
    return true;
  }

  private void add(byte[] line, int begin) {
    int end = begin;
    while (end < line.length && line[end] != '}') {
      end++;
    }
    if (end < line.length
        && Json.tryParse(line, begin, end + 1 - begin).orElse(null) instanceof Obj usage) {
      inputTokens +=
          usage.integer("input").orElse(0)
              + usage.integer("cache_read").orElse(0)
              + usage.integer("cache_write").orElse(0);
      outputTokens += usage.integer("output").orElse(0);
    }
  }

  private static int indexOf(byte[] line, byte[] word) {
    for (int i = 0; i <= line.length - word.length; i++) {
      if (line[i] == word[0] && Arrays.equals(line, i, i + word.length, word, 0, word.length)) {
        return i;
      }
    }
    return -1;
  }
}
