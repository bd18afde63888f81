package dev.tapedeck.formats.coding;

import java.util.zip.Inflater;
import org.jspecify.annotations.Nullable;

/**
 * The coding called deflate: the zlib format (RFC 1950), or deflate data without it (RFC 1951),
 * which some servers send by mistake. The first two bytes tell: where zlib's header has 8 in its
 * low bits, deflate data would begin a stored block with a bit set that encoders leave clear.
 */
final class DeflateStage implements Stage {

  private final Output output;
  private @Nullable Inflating inflating;
  private int first = -1;

  DeflateStage(Output output) {
    this.output = output;
  }

  @Override
  public void feed(byte[] bytes, int offset, int length) throws DecodeException {
    if (length == 0) {
      return;
    }
    if (inflating != null) {
      run(inflating, bytes, offset, offset + length);
      return;
    }
    int second = offset;
    if (first < 0) {
      first = bytes[offset] & 0xff;
      second++;
    }
    if (second < offset + length) {
      Inflating begun = begin(bytes[second] & 0xff);
      run(begun, new byte[] {(byte) first}, 0, 1);
      run(begun, bytes, second, offset + length);
    }
  }

  private Inflating begin(int second) {
    boolean zlib = (first & 0x0f) == 8 && first >> 4 <= 7 && (first << 8 | second) % 31 == 0;
    Inflating begun = new Inflating(new Inflater(!zlib), output);
    inflating = begun;
    return begun;
  }

  private static void run(Inflating inflating, byte[] bytes, int at, int end)
      throws DecodeException {
    if (inflating.feed(bytes, at, end) < end) {
      throw DecodeException.corrupt("bytes follow the end of the deflate data");
    }
  }

  @Override
  public void finish() throws DecodeException {
    if (inflating == null || !inflating.ended()) {
      throw DecodeException.truncated("ends inside deflate data");
    }
  }

  @Override
  public void close() {
    if (inflating != null) {
      inflating.close();
    }
  }
}
