package dev.tapedeck.coding;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tapedeck.coding.Bodies.Encoded;
import dev.tapedeck.formats.coding.BodyDecoder;
import dev.tapedeck.formats.coding.BodyDecoder.Decoded;
import dev.tapedeck.formats.coding.Compression;
import dev.tapedeck.formats.coding.DecodedEnd;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class BodyDecoderTest {

  private static final long NO_LIMIT = Long.MAX_VALUE;
  private static final byte[] EVENTS = Bodies.events();
  private static final byte[] HELLO = "hello, hello, hello".getBytes(UTF_8);

  static List<Encoded> flushed() {
    return Bodies.flushed();
  }

  static List<Encoded> all() {
    return Stream.concat(Bodies.flushed().stream(), Bodies.whole().stream()).toList();
  }

  @ParameterizedTest
  @MethodSource("flushed")
  void everyFlushComesOutAtOnce(Encoded body) {
    ByteArrayOutputStream decoded = new ByteArrayOutputStream();
    List<Integer> ends = Bodies.eventEnds();
    assertThat(body.parts()).hasSize(ends.size() + 1);
    try (BodyDecoder decoder = new BodyDecoder(body.coding(), NO_LIMIT, decoded::write)) {
      for (int i = 0; i < body.parts().size(); i++) {
        byte[] part = body.parts().get(i);
        decoder.feed(part, 0, part.length);
        int end = ends.get(Math.min(i, ends.size() - 1));
        assertThat(decoded.toByteArray()).isEqualTo(Arrays.copyOf(EVENTS, end));
      }
      assertThat(decoder.finish()).isEqualTo(new DecodedEnd.Complete());
      assertThat(decoder.decodedBytes()).isEqualTo(EVENTS.length);
      assertThat(decoder.wireBytes()).isEqualTo(body.whole().length);
    }
  }

  @ParameterizedTest
  @MethodSource("all")
  void everySplitGivesTheSame(Encoded body) {
    byte[] wire = body.whole();
    for (int split = 0; split <= wire.length; split++) {
      ByteArrayOutputStream decoded = new ByteArrayOutputStream();
      try (BodyDecoder decoder = new BodyDecoder(body.coding(), NO_LIMIT, decoded::write)) {
        decoder.feed(wire, 0, split);
        decoder.feed(wire, split, wire.length - split);
        assertThat(decoder.finish()).as("split at %d", split).isEqualTo(new DecodedEnd.Complete());
      }
      assertThat(decoded.toByteArray()).as("split at %d", split).isEqualTo(EVENTS);
    }
  }

  @ParameterizedTest
  @MethodSource("all")
  void byteByByteGivesTheSame(Encoded body) {
    byte[] wire = body.whole();
    ByteArrayOutputStream decoded = new ByteArrayOutputStream();
    try (BodyDecoder decoder = new BodyDecoder(body.coding(), NO_LIMIT, decoded::write)) {
      for (int i = 0; i < wire.length; i++) {
        decoder.feed(wire, i, 1);
      }
      assertThat(decoder.finish()).isEqualTo(new DecodedEnd.Complete());
    }
    assertThat(decoded.toByteArray()).isEqualTo(EVENTS);
  }

  @ParameterizedTest
  @MethodSource("flushed")
  void aTruncatedBodyGivesAllThatWasFlushed(Encoded body) {
    byte[] wire = body.whole();
    List<Integer> ends = Bodies.eventEnds();
    int part = 0;
    int partEnd = body.parts().getFirst().length;
    for (int length = 1; length < wire.length; length++) {
      if (length == partEnd + body.parts().get(part + 1).length) {
        partEnd = length;
        part++;
      }
      Decoded decoded = BodyDecoder.decode(body.coding(), Arrays.copyOf(wire, length), NO_LIMIT);
      assertThat(decoded.end()).isInstanceOf(DecodedEnd.Truncated.class);
      assertThat(decoded.end().reason()).startsWith("ends ");
      int whole = length < partEnd ? 0 : ends.get(part);
      assertThat(decoded.bytes()).hasSizeGreaterThanOrEqualTo(whole);
      assertThat(decoded.bytes()).isEqualTo(Arrays.copyOf(EVENTS, decoded.bytes().length));
    }
  }

  @ParameterizedTest
  @MethodSource("all")
  void aCorruptBodyIsNeverAnException(Encoded body) {
    byte[] wire = body.whole();
    int corrupt = 0;
    for (int at = 0; at < wire.length; at++) {
      for (int bit = 0; bit < 8; bit += 3) {
        byte[] broken = wire.clone();
        broken[at] ^= (byte) (1 << bit);
        Decoded decoded = BodyDecoder.decode(body.coding(), broken, 1_000_000);
        corrupt += decoded.end().isComplete() ? 0 : 1;
        assertThat(decoded.end().isComplete()).isEqualTo(decoded.end().reason().isEmpty());
      }
    }
    assertThat(corrupt).isPositive();
  }

  @Test
  void whatCameBeforeTheFaultIsThere() {
    for (Encoded body : Bodies.flushed()) {
      byte[] broken = body.whole();
      int tenth = body.parts().stream().limit(10).mapToInt(part -> part.length).sum();
      Arrays.fill(broken, tenth, broken.length, (byte) 0xff);
      Decoded decoded = BodyDecoder.decode(body.coding(), broken, NO_LIMIT);
      assertThat(decoded.end()).isInstanceOf(DecodedEnd.Corrupt.class);
      // Of the slice in which the fault is, brotli's decoder gives nothing.
      int before =
          body.coding().equals("br") ? wholeParts(body, tenth - BrotliStage.SLICE_BYTES) : 10;
      assertThat(before).isPositive();
      int sure = Bodies.eventEnds().get(before - 1);
      assertThat(decoded.bytes()).hasSizeGreaterThanOrEqualTo(sure);
      assertThat(Arrays.copyOf(decoded.bytes(), sure)).isEqualTo(Arrays.copyOf(EVENTS, sure));
    }
  }

  private static int wholeParts(Encoded body, int wireBytes) {
    int parts = 0;
    for (int left = wireBytes; left >= body.parts().get(parts).length; parts++) {
      left -= body.parts().get(parts).length;
    }
    return parts;
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void randomBodiesInRandomSlices(long seed) {
    Random random = new Random(seed);
    for (int i = 0; i < 8; i++) {
      byte[] body = Bodies.random(random);
      check("gzip", Compression.gzip(body), body, random);
      check("zstd", Bodies.zstd(body), body, random);
      check("deflate", deflate(body, false), body, random);
      check("deflate", deflate(body, true), body, random);
      check("deflate, zstd", Bodies.zstd(deflate(body, false)), body, random);
    }
  }

  private static void check(String coding, byte[] wire, byte[] body, Random random) {
    ByteArrayOutputStream decoded = new ByteArrayOutputStream();
    int longest = 1 + random.nextInt(1 + wire.length / 4);
    try (BodyDecoder decoder = new BodyDecoder(coding, NO_LIMIT, decoded::write)) {
      for (int at = 0; at < wire.length; ) {
        int length = Math.min(wire.length - at, 1 + random.nextInt(longest));
        decoder.feed(wire, at, length);
        at += length;
      }
      assertThat(decoder.finish()).isEqualTo(new DecodedEnd.Complete());
    }
    assertThat(decoded.toByteArray()).isEqualTo(body);
  }

  private static byte[] deflate(byte[] body, boolean raw) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Deflater deflater = new Deflater(6, raw);
    try (DeflaterOutputStream deflating = new DeflaterOutputStream(out, deflater)) {
      deflating.write(body);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      deflater.end();
    }
    return out.toByteArray();
  }

  @Test
  void codingsAreUndoneInReverse() {
    byte[] both = Bodies.zstd(Compression.gzip(HELLO));
    assertThat(BodyDecoder.decode("gzip, zstd", both, NO_LIMIT).bytes()).isEqualTo(HELLO);
    assertThat(BodyDecoder.decode("zstd, gzip", both, NO_LIMIT).end())
        .isEqualTo(new DecodedEnd.Corrupt("does not begin as gzip data does"));
    assertThat(BodyDecoder.decode(" X-GZip ,identity, ZSTD,", both, NO_LIMIT).bytes())
        .isEqualTo(HELLO);
  }

  @Test
  void identityIsHandedOnAsItIs() {
    for (String coding : List.of("", "identity", " , ")) {
      Decoded decoded = BodyDecoder.decode(coding, HELLO, NO_LIMIT);
      assertThat(decoded.bytes()).isEqualTo(HELLO);
      assertThat(decoded.end().isComplete()).isTrue();
    }
  }

  @Test
  void unknownCodingsGiveNothing() {
    Decoded decoded = BodyDecoder.decode("gzip, lzma", HELLO, NO_LIMIT);
    assertThat(decoded.bytes()).isEmpty();
    assertThat(decoded.end())
        .isEqualTo(new DecodedEnd.Unknown("the content coding \"lzma\" is not known here"));
    assertThat(BodyDecoder.decode("gzip,gzip,gzip,gzip,gzip", HELLO, NO_LIMIT).end().reason())
        .isEqualTo("5 content codings on one body; at most 4 are undone");
  }

  @Test
  void anEmptyBodyIsWhole() {
    for (String coding : List.of("", "gzip", "deflate", "br", "zstd", "gzip, br")) {
      Decoded decoded = BodyDecoder.decode(coding, new byte[0], NO_LIMIT);
      assertThat(decoded.end().isComplete()).isTrue();
      assertThat(decoded.bytes()).isEmpty();
    }
  }

  @Test
  void bombsStopAtTheLimit() {
    byte[] zeros = new byte[50_000_000];
    byte[] brotli =
        Base64.getDecoder()
            .decode(
                "y///P/gnAOKxQCD3/o///3/wTwDEYRGA7v0f////4J8AiMMCAN37P/7//8E/ARCHBQC693/8//+DfwIgDgsAdO//8g9eD/8EQBwWAOig6wE=");
    assertThat(BodyDecoder.decode("br", brotli, NO_LIMIT).bytes()).isEqualTo(zeros);
    bomb("br", brotli);
    bomb("zstd", Bodies.zstd(zeros));
    bomb("gzip", Compression.gzip(zeros));
    bomb("deflate", deflate(zeros, false));
    bomb("", zeros);
    bomb("zstd, gzip", Compression.gzip(Bodies.zstd(zeros)));
  }

  private static void bomb(String coding, byte[] wire) {
    Decoded decoded = BodyDecoder.decode(coding, wire, 1000);
    assertThat(decoded.end()).isEqualTo(new DecodedEnd.TooLarge(1000));
    assertThat(decoded.bytes()).isEqualTo(new byte[1000]);
    assertThat(decoded.end().reason()).isEqualTo("decodes to more than 1000 bytes");
  }

  @Test
  void aBombBetweenTwoCodingsStopsToo() {
    // A skippable frame: zstd gives nothing out for it, however much gzip makes of little.
    byte[] skipped = new byte[5_000_000];
    System.arraycopy(HexFormat.of().parseHex("502a4d18ffffff7f"), 0, skipped, 0, 8);
    byte[] wire = Compression.gzip(skipped);
    assertThat(wire).hasSizeLessThan(10_000);
    assertThat(BodyDecoder.decode("zstd, gzip", wire, 100_000).end())
        .isEqualTo(new DecodedEnd.TooLarge(100_000));
  }

  @Test
  void aLimitThatIsJustEnoughIsNotReached() {
    Decoded decoded = BodyDecoder.decode("gzip", Compression.gzip(HELLO), HELLO.length);
    assertThat(decoded.end().isComplete()).isTrue();
  }

  @Test
  void afterAFaultTheRestIsIgnored() {
    try (BodyDecoder decoder = new BodyDecoder("gzip", NO_LIMIT, (_, _, _) -> {})) {
      decoder.feed(HELLO, 0, HELLO.length);
      assertThat(decoder.stopped()).isInstanceOf(DecodedEnd.Corrupt.class);
      decoder.feed(HELLO, 0, HELLO.length);
      assertThat(decoder.wireBytes()).isEqualTo(2L * HELLO.length);
      assertThat(decoder.finish()).isInstanceOf(DecodedEnd.Corrupt.class);
      assertThat(decoder.finish()).isInstanceOf(DecodedEnd.Corrupt.class);
      assertThatThrownBy(() -> decoder.feed(HELLO, 0, 1)).isInstanceOf(IllegalStateException.class);
    }
  }

  @Test
  void bytesAfterTheEndAreNamed() {
    for (Encoded body : Bodies.flushed()) {
      byte[] longer = Arrays.copyOf(body.whole(), body.whole().length + 7);
      Decoded decoded = BodyDecoder.decode(body.coding(), longer, NO_LIMIT);
      assertThat(decoded.bytes()).isEqualTo(EVENTS);
      assertThat(decoded.end().reason()).startsWith("bytes follow the end of the ");
    }
  }
}
