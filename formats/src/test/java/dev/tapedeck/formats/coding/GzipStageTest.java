package dev.tapedeck.formats.coding;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tapedeck.formats.coding.BodyDecoder.Decoded;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class GzipStageTest {

  private static final byte[] HELLO = "hello".getBytes(UTF_8);

  @Test
  void membersFollowEachOther() {
    ByteArrayOutputStream two = new ByteArrayOutputStream();
    two.writeBytes(Compression.gzip(HELLO));
    two.writeBytes(Compression.gzip(" and again".getBytes(UTF_8)));
    Decoded decoded = decode(two.toByteArray());
    assertThat(decoded.bytes()).asString(UTF_8).isEqualTo("hello and again");
    assertThat(decoded.end().isComplete()).isTrue();
  }

  @Test
  void everyFieldOfTheHeaderIsPassedOver() {
    byte[] plain = Compression.gzip(HELLO);
    ByteArrayOutputStream full = new ByteArrayOutputStream();
    // Extra field of three bytes, name, comment and a checksum of the header.
    full.writeBytes(
        HexFormat.of().parseHex("1f8b081e00000000000303006162636e616d6500636f6d6d656e7400abcd"));
    full.write(plain, 10, plain.length - 10);
    byte[] wire = full.toByteArray();
    assertThat(decode(wire).bytes()).isEqualTo(HELLO);
    for (int length = 1; length < wire.length; length++) {
      assertThat(decode(Arrays.copyOf(wire, length)).end())
          .isInstanceOf(DecodedEnd.Truncated.class);
    }
  }

  @Test
  void anExtraFieldMayBeEmpty() {
    byte[] plain = Compression.gzip(HELLO);
    ByteArrayOutputStream full = new ByteArrayOutputStream();
    full.writeBytes(HexFormat.of().parseHex("1f8b08040000000000030000"));
    full.write(plain, 10, plain.length - 10);
    assertThat(decode(full.toByteArray()).bytes()).isEqualTo(HELLO);
  }

  @Test
  void checksumAndLengthAreCompared() {
    byte[] checksum = Compression.gzip(HELLO);
    checksum[checksum.length - 8] ^= 1;
    assertThat(decode(checksum).end().reason())
        .isEqualTo("the checksum of the gzip data does not match");
    byte[] length = Compression.gzip(HELLO);
    length[length.length - 1] ^= 1;
    assertThat(decode(length).end().reason())
        .isEqualTo("the length of the gzip data does not match");
    assertThat(decode(length).bytes()).isEqualTo(HELLO);
  }

  private static Decoded decode(byte[] wire) {
    return BodyDecoder.decode("gzip", wire, 1000);
  }
}
