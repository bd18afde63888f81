package dev.tapedeck.ssh.files;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/** Names and messages as they were on the wire. */
final class WireText {

  /** No system call of Linux takes a longer path (PATH_MAX), so what follows is cut. */
  static final int MAX_BYTES = 4096;

  private static final Pattern LOOKS_ESCAPED = Pattern.compile("\\\\(?=x[0-9a-f]{2})");

  private WireText() {}

  /**
   * As UTF-8; a byte that is none is written {@code \xNN}, and where a name itself has these four
   * characters its backslash is written {@code \x5c}: so two names never become one.
   */
  static String of(byte[] array, int offset, int length) {
    ByteBuffer in = ByteBuffer.wrap(array, offset, Math.min(length, MAX_BYTES));
    StringBuilder text = new StringBuilder(in.remaining());
    CharBuffer out = CharBuffer.allocate(in.remaining());
    CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
    while (true) {
      CoderResult result = decoder.decode(in, out, true);
      text.append(LOOKS_ESCAPED.matcher(out.flip()).replaceAll("\\\\x5c"));
      out.clear();
      if (!result.isError()) {
        break;
      }
      for (int i = 0; i < result.length(); i++) {
        text.append(String.format("\\x%02x", in.get()));
      }
      decoder.reset();
    }
    if (length > MAX_BYTES) {
      text.append("... (").append(length).append(" bytes)");
    }
    return text.toString();
  }

  static String of(byte[] array) {
    return of(array, 0, array.length);
  }
}
