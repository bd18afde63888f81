package dev.tapedeck.clients;

import static org.awaitility.Awaitility.await;

import dev.tapedeck.auth.Account;
import dev.tapedeck.auth.AuthorizedKeys;
import dev.tapedeck.auth.Gatekeeper;
import dev.tapedeck.auth.Password;
import dev.tapedeck.event.LoginAttempt;
import dev.tapedeck.formats.cast.CastEvent;
import dev.tapedeck.formats.cast.CastReader;
import dev.tapedeck.recording.RecordingListener;
import dev.tapedeck.recording.RecordingOptions;
import dev.tapedeck.recording.SessionRecorder;
import dev.tapedeck.sandbox.Engine;
import dev.tapedeck.sandbox.Sandboxes;
import dev.tapedeck.sandbox.Sharing;
import dev.tapedeck.session.Recorder;
import dev.tapedeck.session.Session;
import dev.tapedeck.session.SessionRecord;
import dev.tapedeck.ssh.SshGateway;
import dev.tapedeck.ssh.SshOptions;
import dev.tapedeck.storage.AppendFiles;
import dev.tapedeck.storage.RecordingStore;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/**
 * A whole SSH gateway in this process: real sockets, real sandboxes, real files; one user, with a
 * key and a password.
 */
public final class LiveGateway implements AutoCloseable {

  public static final String USER = "alice";
  public static final String PASSWORD = "open sesame";

  private final Path home;
  private final Path key;
  private final Engine engine;
  private final RecordingStore store;
  private final SessionRecorder recorder;
  private final Sandboxes sandboxes;
  private final SshGateway gateway;
  private final Map<Object, SessionRecord> sessions = new ConcurrentHashMap<>();
  private final List<LoginAttempt> attempts = new CopyOnWriteArrayList<>();

  /** A gateway with its own folder below {@code home}. */
  public static LiveGateway start(Path home, Engine engine) throws Exception {
    return start(home, engine, RecordingOptions.DEFAULT, AppendFiles.DISK, options -> options);
  }

  public static LiveGateway start(
      Path home,
      Engine engine,
      RecordingOptions recording,
      AppendFiles tapes,
      UnaryOperator<SshOptions> options)
      throws Exception {
    return new LiveGateway(home, engine, recording, tapes, options, 0, Sharing.NONE);
  }

  /** A gateway in which connections may share a sandbox. */
  public static LiveGateway sharing(Path home, Engine engine, Sharing sharing) throws Exception {
    return new LiveGateway(
        home, engine, RecordingOptions.DEFAULT, AppendFiles.DISK, options -> options, 0, sharing);
  }

  /** A gateway that records so, in which connections may share a sandbox. */
  public static LiveGateway sharing(
      Path home, Engine engine, RecordingOptions recording, Sharing sharing) throws Exception {
    return new LiveGateway(
        home, engine, recording, AppendFiles.DISK, options -> options, 0, sharing);
  }

  /** A gateway that takes any password after so many wrong ones. */
  public static LiveGateway honeypot(Path home, Engine engine, int failures) throws Exception {
    return new LiveGateway(
        home,
        engine,
        RecordingOptions.DEFAULT,
        AppendFiles.DISK,
        options -> options,
        failures,
        Sharing.NONE);
  }

  private LiveGateway(
      Path home,
      Engine engine,
      RecordingOptions recording,
      AppendFiles tapes,
      UnaryOperator<SshOptions> change,
      int acceptAllAfterFailures,
      Sharing sharing)
      throws Exception {
    this.home = home;
    this.engine = engine;
    this.key = home.resolve("id_ed25519");
    Shell.run(home, "ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", key.toString()).expect(0);
    String publicKey = Files.readString(home.resolve("id_ed25519.pub"));
    Account account =
        new Account(
            USER, Password.hash(PASSWORD), List.of(AuthorizedKeys.parse(publicKey.strip())));
    this.store = new RecordingStore(home.resolve("data/recordings"), tapes);
    this.recorder =
        new SessionRecorder(
            store, recording, RecordingListener.of(record -> sessions.put(record.id(), record)));
    SshOptions options =
        change.apply(
            SshOptions.defaults(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                home.resolve("data/keys")));
    List<Recorder> recorders = List.of(recorder);
    this.sandboxes = new Sandboxes(_ -> engine.create(), sharing);
    this.gateway =
        new SshGateway(
            options,
            new Gatekeeper(List.of(account), acceptAllAfterFailures),
            sandboxes::take,
            info -> Session.start(info, recorders, List.of()),
            (_, _) -> Map.of(),
            attempts::add);
    gateway.start();
  }

