package dev.tapedeck.ssh;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tapedeck.event.Bytes;
import dev.tapedeck.event.Event;
import dev.tapedeck.event.Event.FileOperation;
import dev.tapedeck.event.Frame;
import dev.tapedeck.event.SessionId;
import dev.tapedeck.event.TrackType;
import dev.tapedeck.pump.Pump;
import dev.tapedeck.pump.Tap;
import dev.tapedeck.sandbox.ProcessSpec;
import dev.tapedeck.sandbox.SandboxProcess;
import dev.tapedeck.session.Recorder;
import dev.tapedeck.session.Session;
import dev.tapedeck.session.SessionInfo;
import dev.tapedeck.session.Track;
import dev.tapedeck.testing.Needs;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * OpenSSH's own sftp and scp talk to OpenSSH's own sftp-server and scp, and a tap listens. In place
 * of ssh the client starts a script that is joined to this test by pipes.
 */
@Timeout(60)
final class OpenSshTransfersTest {

  private static final Path SFTP_SERVER = Path.of("/usr/lib/openssh/sftp-server");

  private static final int LARGE_BYTES = 5_000_003;

  private final CopyOnWriteArrayList<Event> events = new CopyOnWriteArrayList<>();

  @TempDir Path folder;
  private Path here;
  private Path there;

  @BeforeEach
  void needsOpenSsh() throws IOException {
    for (Path program : List.of(Path.of("/usr/bin/scp"), Path.of("/usr/bin/sftp"), SFTP_SERVER)) {
      Needs.need("openssh", Files.isExecutable(program), program + " is not there");
    }
    here = Files.createDirectory(folder.resolve("here"));
    there = Files.createDirectory(folder.resolve("there"));
  }

  @Test
  void sftpPutsGetsAndChanges() throws Exception {
    byte[] large = random(here.resolve("large"));
    Files.writeString(here.resolve("small file"), "hello\n");
    Files.createFile(here.resolve("empty"));
    Path batch = folder.resolve("batch");
    Files.writeString(
        batch,
        """
        put large
        put "small file"
        put empty
        get large back
        mkdir d
        rename empty d/moved
        ln -s large pointer
        ln large second
        chmod 600 large
        -rm missing
        -put large /nowhere/x
        rm second
        ls d
        rm d/moved
        rmdir d
        """);

    assertThat(run("sftp", "-S", script(), "-b", batch.toString(), "host")).isZero();

    assertThat(Files.mismatch(here.resolve("large"), there.resolve("large"))).isEqualTo(-1);
    assertThat(Files.mismatch(here.resolve("large"), here.resolve("back"))).isEqualTo(-1);
    String digest = sha256(large);
    assertThat(operations())
        .containsExactly(
            moved("write", path("large"), large.length, digest, 0644),
            moved("write", path("small file"), 6, sha256("hello\n"), 0644),
            moved("write", path("empty"), 0, sha256(""), 0644),
            moved("read", path("large"), large.length, digest, null),
            new FileOperation("mkdir", path("d"), null, 0, null, null, 0777),
            new FileOperation("rename", path("empty"), path("d/moved"), 0, null, null),
            new FileOperation("symlink", "large", path("pointer"), 0, null, null),
            new FileOperation("link", path("large"), path("second"), 0, null, null),
            new FileOperation("setstat", path("large"), null, 0, null, null, 0600),
            new FileOperation("remove", path("missing"), null, 0, null, "No such file"),
            new FileOperation("write", "/nowhere/x", null, 0, null, "No such file", 0644),
            new FileOperation("remove", path("second"), null, 0, null, null),
            new FileOperation("list", path("d/"), null, 0, null, null),
            new FileOperation("remove", path("d/moved"), null, 0, null, null),
            new FileOperation("rmdir", path("d"), null, 0, null, null));
  }

  @Test
  void scpOverSftpUploads() throws Exception {
    byte[] large = random(here.resolve("large"));

    assertThat(run("scp", "-S", script(), "large", "host:copy")).isZero();

    assertThat(Files.mismatch(here.resolve("large"), there.resolve("copy"))).isEqualTo(-1);
    assertThat(operations())
        .containsExactly(moved("write", "copy", large.length, sha256(large), 0644));
  }

  @Test
  void oldScpUploadsFolders() throws Exception {
    byte[] large = random(Files.createDirectories(here.resolve("d/e")).resolve("large"));
    Files.writeString(here.resolve("d/small"), "hello\n");

    assertThat(run("scp", "-O", "-r", "-p", "-S", script(), "d", "host:copy")).isZero();

    assertThat(Files.mismatch(here.resolve("d/e/large"), there.resolve("copy/e/large")))
        .isEqualTo(-1);
    assertThat(operations())
        .containsExactlyInAnyOrder(
            new FileOperation("mkdir", "d", "copy", 0, null, null, 0755),
            new FileOperation("mkdir", "d/e", "copy", 0, null, null, 0755),
            new FileOperation(
                "write", "d/e/large", "copy", large.length, sha256(large), null, 0644),
            new FileOperation("write", "d/small", "copy", 6, sha256("hello\n"), null, 0644));
  }

