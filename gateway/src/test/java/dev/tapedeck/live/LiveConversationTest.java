package dev.tapedeck.live;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tapedeck.event.Bytes;
import dev.tapedeck.event.HttpEvent;
import dev.tapedeck.event.HttpEvent.Side;
import dev.tapedeck.event.HttpHeader;
import dev.tapedeck.formats.json.Json;
import dev.tapedeck.formats.json.Json.Obj;
import dev.tapedeck.formats.llm.Part;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;

class LiveConversationTest {

  private static final String START =
      """
      event: message_start
      data: {"type":"message_start","message":{"model":"m-1","role":"assistant","content":[],\
      "usage":{"input_tokens":10,"output_tokens":1}}}

      event: content_block_start
      data: {"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}

      """;

  private final LiveConversation conversation = new LiveConversation();
  private long clock;

  private void happens(HttpEvent event) {
    clock += 1_000_000;
    conversation.happened(event, clock);
  }

  private void asks(long exchange, String body) {
    asks(exchange, "https://api.example/v1/messages?beta=true", body);
  }

  private void asks(long exchange, String url, String body) {
    happens(
        new HttpEvent.Requested(
            exchange, Instant.EPOCH, "anthropic", "POST", url, "HTTP/1.1", List.of()));
    body(exchange, Side.REQUEST, body.getBytes(StandardCharsets.UTF_8));
    happens(new HttpEvent.BodyEnded(exchange, Side.REQUEST, body.length()));
  }

  private void body(long exchange, Side side, byte[] bytes) {
    happens(new HttpEvent.Body(exchange, side, Bytes.of(bytes), false));
  }

  private void answers(long exchange, HttpHeader... headers) {
    happens(new HttpEvent.Answered(exchange, 200, "OK", "HTTP/1.1", List.of(headers)));
  }

  private static String delta(String text) {
    return "event: content_block_delta\ndata: {\"type\":\"content_block_delta\",\"index\":0,"
        + "\"delta\":{\"type\":\"text_delta\",\"text\":\""
        + text
        + "\"}}\n\n";
  }

  private static String asking(String... messages) {
    StringBuilder all = new StringBuilder();
    for (int i = 0; i < messages.length; i++) {
      all.append(i == 0 ? "" : ",")
          .append("{\"role\":\"")
          .append(i % 2 == 0 ? "user" : "assistant")
          .append("\",\"content\":[{\"type\":\"text\",\"text\":\"")
          .append(messages[i])
          .append("\"}]}");
    }
    return "{\"model\":\"m\",\"stream\":true,\"messages\":[" + all + "]}";
  }

  private static Obj entry(long exchange, String asked, String answer) throws Exception {
    Obj entry = new Obj();
    entry.put("_exchange", exchange).put("startedDateTime", "2026-11-21T12:00:00.000Z");
    entry.put("time", new Json.Num("12.5")).put("_end", "complete");
    entry.put(
        "request",
        new Obj()
            .put("method", "POST")
            .put("url", "https://api.example/v1/messages")
            .put("postData", new Obj().put("text", asked)));
    Obj message = (Obj) Json.parse("{\"role\":\"assistant\",\"model\":\"m-1\",\"content\":[]}");
    message.array("content").add(new Obj().put("type", "text").put("text", answer));
    entry.put(
        "response",
        new Obj().put("status", 200).put("content", new Obj().put("text", message.text())));
    return entry;
  }

  private List<String> said(int turn) {
    Turn shown = conversation.turns().get(turn);
    return java.util.stream.Stream.concat(shown.asked().stream(), shown.answered().stream())
        .map(Part::text)
        .toList();
  }

  @Test
  void aStreamGrowsChunkByChunk() {
    asks(1, asking("hello"));
    assertThat(said(0)).containsExactly("hello");
    assertThat(conversation.turns().getFirst().status()).isZero();

    answers(1, new HttpHeader("Content-Type", "text/event-stream; charset=utf-8"));
    byte[] wire = (START + delta("grüß") + delta(" dich")).getBytes(StandardCharsets.UTF_8);
    for (byte each : wire) {
      body(1, Side.RESPONSE, new byte[] {each});
    }
    assertThat(said(0)).containsExactly("hello", "grüß dich");
    assertThat(conversation.turns().getFirst().over()).isFalse();
    assertThat(conversation.turns().getFirst().model()).isEqualTo("m-1");
  }

