package dev.tapedeck.formats.cast;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/** What several tests do with recordings. */
final class Casts {

  static final long SECOND = 1_000_000_000;

  private Casts() {}

  /** A recording that is wholly in memory. */
  record Recording(CastHeader header, List<CastEvent> events) {

    /** Everything that the program wrote. */
    String output() {
      return data(CastCode.Known.OUTPUT);
    }

    String data(CastCode code) {
      StringBuilder text = new StringBuilder();
      events.stream().filter(e -> e.code().equals(code)).forEach(e -> text.append(e.data()));
      return text.toString();
    }
  }

  static Recording read(String text) throws IOException {
    return read(text.getBytes(StandardCharsets.UTF_8));
  }

  static Recording read(byte[] bytes) throws IOException {
    try (CastReader reader = new CastReader(new ByteArrayInputStream(bytes))) {
      List<CastEvent> events = new ArrayList<>();
      for (CastEvent event = reader.next(); event != null; event = reader.next()) {
        events.add(event);
      }
      return new Recording(reader.header(), events);
    }
  }

  static CastEvent output(double seconds, String data) {
    return new CastEvent(Math.round(seconds * SECOND), CastCode.Known.OUTPUT, data);
  }

  static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  static byte[] bytes(int... values) {
    byte[] bytes = new byte[values.length];
    for (int i = 0; i < values.length; i++) {
      bytes[i] = (byte) values[i];
    }
    return bytes;
  }

  /** Bytes of which many are good characters, some cut, some wrong, some controls. */
  static byte[] terminalBytes(RandomGenerator random, int pieces) {
    List<byte[]> parts = new ArrayList<>();
    for (int i = 0; i < pieces; i++) {
      parts.add(
          switch (random.nextInt(10)) {
            case 0 -> bytes(random.nextInt(256));
            case 1 -> bytes(random.nextInt(0x80, 0x100), random.nextInt(0x80, 0x100));
            case 2 -> bytes(0xE0 + random.nextInt(16), random.nextInt(0x80, 0xC0));
            case 3 ->
                bytes(
                    0xF0 + random.nextInt(8),
                    random.nextInt(0x80, 0xC0),
                    random.nextInt(0x80, 0xC0));
            case 4 -> utf8(Character.toString(random.nextInt(0x10000, 0x110000)));
            case 5 -> utf8(Character.toString(random.nextInt(0x800, 0xD800)));
            case 6 -> utf8(Character.toString(random.nextInt(0x80, 0x800)));
            case 7 -> bytes(random.nextInt(0x20), '"', '\\', 0x7F);
            case 8 -> utf8("\u001b[3" + random.nextInt(8) + "m");
            default -> utf8("plain text of a log line, ".substring(random.nextInt(26)));
          });
    }
    int length = parts.stream().mapToInt(part -> part.length).sum();
    byte[] all = new byte[length];
    int at = 0;
    for (byte[] part : parts) {
      System.arraycopy(part, 0, all, at, part.length);
      at += part.length;
    }
    return all;
  }
}
