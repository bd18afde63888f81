package dev.tapedeck.formats.sse;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SseDecoderTest {

  /** An event as it was handed out, kept. */
  private record Seen(String name, String data, String id) {}

  private static Seen message(String data) {
    return new Seen("message", data, "");
  }

  private final List<Seen> seen = new ArrayList<>();
  private SseDecoder decoder = decoder(SseDecoder.MAX_FRAME_BYTES);

  private SseDecoder decoder(int limit) {
    return new SseDecoder(
        event -> seen.add(new Seen(event.name(), event.data(), event.id())), limit);
  }

  private List<Seen> read(String wire) {
    decoder.feed(wire.getBytes(UTF_8));
    return seen;
  }

  @Test
  void anEventHasNameDataAndId() {
    assertThat(read("event: ping\ndata: {}\nid: 7\n\n"))
        .containsExactly(new Seen("ping", "{}", "7"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"\n", "\r", "\r\n"})
  void linesEndWithLfCrOrCrLf(String end) {
    String wire = "data: a" + end + "data: b" + end + end + "data: c" + end + end;
    assertThat(read(wire)).containsExactly(message("a\nb"), message("c"));
    assertThat(decoder.finish()).isFalse();
  }

  @Test
  void lineEndsMayBeMixed() {
    assertThat(read("data: a\rdata: b\r\ndata: c\n\r\n")).containsExactly(message("a\nb\nc"));
  }

  @Test
  void aLastCarriageReturnEndsTheEventAtOnce() {
    assertThat(read("data: a\n\r")).containsExactly(message("a"));
    assertThat(read("\ndata: b\n\n")).containsExactly(message("a"), message("b"));
  }

  @Test
  void aByteOrderMarkIsDroppedOnceAtTheBeginning() {
    assertThat(read("\ufeffdata: a\n\n")).containsExactly(message("a"));
    assertThat(read("\ufeffdata: b\n\n")).as("a field of another name").hasSize(1);
  }

  @Test
  void whatOnlyBeginsLikeAByteOrderMarkIsKept() {
    decoder.feed(new byte[] {(byte) 0xEF, (byte) 0xBB});
    assertThat(read("\ndata: a\n\n")).containsExactly(message("a"));
  }

  @Test
  void aByteOrderMarkMayComeBytewise() {
    decoder.feed(new byte[] {(byte) 0xEF});
    decoder.feed(new byte[] {(byte) 0xBB});
    decoder.feed(new byte[] {(byte) 0xBF});
    assertThat(read("data: a\n\n")).containsExactly(message("a"));
  }

  @Test
  void commentsAreNothing() {
    assertThat(read(": keep-alive\n\n:\n\n:data: x\ndata: a\n: in between\ndata: b\n\n"))
        .containsExactly(message("a\nb"));
  }

  @Test
  void oneSpaceAfterTheColonIsDropped() {
    assertThat(read("data:a\n\ndata: a\n\ndata:  a\n\ndata:\ta\n\n"))
        .containsExactly(message("a"), message("a"), message(" a"), message("\ta"));
  }

  @Test
  void aFieldWithoutAColonIsEmpty() {
    assertThat(read("data\n\ndata\ndata\n\n")).containsExactly(message(""), message("\n"));
  }

  @Test
  void fieldsOfOtherNamesAreIgnored() {
    assertThat(read("dataa: x\nDATA: x\n data: x\ndat: x\ndata: a\n\n"))
        .containsExactly(message("a"));
  }

  @Test
  void aFrameWithoutDataIsNoEventAndItsNameDoesNotStay() {
    assertThat(read("event: ping\n\ndata: a\n\n")).containsExactly(message("a"));
  }

  @Test
  void anEmptyNameIsTheDefault() {
    assertThat(read("event: x\nevent:\ndata: a\n\n")).containsExactly(message("a"));
  }

  @Test
  void theLastOfTwoNamesCounts() {
    assertThat(read("event: a\nevent: b\ndata: 1\n\nevent: b\ndata: 2\n\n"))
        .containsExactly(new Seen("b", "1", ""), new Seen("b", "2", ""));
  }

  @Test
  void anIdStaysUntilTheNextAndOneWithNulIsIgnored() {
    assertThat(read("id: 1\ndata: a\n\ndata: b\n\nid: x\0y\ndata: c\n\nid\ndata: d\n\n"))
        .extracting(Seen::id)
        .containsExactly("1", "1", "1", "");
  }

  @Test
  void retryIsDigitsOnly() {
    List<OptionalLong> waits = new ArrayList<>();
    decoder = new SseDecoder(event -> waits.add(event.retryMillis()));
    decoder.feed(
        "retry: 1500\ndata\n\nretry: 1s\ndata\n\nretry\ndata\n\nretry: 99999999999999999999\ndata\n\n"
            .getBytes(UTF_8));
    assertThat(waits)
        .containsExactly(
            OptionalLong.of(1500),
            OptionalLong.empty(),
            OptionalLong.empty(),
            OptionalLong.empty());
  }

  @ParameterizedTest
  @ValueSource(strings = {"data: b", "data: b\n", "event: x\n", "dat", "id: 1\n", "data: b\r"})
  void aTailWithoutAnEmptyLineIsDiscardedAndFlagged(String tail) {
    assertThat(read("data: a\n\n" + tail)).containsExactly(message("a"));
    assertThat(decoder.finish()).isTrue();
    assertThat(seen).containsExactly(message("a"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "\n", ": comment", ": comment\n"})
  void nothingAndCommentsAreNoTail(String tail) {
    read("data: a\n\n" + tail);
    assertThat(decoder.finish()).isFalse();
  }

  @Test
  void malformedUtf8IsReplaced() {
    decoder.feed(new byte[] {'d', 'a', 't', 'a', ':', (byte) 0xC3, '\n', '\n'});
    assertThat(seen).containsExactly(message("\ufffd"));
  }

  @Test
  void aFrameOverTheLimitIsDiscardedCountedAndTheNextIsRead() {
    decoder = decoder(20);
    assertThat(read("data: 12345678901234\n\ndata: 123456789012345\n\ndata: b\n\n"))
        .containsExactly(message("12345678901234"), message("b"));
    assertThat(decoder.discardedFrames()).isEqualTo(1);
    assertThat(decoder.discardedBytes()).isEqualTo(21);
    assertThat(decoder.finish()).isFalse();
  }

  @Test
  void theLimitCountsAllLinesOfAFrame() {
    decoder = decoder(20);
    assertThat(read("data: 1234\ndata: 1234\ndata: b\n\ndata: c\n\n"))
        .containsExactly(message("c"));
    assertThat(decoder.discardedFrames()).isEqualTo(1);
    assertThat(decoder.discardedBytes()).isEqualTo(27);
  }

  @Test
  void commentsDoNotCountForTheLimit() {
    decoder = decoder(20);
    read(":" + "c".repeat(100));
    assertThat(read("c".repeat(100) + "\ndata: a\n\n")).containsExactly(message("a"));
    assertThat(decoder.discardedFrames()).isZero();
  }

  @Test
  void anEndlessLineTakesNoMoreThanTheLimit() {
    decoder = decoder(1000);
    byte[] piece = "x".repeat(64 * 1024).getBytes(UTF_8);
    read("data: ");
    for (int i = 0; i < 10_000; i++) {
      decoder.feed(piece);
    }
    assertThat(read("\nevent: no\n\ndata: a\n\n")).containsExactly(message("a"));
    assertThat(decoder.discardedFrames()).isEqualTo(1);
    assertThat(decoder.discardedBytes()).isEqualTo(10_000L * piece.length + 6 + 9);
  }

  @Test
  void theEndOfAStreamInsideADiscardedFrameIsFlagged() {
    decoder = decoder(10);
    read("data: 1234567\n");
    assertThat(decoder.finish()).isTrue();
    assertThat(decoder.discardedBytes()).isEqualTo(13);
  }

  @Test
  void theLimitHasALimit() {
    assertThatThrownBy(() -> decoder(0)).hasMessageContaining("1 to 16777216 bytes, not 0");
    assertThatThrownBy(() -> decoder(SseDecoder.MAX_FRAME_BYTES + 1))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void keptDataOutlivesTheBuffer() {
    List<SseEvent> events = new ArrayList<>();
    decoder = new SseDecoder(event -> events.add(event.kept()));
    byte[] wire = "event: e\ndata: one\n\n".getBytes(UTF_8);
    decoder.feed(wire);
    Arrays.fill(wire, (byte) '?');
    assertThat(events.getFirst().toString()).isEqualTo("e: one");
    assertThat(events.getFirst().dataIs("one")).isTrue();
    assertThat(events.getFirst().dataIs("two")).isFalse();
    assertThat(events.getFirst().dataIs("on")).isFalse();
  }

  @Test
  void cutAnywhereTheEventsAreTheSame() {
    byte[] wire =
        ("\ufeffevent: a\r\ndata: \u00e4\u20ac\ud83d\ude00\r\n: c\r\n\r\nid: 3\rdata: x\rdata:\r\r"
                + "data: "
                + "long ".repeat(30)
                + "\n\nretry: 5\ndata\n\n\n\ndata: tail")
            .getBytes(UTF_8);
    decoder.feed(wire);
    assertThat(decoder.finish()).isTrue();
    List<Seen> whole = List.copyOf(seen);
    assertThat(whole).hasSize(4);
    for (int first = 0; first <= wire.length; first++) {
      for (int second = first; second <= wire.length; second++) {
        assertThat(inPieces(wire, first, second)).isEqualTo(whole);
      }
    }
    seen.clear();
    decoder = decoder(SseDecoder.MAX_FRAME_BYTES);
    for (byte each : wire) {
      decoder.feed(new byte[] {each});
    }
    assertThat(seen).isEqualTo(whole);
  }

  private List<Seen> inPieces(byte[] wire, int first, int second) {
    seen.clear();
    decoder = decoder(SseDecoder.MAX_FRAME_BYTES);
    decoder.feed(wire, 0, first);
    decoder.feed(wire, first, second - first);
    decoder.feed(wire, second, wire.length - second);
    assertThat(decoder.finish()).isTrue();
    return seen;
  }

  @Test
  void anyBytesAreReadAlikeHoweverTheyAreCut() {
    String[] words = {
      "data", "event", "id", "retry", ":", ": ", "\n", "\r", "\r\n", "x", "\ufeff", "\u00e4"
    };
    for (int seed = 0; seed < 500; seed++) {
      Random random = new Random(seed);
      StringBuilder text = new StringBuilder();
      for (int i = random.nextInt(60); i > 0; i--) {
        text.append(words[random.nextInt(words.length)]);
      }
      byte[] wire = text.toString().getBytes(UTF_8);
      int limit = 1 + random.nextInt(40);
      seen.clear();
      decoder = decoder(limit);
      decoder.feed(wire);
      boolean tail = decoder.finish();
      List<Seen> whole = List.copyOf(seen);
      long discarded = decoder.discardedBytes();
      seen.clear();
      decoder = decoder(limit);
      for (int at = 0; at < wire.length; ) {
        int length = Math.min(wire.length - at, random.nextInt(5));
        decoder.feed(wire, at, length);
        at += length;
      }
      assertThat(decoder.finish()).as("seed %d", seed).isEqualTo(tail);
      assertThat(seen).as("seed %d", seed).isEqualTo(whole);
      assertThat(decoder.discardedBytes()).as("seed %d", seed).isEqualTo(discarded);
    }
  }
}