  @Test
  void aCodedStreamIsDecodedAsItComes() throws IOException {
    ByteArrayOutputStream coded = new ByteArrayOutputStream();
    asks(1, asking("hello"));
    answers(
        1,
        new HttpHeader("content-type", "text/event-stream"),
        new HttpHeader("content-encoding", "gzip"));
    try (GZIPOutputStream gzip = new GZIPOutputStream(coded, true)) {
      gzip.write((START + delta("half")).getBytes(StandardCharsets.UTF_8));
      gzip.flush();
      body(1, Side.RESPONSE, coded.toByteArray());
    }
    assertThat(said(0)).containsExactly("hello", "half");
  }

  @Test
  void theBodyTellsItsCodingAndNotTheLabel() throws IOException {
    ByteArrayOutputStream coded = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(coded, true)) {
      gzip.write((START + delta("half")).getBytes(StandardCharsets.UTF_8));
    }
    asks(1, asking("unlabelled"));
    answers(1, new HttpHeader("content-type", "text/event-stream"));
    byte[] wire = coded.toByteArray();
    body(1, Side.RESPONSE, Arrays.copyOf(wire, 3));
    body(1, Side.RESPONSE, Arrays.copyOfRange(wire, 3, wire.length));
    assertThat(said(0)).containsExactly("unlabelled", "half");

