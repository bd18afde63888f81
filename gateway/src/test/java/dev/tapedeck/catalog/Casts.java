package dev.tapedeck.catalog;

import dev.tapedeck.formats.cast.CastEncoder;
import dev.tapedeck.formats.cast.CastHeader;
import dev.tapedeck.formats.cast.CastLine;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Recordings of terminals to index. */
final class Casts {

  private Casts() {}

  /** A file with outputs that come a second apart, the first after one. */
  static Path write(Path folder, String name, String... outputs) throws IOException {
    CastEncoder encoder = new CastEncoder();
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    append(out, encoder.header(CastHeader.of(80, 24)));
    long seconds = 0;
    for (String output : outputs) {
      byte[] data = output.getBytes(StandardCharsets.UTF_8);
      append(out, encoder.output(++seconds * 1_000_000_000L, data, 0, data.length));
    }
    return Files.write(folder.resolve(name), out.toByteArray());
  }

  private static void append(ByteArrayOutputStream out, CastLine line) {
    out.write(line.array(), line.offset(), line.length());
  }
}
