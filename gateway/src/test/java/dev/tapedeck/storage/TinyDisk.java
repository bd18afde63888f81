package dev.tapedeck.storage;

import dev.tapedeck.testing.Needs;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A real disk that is soon full: a tmpfs with a size limit. Only root can mount one. */
public final class TinyDisk implements AutoCloseable {

  private final Path path;

  private TinyDisk(Path path) {
    this.path = path;
  }

  public static TinyDisk mount(Path at, int kibibytes) throws IOException {
    Files.createDirectories(at);
    String said =
        run("mount", "-t", "tmpfs", "-o", "mode=700,size=" + kibibytes + "k", "tmpfs", "" + at);
    Needs.need("tmpfs", said.isEmpty(), "cannot mount one here: " + said);
    return new TinyDisk(at);
  }

  public Path path() {
    return path;
  }

  /** Writes a file that takes all the room there is. */
  public Path fill() throws IOException {
    Path filler = path.resolve("filler");
    try (OutputStream out = Files.newOutputStream(filler)) {
      byte[] page = new byte[4096];
      while (true) {
        out.write(page);
      }
    } catch (IOException full) {
      if (!String.valueOf(full.getMessage()).contains("No space left")) {
        throw full;
      }
    }
    return filler;
  }

  public void readOnly() throws IOException {
    String said = run("mount", "-o", "remount,ro", "" + path);
    Needs.need("tmpfs", said.isEmpty(), said);
  }

  @Override
  public void close() throws IOException {
    // Lazily: a test that failed may have left a file open.
    run("umount", "-l", "" + path);
  }

  private static String run(String... command) throws IOException {
    Process process = new ProcessBuilder(List.of(command)).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return process.onExit().join().exitValue() == 0 ? "" : "mount: " + said.strip();
  }
}
