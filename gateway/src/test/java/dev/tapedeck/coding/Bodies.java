package dev.tapedeck.coding;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tapedeck.formats.coding.Compression;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Random;

/** Bodies for tests: golden ones that other programs encoded, and random ones. */
final class Bodies {

  /** A body in one coding, in the parts in which its encoder flushed it. */
  record Encoded(String coding, List<byte[]> parts) {

    byte[] whole() {
      ByteArrayOutputStream whole = new ByteArrayOutputStream();
      parts.forEach(whole::writeBytes);
      return whole.toByteArray();
    }

    @Override
    public String toString() {
      return coding + " of " + whole().length + " bytes";
    }
  }

  private Bodies() {}

  /** The event stream that the golden bodies decode to. */
  static byte[] events() {
    return resource("events.sse");
  }

  /** Where each of its events ends. */
  static List<Integer> eventEnds() {
    List<Integer> ends = new ArrayList<>();
    String text = new String(events(), UTF_8);
    for (int at = text.indexOf("\n\n"); at >= 0; at = text.indexOf("\n\n", at + 2)) {
      ends.add(text.substring(0, at + 2).getBytes(UTF_8).length);
    }
    return ends;
  }

  /**
   * The events in each coding, flushed after each event: by zlib, by zstd's library and by node's
   * brotli. The last part ends the body.
   */
  static List<Encoded> flushed() {
    return read("flushed.txt");
  }

  /** The events encoded as one, at several settings, by zstd and by node's brotli. */
  static List<Encoded> whole() {
    return read("whole.txt");
  }

  private static List<Encoded> read(String name) {
    return new String(resource(name), UTF_8)
        .lines()
        .map(line -> line.split(" "))
        .map(words ->
            new Encoded(
                words[0], Arrays.stream(words).skip(1).map(Base64.getDecoder()::decode).toList()))
        .toList();
  }

  private static byte[] resource(String name) {
    try (InputStream in = Bodies.class.getResourceAsStream(name)) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Noise, runs, text, structured text, copies from before: at most some 300 KB. */
  static byte[] random(Random random) {
    int size = (int) Math.exp(random.nextDouble() * 12.6);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    switch (random.nextInt(5)) {
      case 0 -> {
        byte[] noise = new byte[size];
        random.nextBytes(noise);
        out.writeBytes(noise);
      }
      case 1 -> out.writeBytes(new byte[size]);
      case 2 -> {
        String[] words = {
          "the ", "data: ", "{\"type\":\"delta\",\"text\":\"", "\"}\n\n", "é", "漢字"
        };
        while (out.size() < size) {
          out.writeBytes(words[random.nextInt(words.length)].getBytes(UTF_8));
          out.writeBytes(Integer.toString(random.nextInt(1000)).getBytes(UTF_8));
        }
      }
      case 3 -> {
        byte[] made = new byte[size];
        for (int i = 0; i < size; ) {
          int length = Math.min(size - i, 1 + random.nextInt(300));
          int distance = i == 0 ? 0 : 1 + random.nextInt(i);
          boolean copy = i > 100 && random.nextInt(3) > 0;
          for (int end = i + length; i < end; i++) {
            made[i] = copy ? made[i - distance] : (byte) (random.nextGaussian() * 20);
          }
        }
        out.writeBytes(made);
      }
      default -> {
        while (out.size() < size) {
          out.write((int) Math.abs(random.nextGaussian() * 10));
        }
      }
    }
    return out.toByteArray();
  }

  /** What a recording would keep of it. */
  static byte[] zstd(byte[] body) {
    return Compression.zstd(body).orElseThrow();
  }
}
