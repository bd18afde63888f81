package dev.tapedeck.sandbox.none;

import dev.tapedeck.sandbox.Engine;
import dev.tapedeck.sandbox.Finding;
import dev.tapedeck.sandbox.Folders;
import dev.tapedeck.sandbox.Sandbox;
import dev.tapedeck.sandbox.SandboxException;
import dev.tapedeck.sandbox.SftpServers;
import dev.tapedeck.sandbox.posix.Child;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Runs programs on the host itself, as the gateway's user, with no isolation and no limits; only
 * the environment is clean and the home a folder of its own, made with the sandbox and removed with
 * it, so that sessions do not meet in one set of dot files.
 */
public final class NoneEngine implements Engine {

  private final SftpServers sftp = SftpServers.find();
  private final Set<NoneSandbox> live = ConcurrentHashMap.newKeySet();

  @Override
  public String name() {
    return "none";
  }

  @Override
  public Sandbox create(Folders folders) throws SandboxException {
    if (!Child.supported()) {
      throw new SandboxException("the engine none needs glibc 2.34 or newer");
    }
    if (!folders.mounts().isEmpty()) {
      throw new SandboxException(
          "the engine none shows the host's own files and can put none elsewhere: take"
              + " sandbox.mounts out, or choose another engine");
    }
    String id = "none-" + HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong());
    try {
      Path kept = folders.home();
      Path home = kept == null ? Files.createTempDirectory("tapedeck-home-") : kept;
      NoneSandbox sandbox = new NoneSandbox(this, id, home, kept != null, sftp);
      live.add(sandbox);
      return sandbox;
    } catch (IOException e) {
      throw new SandboxException("cannot make a home folder: " + e.getMessage(), e);
    }
  }

  @Override
  public List<Finding> examine() {
    Finding isolation =
        new Finding(
            Finding.Level.LESSER,
            "isolation",
            "none: sessions run as the gateway's user and see all that it sees");
    Finding library =
        Child.supported()
            ? new Finding(Finding.Level.GOOD, "C library", "glibc can start programs as needed")
            : new Finding(Finding.Level.MISSING, "C library", "glibc 2.34 or newer is needed");
    Finding reach =
        new Finding(
            Finding.Level.GOOD, "API gateway", "reached as from anywhere else on this machine");
    return List.of(isolation, library, sftp.finding(), reach);
  }

  void forget(NoneSandbox sandbox) {
    live.remove(sandbox);
  }

  @Override
  public void close() {
    live.forEach(NoneSandbox::close);
  }
}
