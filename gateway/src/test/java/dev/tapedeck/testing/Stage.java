package dev.tapedeck.testing;

import dev.tapedeck.event.Bytes;
import dev.tapedeck.event.Event;
import dev.tapedeck.event.ExitStatus;
import dev.tapedeck.event.HttpEvent;
import dev.tapedeck.event.HttpEvent.Side;
import dev.tapedeck.event.HttpHeader;
import dev.tapedeck.event.SessionId;
import dev.tapedeck.event.TerminalSize;
import dev.tapedeck.event.TrackType;
import dev.tapedeck.formats.json.Json.Obj;
import dev.tapedeck.recording.RecordingListener;
import dev.tapedeck.recording.RecordingOptions;
import dev.tapedeck.recording.SessionRecorder;
import dev.tapedeck.session.Session;
import dev.tapedeck.session.SessionInfo;
import dev.tapedeck.session.Track;
import dev.tapedeck.storage.RecordingStore;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** Sessions that are recorded by the real recorder, and whose events a test plays itself. */
public final class Stage implements AutoCloseable {

  private final SessionRecorder recorder;
  private long exchanges;

  /** Records below {@code data}, as a gateway with that folder does. */
  public Stage(Path data) {
    recorder =
        new SessionRecorder(
            new RecordingStore(data.resolve("recordings")),
            RecordingOptions.DEFAULT,
            RecordingListener.of(record -> {}));
  }

  public Session session(String kind, String user) throws IOException {
    SessionInfo info =
        new SessionInfo(SessionId.create(), kind, user, "192.0.2.7:4711", Instant.now(), Map.of());
    return Session.start(info, List.of(recorder), List.of());
  }

  public Track shell(Session session, int columns, int rows) throws IOException {
    return session.open(
        TrackType.SHELL,
        new Event.TrackOpened(
            Instant.now(), null, new TerminalSize(columns, rows), Map.of("TERM", "xterm")));
  }

  public Track api(Session session) throws IOException {
    return session.open(TrackType.API, new Event.TrackOpened(Instant.now(), null, null, Map.of()));
  }

  public static void print(Track track, String text) throws IOException {
    track.emit(new Event.Output(Bytes.of(text)));
  }

  public static void exit(Track track, int status) throws IOException {
    track.close(new ExitStatus.Code(status));
  }

  /** A request with this body to Anthropic's API, in flight. */
  public Call ask(Track api, String body) throws IOException {
    Call call = new Call(api, ++exchanges);
    api.emit(
        new HttpEvent.Requested(
            call.number,
            Instant.now(),
            "anthropic",
            "POST",
            "https://api.anthropic.com/v1/messages?beta=true",
            "HTTP/1.1",
            List.of(new HttpHeader("content-type", "application/json"))));
    call.body(Side.REQUEST, body);
    api.emit(new HttpEvent.BodyEnded(call.number, Side.REQUEST, body.length()));
    return call;
  }

  /** One exchange in flight. */
  public static final class Call {

    private final Track api;
    private final long number;
    private long bytes;

    private Call(Track api, long number) {
      this.api = api;
      this.number = number;
    }

    public Call answer(int status, String contentType) throws IOException {
      api.emit(
          new HttpEvent.Answered(
              number,
              status,
              "",
              "HTTP/1.1",
              List.of(new HttpHeader("Content-Type", contentType))));
      return this;
    }

    /** Bytes of the answer. */
    public Call send(String text) throws IOException {
      bytes += text.length();
      body(Side.RESPONSE, text);
      return this;
    }

    /** A stream's begin. */
    public Call begin() throws IOException {
      answer(200, "text/event-stream");
      return event(
          "message_start",
          """
          {"type":"message_start","message":{"id":"msg_1","type":"message","role":"assistant",\
          "model":"claude-test-1","content":[],"stop_reason":null,"stop_sequence":null,\
          "usage":{"input_tokens":1200,"output_tokens":1}}}\
          """);
    }

    /** One event of a stream. */
    public Call event(String name, String data) throws IOException {
      return send("event: " + name + "\ndata: " + data + "\n\n");
    }

    /** A block begins: {@code {"type":"text","text":""}}. */
    public Call block(int index, String block) throws IOException {
      return event(
          "content_block_start",
          "{\"type\":\"content_block_start\",\"index\":"
              + index
              + ",\"content_block\":"
              + block
              + "}");
    }

    /** A piece of a block's text. */
    public Call text(int index, String piece) throws IOException {
      return delta(index, "text_delta", "text", piece);
    }

    /** A piece of a block. */
    public Call delta(int index, String type, String member, String piece) throws IOException {
      Obj delta = new Obj().put("type", type).put(member, piece);
      return event(
          "content_block_delta",
          "{\"type\":\"content_block_delta\",\"index\":"
              + index
              + ",\"delta\":"
              + delta.text()
              + "}");
    }

    public Call stop(int index) throws IOException {
      return event(
          "content_block_stop", "{\"type\":\"content_block_stop\",\"index\":" + index + "}");
    }

    /** The message and its stream end. */
    public void end(String stopReason, int outputTokens) throws IOException {
      event(
          "message_delta",
          "{\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\""
              + stopReason
              + "\",\"stop_sequence\":null},\"usage\":{\"output_tokens\":"
              + outputTokens
              + "}}");
      event("message_stop", "{\"type\":\"message_stop\"}");
      finish(HttpEvent.End.COMPLETE);
    }

    public void finish(HttpEvent.End end) throws IOException {
      if (end == HttpEvent.End.COMPLETE) {
        api.emit(new HttpEvent.BodyEnded(number, Side.RESPONSE, bytes));
      }
      api.emit(new HttpEvent.Finished(number, end, null));
    }

    private void body(Side side, String text) throws IOException {
      api.emit(new HttpEvent.Body(number, side, Bytes.of(text), false));
    }
  }

  @Override
  public void close() {
    recorder.close();
  }
}