    asks(2, asking("mislabelled"));
    answers(2, new HttpHeader("content-encoding", "gzip"));
    body(2, Side.RESPONSE, (START + delta("plain")).getBytes(StandardCharsets.UTF_8));
    assertThat(said(1)).containsExactly("mislabelled", "plain");
  }

  @Test
  void linesOfOllamasGrowWhateverTheirLabel() {
    String line = "{\"model\":\"q\",\"message\":{\"role\":\"assistant\",\"content\":\"%s\"}%s}\n";
    asks(1, "http://o.example/api/chat", asking("hello"));
    answers(1, new HttpHeader("content-type", "text/plain"));
    for (String each : List.of(line.formatted("It ", ""), line.formatted("rains", ""))) {
      for (byte one : each.getBytes(StandardCharsets.UTF_8)) {
        body(1, Side.RESPONSE, new byte[] {one});
      }
    }
    assertThat(said(0)).containsExactly("It rains");
    assertThat(conversation.turns().getFirst().model()).isEqualTo("q");
    body(
        1,
        Side.RESPONSE,
        line.formatted("", ",\"done\":true,\"done_reason\":\"stop\",\"eval_count\":2")
            .getBytes(StandardCharsets.UTF_8));
    happens(new HttpEvent.Finished(1, HttpEvent.End.COMPLETE, null));
    assertThat(conversation.turns().getFirst().end()).isEqualTo("complete");
    assertThat(conversation.turns().getFirst().stopReason()).isEqualTo("stop");
    assertThat(conversation.turns().getFirst().usage().output()).isEqualTo(2);
  }

  @Test
  void anErrorAmidAStreamIsSeenAtOnce() {
    asks(1, asking("a"));
    answers(1, new HttpHeader("content-type", "text/event-stream"));
    body(1, Side.RESPONSE, (START + delta("hal")).getBytes(StandardCharsets.UTF_8));
    body(
        1,
        Side.RESPONSE,
        "event: error\ndata: {\"type\":\"error\",\"error\":{\"message\":\"Overloaded\"}}\n\n"
            .getBytes(StandardCharsets.UTF_8));
    assertThat(said(0)).containsExactly("a", "hal", "Overloaded");
  }

  @Test
  void whereTheMessageSaysZeroTheUsageIsWhatWasToldBefore() throws Exception {
    Obj entry = entry(1, asking("a"), "b");
    Obj content = entry.object("response").object("content");
    Obj message = (Obj) Json.parse(content.string("text"));
    message.put("usage", new Obj().put("input_tokens", 0).put("output_tokens", 7));
    content.put("text", message.text());
    entry.put("_usage", new Obj().put("input", 12).put("output", 7));
    conversation.entry(entry);
    assertThat(conversation.turns().getFirst().usage().input()).isEqualTo(12);
    assertThat(conversation.turns().getFirst().usage().output()).isEqualTo(7);
  }

  @Test
  void historyIsToldOnce() throws Exception {
    conversation.entry(entry(1, asking("a"), "b"));
    conversation.entry(entry(2, asking("a", "b", "c"), "d"));

    assertThat(said(0)).containsExactly("a", "b");
    assertThat(said(1)).containsExactly("c", "d");
  }

  @Test
  void whatIsSaidTwiceIsToldTwice() throws Exception {
    conversation.entry(entry(1, asking("yes"), "ok"));
    conversation.entry(entry(2, asking("yes", "ok", "yes"), "ok"));
    conversation.entry(entry(3, asking("yes", "ok", "yes", "ok", "no"), "bye"));

    assertThat(said(1)).containsExactly("yes", "ok");
    assertThat(said(2)).containsExactly("no", "bye");
  }

  @Test
  void historyIsToldOnceAlsoInFlight() {
    asks(1, asking("a"));
    answers(1, new HttpHeader("content-type", "text/event-stream"));
    body(1, Side.RESPONSE, (START + delta("b")).getBytes(StandardCharsets.UTF_8));
    happens(new HttpEvent.Finished(1, HttpEvent.End.COMPLETE, null));
    asks(2, asking("a", "b", "c"));

    assertThat(said(1)).containsExactly("c");
  }

  @Test
  void theEntryTakesThePlaceOfTheFlight() throws Exception {
    asks(1, asking("a"));
    assertThat(conversation.turns().getFirst().over()).isFalse();
    conversation.entry(entry(1, asking("a"), "b"));
    happens(new HttpEvent.Finished(1, HttpEvent.End.COMPLETE, null));

    assertThat(conversation.turns()).hasSize(1);
    assertThat(conversation.turns().getFirst().end()).isEqualTo("complete");
    assertThat(said(0)).containsExactly("a", "b");
  }

  @Test
  void whatBrokeOffSaysHow() {
    asks(1, asking("a"));
    answers(1, new HttpHeader("content-type", "text/event-stream"));
    body(1, Side.RESPONSE, (START + delta("hal")).getBytes(StandardCharsets.UTF_8));
    happens(new HttpEvent.Finished(1, HttpEvent.End.UPSTREAM_RESET, "connection reset"));

    Turn turn = conversation.turns().getFirst();
    assertThat(turn.end()).isEqualTo("upstream_reset");
    assertThat(turn.error()).isEqualTo("connection reset");
    assertThat(said(0)).containsExactly("a", "hal");
  }

  @Test
  void anErrorIsTold() {
    asks(1, asking("a"));
    happens(
        new HttpEvent.Answered(
            1, 529, "", "HTTP/1.1", List.of(new HttpHeader("content-type", "application/json"))));
    body(
        1,
        Side.RESPONSE,
        "{\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\",\"message\":\"Overloaded\"}}"
            .getBytes(StandardCharsets.UTF_8));
    happens(new HttpEvent.Finished(1, HttpEvent.End.COMPLETE, null));

    assertThat(conversation.turns().getFirst().status()).isEqualTo(529);
    assertThat(conversation.turns().getFirst().answered())
        .containsExactly(
            new Part("assistant", Part.Kind.ERROR, "Overloaded", "overloaded_error", null));
  }

  @Test
  void unchangedTurnsAreTheSameObjects() throws Exception {
    conversation.entry(entry(1, asking("a"), "b"));
    asks(2, asking("x"));
    List<Turn> before = conversation.turns();
    List<Turn> after = conversation.turns();

    assertThat(after.get(0)).isSameAs(before.get(0));
    assertThat(after.get(1)).isSameAs(before.get(1));
  }

  @Test
  void oldTurnsGoWhereThereAreTooMany() throws Exception {
    for (int i = 1; i <= LiveConversation.MAX_TURNS + 3; i++) {
      conversation.entry(entry(i, asking("question " + i), "answer"));
    }
    assertThat(conversation.turns()).hasSize(LiveConversation.MAX_TURNS);
    assertThat(conversation.leftOut()).isEqualTo(3);
  }

  @Test
  void hugePartsAreCutAndSaySo() throws Exception {
    conversation.entry(entry(1, asking("x".repeat(TextLimit.MAX_PART_CHARS + 5)), "b"));

    assertThat(said(0).getFirst())
        .hasSizeLessThan(TextLimit.MAX_PART_CHARS + 100)
        .endsWith("\n... 5 more characters not shown");
  }

  @Test
  void anEntryOfAnythingIsTaken() {
    conversation.entry(new Obj());

    assertThat(conversation.turns()).hasSize(1);
    assertThat(conversation.turns().getFirst().path()).isEmpty();
  }
}
