package dev.tapedeck.formats.cast;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CastRepairTest {

  private static final String HEADER = "{\"version\": 2, \"width\": 80, \"height\": 24}\n";
  private static final String ONE = "[1.000000, \"o\", \"żółć\"]\n";
  private static final String TWO = "[2.000000, \"o\", \"b\"]\n";

  @TempDir private Path folder;

  private long wholeLength(byte[] bytes) throws IOException {
    Path file = Files.write(folder.resolve("a.cast"), bytes);
    try (SeekableByteChannel channel = Files.newByteChannel(file)) {
      return CastRepair.wholeLength(channel);
    }
  }

  private long wholeLength(String text) throws IOException {
    return wholeLength(Casts.utf8(text));
  }

  private static long length(String text) {
    return Casts.utf8(text).length;
  }

  @Test
  void aWholeFileStaysWhole() throws IOException {
    assertThat(wholeLength(HEADER + ONE + TWO)).isEqualTo(length(HEADER + ONE + TWO));
    assertThat(wholeLength(HEADER)).isEqualTo(length(HEADER));
  }

  @Test
  void aCutAtAnyByteLeavesWhatWasWholeBefore() throws IOException {
    byte[] all = Casts.utf8(HEADER + ONE + TWO);
    for (int end = 0; end <= all.length; end++) {
      long expected =
          end == all.length
              ? all.length
              : end >= length(HEADER + ONE)
                  ? length(HEADER + ONE)
                  : end >= length(HEADER) ? length(HEADER) : 0;
      byte[] cut = Arrays.copyOf(all, end);
      long whole = wholeLength(cut);
      assertThat(whole).as("cut at %d", end).isEqualTo(expected);
      if (whole > 0) {
        Casts.read(Arrays.copyOf(cut, (int) whole));
      }
    }
  }

  @Test
  void linesThatAreNoEventsAreDroppedFromTheEnd() throws IOException {
    long good = length(HEADER + ONE);
    assertThat(wholeLength(HEADER + ONE + "lol!\n[2, \"o\"]\n\u0000\u0000\n[3")).isEqualTo(good);
    assertThat(wholeLength(HEADER + ONE + "\u0000".repeat(300_000))).isEqualTo(good);
    assertThat(wholeLength(HEADER + ONE + "# no comment in version 2\n")).isEqualTo(good);
    assertThat(wholeLength(HEADER + ONE + "\n")).isEqualTo(good + 1);
  }

  @Test
  void linesOfAnyLengthAreFound() throws IOException {
    for (int size : new int[] {65_520, 65_536, 65_540, 131_072, 400_000}) {
      String text = HEADER + "[1.000000, \"o\", \"" + "a".repeat(size) + "\"]\n";
      assertThat(wholeLength(text + "[2.0")).isEqualTo(length(text));
      assertThat(wholeLength(text + "[2.0, \"o\", \"" + "b".repeat(size))).isEqualTo(length(text));
    }
  }

  @Test
  void withoutAHeaderNothingIsWhole() throws IOException {
    assertThat(wholeLength("")).isZero();
    assertThat(wholeLength("{\"version\": 2")).isZero();
    assertThat(wholeLength(ONE + TWO)).isZero();
  }
}
