package dev.tapedeck.clients;

import dev.tapedeck.testing.Needs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A real disk that stops answering: ext4 in a file, frozen as for a snapshot. Only root can have
 * one.
 */
final class FrozenDisk implements AutoCloseable {

  private final Path mount;

  private FrozenDisk(Path mount) {
    this.mount = mount;
  }

  static FrozenDisk mount(Path image, Path at) throws Exception {
    Files.createDirectories(at);
    Path folder = at.resolveSibling("");
    Needs.program("loop", "mkfs.ext4");
    Needs.program("loop", "fsfreeze");
    Shell.run(folder, "truncate", "-s", "64M", image.toString()).expect(0);
    Shell.run(folder, "mkfs.ext4", "-q", image.toString()).expect(0);
    Shell.Result mounted =
        Shell.run(folder, "mount", "-o", "loop", image.toString(), at.toString());
    Needs.need("loop", mounted.status() == 0, "no loop device can be mounted: " + mounted.err());
    return new FrozenDisk(at);
  }

  /** From now on nothing that writes to it returns. */
  void freeze() throws Exception {
    Shell.run(mount.resolveSibling(""), "fsfreeze", "-f", mount.toString()).expect(0);
  }

  void thaw() throws IOException {
    run("fsfreeze", "-u");
  }

  @Override
  public void close() throws IOException {
    // Frozen, it could not be unmounted, nor could whatever writes to it end.
    run("fsfreeze", "-u");
    run("umount", "-l");
  }

  private void run(String program, String option) throws IOException {
    new ProcessBuilder(program, option, mount.toString())
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .start()
        .onExit()
        .join();
  }
}