  @Test
  void oldScpDownloads() throws Exception {
    byte[] large = random(there.resolve("large one"));

    assertThat(run("scp", "-O", "-S", script(), "host:large\\ one", "back")).isZero();

    assertThat(Files.mismatch(there.resolve("large one"), here.resolve("back"))).isEqualTo(-1);
    assertThat(operations())
        .containsExactly(
            new FileOperation(
                "read", "large one", "large one", large.length, sha256(large), null, 0644));
  }

  @Test
  void oldScpFails() throws Exception {
    assertThat(run("scp", "-O", "-S", script(), "host:missing", "back")).isNotZero();

    assertThat(operations())
        .containsExactly(
            new FileOperation(
                "read", "", "missing", 0, null, "scp: missing: No such file or directory"));
  }

  /** Runs a client with a server behind the script; the client's exit code. */
  private int run(String... command) throws Exception {
    for (String pipe : List.of("command", "up", "down")) {
      assertThat(new ProcessBuilder("mkfifo", folder.resolve(pipe).toString()).start().waitFor())
          .isZero();
    }
    Process client =
        new ProcessBuilder(command)
            .directory(here.toFile())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("client.log").toFile())
            .start();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<?> server =
          threads.submit(() -> {
            serve(threads);
            return null;
          });
      try {
        server.get(40, TimeUnit.SECONDS);
        assertThat(client.waitFor(10, TimeUnit.SECONDS)).as("the client has ended").isTrue();
      } finally {
        client.destroyForcibly();
        server.cancel(true);
      }
    }
    return client.exitValue();
  }

  private void serve(ExecutorService threads) throws Exception {
    String line = Files.readString(folder.resolve("command"));
    ProcessSpec.Program program =
        line.equals("sftp") ? new ProcessSpec.Program.Sftp() : FileTransfer.program(Bytes.of(line));
    ProcessSpec spec = new ProcessSpec(program, "alice", Map.of(), null);
    Tap tap = FileTransfer.tap(spec, track());
    Process server =
        (line.equals("sftp")
                ? new ProcessBuilder(SFTP_SERVER.toString())
                : new ProcessBuilder("/bin/sh", "-c", line))
            .directory(there.toFile())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    Future<?> up =
        threads.submit(() -> {
          try (InputStream in = Files.newInputStream(folder.resolve("up"));
              OutputStream out = server.getOutputStream()) {
            carry(in, chunk -> tap.input(chunk, SandboxProcess.Echo.SHOWN), out);
          }
          return null;
        });
    try (InputStream in = server.getInputStream();
        OutputStream out = Files.newOutputStream(folder.resolve("down"))) {
      carry(in, tap::output, out);
    }
    up.get(10, TimeUnit.SECONDS);
    tap.end();
  }

  private static void carry(InputStream in, Pump.Step record, OutputStream out) throws IOException {
    byte[] buffer = new byte[Pump.CHUNK_BYTES];
    for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
      record.accept(Bytes.view(buffer, 0, count));
      out.write(buffer, 0, count);
      out.flush();
    }
  }

  /** What the client starts in place of ssh: its last argument is the command or subsystem. */
  private String script() throws IOException {
    Path script = folder.resolve("ssh");
    Files.writeString(
        script,
        """
        #!/bin/sh
        for last; do :; done
        printf %%s "$last" > '%1$s/command'
        exec 3<&0
        cat <&3 > '%1$s/up' &
        cat '%1$s/down'
        kill $! 2> /dev/null
        exit 0
        """
            .formatted(folder));
    Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwx------"));
    return script.toString();
  }

  private Track track() throws IOException {
    Recorder recorder =
        new Recorder() {
          @Override
          public void started(SessionInfo session) {}

          @Override
          public void record(Frame frame) {
            events.add(frame.event());
          }

          @Override
          public void ended(SessionInfo session, Instant time, String reason) {}
        };
    SessionInfo info =
        new SessionInfo(SessionId.create(), "ssh", "alice", "127.0.0.1:1", Instant.now(), Map.of());
    return Session.start(info, List.of(recorder), List.of())
        .open(TrackType.FILES, new Event.TrackOpened(Instant.now(), null, null, Map.of()));
  }

  private List<FileOperation> operations() {
    List<FileOperation> operations = new ArrayList<>();
    for (Event event : events) {
      if (event instanceof FileOperation operation) {
        operations.add(operation);
      }
    }
    return operations;
  }

  private String path(String name) {
    return there + "/" + name;
  }

  private static FileOperation moved(
      String operation, String path, long bytes, String sha256, Integer mode) {
    return new FileOperation(operation, path, null, bytes, sha256, null, mode);
  }

  private static byte[] random(Path file) throws IOException {
    byte[] bytes = new byte[LARGE_BYTES];
    new Random(7).nextBytes(bytes);
    Files.write(file, bytes);
    return bytes;
  }

  private static String sha256(String text) throws Exception {
    return sha256(text.getBytes(StandardCharsets.UTF_8));
  }

  private static String sha256(byte[] bytes) throws Exception {
    return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
  }
}
