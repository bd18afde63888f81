package dev.tapedeck.sandbox.docker;

import dev.tapedeck.sandbox.SandboxException;
import dev.tapedeck.sandbox.TerminalSpec;
import dev.tapedeck.sandbox.posix.Folder;
import dev.tapedeck.sandbox.posix.Pty;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Terminals in a container whose masters are the gateway's. They are made in the container's own
 * devpts, reached through its first process in {@code /proc}, so that {@code tty}, {@code /dev/tty}
 * and job control inside find what they expect.
 */
final class OwnTerminals implements Closeable {

  private static final Logger LOG = LoggerFactory.getLogger(OwnTerminals.class);

  private final Path devpts;
  private final Folder folder;
  private final int uid;

  private OwnTerminals(Path devpts, Folder folder, int uid) {
    this.devpts = devpts;
    this.folder = folder;
    this.uid = uid;
  }

  /**
   * Looks whether the gateway may make them, by making one.
   *
   * @param uid who is to use the terminals
   * @return null where it may not: without root, or where that process is not on this machine
   */
  static @Nullable OwnTerminals in(ContainerNetwork network, int uid) {
    if (!network.here()) {
      return null;
    }
    Path devpts = Path.of("/proc/" + network.pid() + "/root/dev/pts");
    try {
      OwnTerminals terminals = new OwnTerminals(devpts, Folder.open(devpts.toString()), uid);
      try {
        terminals.open().close();
        return terminals;
      } catch (IOException e) {
        terminals.close();
        throw e;
      }
    } catch (IOException e) {
      LOG.debug("terminals of {} are the engine's: {}", network.container(), e.getMessage());
      return null;
    }
  }

  /** Starts a program on the terminal of that path. */
  interface Start {
    Exec on(String path) throws SandboxException;
  }

  OwnTerminalExec start(TerminalSpec spec, Start start) throws SandboxException {
    Pty terminal;
    try {
      terminal = open();
    } catch (IOException e) {
      throw new SandboxException("The sandbox has no terminal left: " + e.getMessage() + ".", e);
    }
    try {
      terminal.modes(spec.modes());
      terminal.resize(spec.size());
      return new OwnTerminalExec(start.on(terminal.path()), terminal);
    } catch (SandboxException e) {
      terminal.close();
      throw e;
    } catch (IOException e) {
      terminal.close();
      throw new SandboxException("A terminal could not be set up: " + e.getMessage() + ".", e);
    }
  }

  private Pty open() throws IOException {
    Pty terminal = Pty.open(folder);
    try {
      Path device = devpts.resolve(Path.of(terminal.path()).getFileName().toString());
      Files.setAttribute(device, "unix:uid", uid);
      return terminal;
    } catch (IOException e) {
      terminal.close();
      throw e;
    }
  }

  @Override
  public void close() {
    folder.close();
  }
}