  public int port() {
    return gateway.address().getPort();
  }

  public Path home() {
    return home;
  }

  public Path key() {
    return key;
  }

  public RecordingStore store() {
    return store;
  }

  /**
   * Options for {@code ssh}, {@code scp} and {@code sftp} that make them ignore the machine's own
   * configuration.
   */
  public List<String> clientOptions() {
    return List.of(
        "-F", "none",
        "-i", key.toString(),
        "-o", "IdentitiesOnly=yes",
        "-o", "StrictHostKeyChecking=no",
        "-o", "UserKnownHostsFile=/dev/null",
        "-o", "LogLevel=ERROR",
        "-o", "Port=" + port());
  }

  /**
   * The command line of {@code ssh} with these further arguments, the destination in front of them.
   */
  public List<String> ssh(List<String> options, String... command) {
    List<String> line = new ArrayList<>();
    line.add("ssh");
    line.addAll(clientOptions());
    line.addAll(options);
    line.add(USER + "@127.0.0.1");
    line.addAll(List.of(command));
    return line;
  }

  /** Runs {@code ssh alice@gateway command...} to its end. */
  public Shell.Result ssh(String... command) throws Exception {
    return Shell.run(home, ssh(List.of(), command).toArray(String[]::new));
  }

  /** What is known of all sessions so far, oldest first. */
  public List<SessionRecord> sessions() {
    return sessions.values().stream().sorted(Comparator.comparing(SessionRecord::id)).toList();
  }

  /** The session that ran this command, if there is one yet. */
  public Optional<SessionRecord> session(String command) {
    return sessions().stream().filter(known -> ran(known, command)).findFirst();
  }

  /** The session that ran this command, once it is over and its files are whole. */
  public SessionRecord sealed(String command) {
    return sealed(known -> ran(known, command));
  }

  /** The first session that is like this, once it is over and its files are whole. */
  public SessionRecord sealed(Predicate<SessionRecord> like) {
    return await()
        .atMost(30, TimeUnit.SECONDS)
        .until(
            () -> sessions().stream().filter(like).findFirst(),
            found -> found.isPresent() && isOver(found.get()))
        .orElseThrow();
  }

  private static boolean ran(SessionRecord known, String command) {
    return known.tracks().stream().anyMatch(track -> command.equals(track.command()));
  }

  private static boolean isOver(SessionRecord record) {
    return record.status() != SessionRecord.Status.LIVE;
  }

  public List<LoginAttempt> attempts() {
    return attempts;
  }

  public SshGateway gateway() {
    return gateway;
  }

  /** The file of a track. */
  public Path file(SessionRecord session, String name) throws IOException {
    return store.find(session.id()).orElseThrow().path().resolve(name);
  }

  /** The events of a cast. */
  public static List<CastEvent> events(Path cast) throws IOException {
    try (CastReader reader = new CastReader(Files.newInputStream(cast))) {
      List<CastEvent> events = new ArrayList<>();
      CastEvent event;
      while ((event = reader.next()) != null) {
        events.add(event);
      }
      return events;
    }
  }

  /** All that a cast says of one kind, joined. */
  public static String data(Path cast, String code) throws IOException {
    StringBuilder data = new StringBuilder();
    for (CastEvent event : events(cast)) {
      if (event.code().text().equals(code)) {
        data.append(event.data());
      }
    }
    return data.toString();
  }

  /** Every file below the recordings, for searches. */
  public List<Path> files() throws IOException {
    try (Stream<Path> files = Files.walk(home.resolve("data"))) {
      return files.filter(Files::isRegularFile).toList();
    }
  }

  @Override
  public void close() {
    gateway.close();
    recorder.close();
    sandboxes.close();
    engine.close();
  }
}
