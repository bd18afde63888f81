package dev.tapedeck.clients;

import static org.awaitility.Awaitility.await;

import dev.tapedeck.api.ApiGateway;
import dev.tapedeck.api.ApiOptions;
import dev.tapedeck.api.Upstream;
import dev.tapedeck.formats.json.Json;
import dev.tapedeck.formats.json.Json.Arr;
import dev.tapedeck.formats.json.Json.Obj;
import dev.tapedeck.formats.json.JsonException;
import dev.tapedeck.recording.RecordingListener;
import dev.tapedeck.recording.RecordingOptions;
import dev.tapedeck.recording.SessionRecorder;
import dev.tapedeck.session.Session;
import dev.tapedeck.session.SessionRecord;
import dev.tapedeck.session.SessionTokens;
import dev.tapedeck.storage.AppendFiles;
import dev.tapedeck.storage.RecordingStore;
import dev.tapedeck.storage.SessionFolder;
import dev.tapedeck.testing.Http;
import dev.tapedeck.testing.ScriptedUpstream;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** A whole API gateway in this process, in front of a scripted upstream, recording to files. */
public final class LiveApi implements AutoCloseable {

  private final ScriptedUpstream upstream;
  private final RecordingStore store;
  private final SessionRecorder recorder;
  private final ApiGateway gateway;
  private final SessionTokens tokens = new SessionTokens();
  private final Map<Object, SessionRecord> sessions = new ConcurrentHashMap<>();

  /** A gateway that records into {@code home}. */
  public static LiveApi start(Path home, ScriptedUpstream.Script script) throws IOException {
    return start(home, script, RecordingOptions.DEFAULT, AppendFiles.DISK, options -> options);
  }

  public static LiveApi start(
      Path home,
      ScriptedUpstream.Script script,
      RecordingOptions recording,
      AppendFiles tapes,
      UnaryOperator<ApiOptions> change)
      throws IOException {
    return new LiveApi(home, script, recording, tapes, change);
  }

  private LiveApi(
      Path home,
      ScriptedUpstream.Script script,
      RecordingOptions recording,
      AppendFiles tapes,
      UnaryOperator<ApiOptions> change)
      throws IOException {
    this.upstream = ScriptedUpstream.start(script);
    this.store = new RecordingStore(home.resolve("recordings"), tapes);
    this.recorder =
        new SessionRecorder(
            store, recording, RecordingListener.of(record -> sessions.put(record.id(), record)));
    ApiOptions options =
        ApiOptions.of(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
            List.of(
                new Upstream("anthropic", upstream.url(), null),
                new Upstream("openai", upstream.url(), null)),
            recording.policy() == RecordingOptions.Policy.STRICT);
    this.gateway =
        new ApiGateway(
            change.apply(options),
            info -> Session.start(info, List.of(recorder), List.of()),
            tokens);
    gateway.start();
  }

  public ScriptedUpstream upstream() {
    return upstream;
  }

  public InetSocketAddress address() {
    return gateway.address();
  }

  /** What SDKs are given as their base address. */
  public String url() {
    return "http://127.0.0.1:" + address().getPort();
  }

  public SessionTokens tokens() {
    return tokens;
  }

  /** Sends one request as it is, with CR LF for each line's end, and takes its answer. */
  public Http.Message ask(String request) throws IOException {
    try (Socket socket = new Socket(address().getAddress(), address().getPort())) {
      socket.setSoTimeout((int) TimeUnit.SECONDS.toMillis(20));
      int body = request.indexOf("\n\n");
      String wire =
          request.substring(0, body).replace("\n", "\r\n")
              + "\r\n\r\n"
              + request.substring(body + 2);
      socket.getOutputStream().write(wire.getBytes(StandardCharsets.UTF_8));
      return Http.response(new BufferedInputStream(socket.getInputStream()));
    }
  }

  /** The one session that there is. */
  public SessionRecord session() {
    List<SessionRecord> all = List.copyOf(sessions.values());
    if (all.size() != 1) {
      throw new AssertionError(all.size() + " sessions");
    }
    return all.getFirst();
  }

  /** Every session that there is. */
  public List<SessionRecord> sessions() {
    return List.copyOf(sessions.values());
  }

  public SessionFolder folder() throws IOException {
    try (Stream<SessionFolder> folders = store.list()) {
      return folders.findFirst().orElseThrow();
    }
  }

  /** The whole HAR. */
  public Path har() throws IOException {
    return folder().path().resolve("api.har");
  }

  public String recorded() throws IOException {
    return Files.readString(har());
  }

  /** The entries of the only session's HAR, once there are so many. */
  public List<Obj> entries(int count) {
    return await()
        .atMost(30, TimeUnit.SECONDS)
        // Nothing is there at first; and who reads while an entry is written may see the old end
        // and the new entry.
        .ignoreExceptionsMatching(e ->
            e instanceof NoSuchElementException
                || e instanceof NoSuchFileException
                || e instanceof JsonException)
        .until(this::entries, entries -> entries.size() >= count);
  }

  private List<Obj> entries() throws Exception {
    Obj har = (Obj) Json.parse(recorded());
    Arr entries = ((Obj) har.members().get("log")).array("entries");
    return entries.values().stream().map(Obj.class::cast).toList();
  }

  @Override
  public void close() throws IOException {
    gateway.close();
    recorder.close();
    upstream.close();
  }
}
