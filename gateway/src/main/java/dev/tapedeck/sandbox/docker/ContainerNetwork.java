package dev.tapedeck.sandbox.docker;

import dev.tapedeck.sandbox.SandboxException;
import dev.tapedeck.sandbox.reach.Forward;
import dev.tapedeck.sandbox.reach.Forwarder;
import dev.tapedeck.sandbox.reach.LocalForwarder;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The network of a container, which has none but its loopback, as seen from this machine.
 *
 * @param pid of the container's first process, as the engine numbers it
 */
record ContainerNetwork(String container, int pid) {

  private static final Forwarder FORWARDER = new LocalForwarder();

  /**
   * Makes a port inside lead to the service.
   *
   * @throws IOException without the rights, or where that process is not on this machine
   */
  Forward forward(UnixDomainSocketAddress service) throws IOException {
    requireHere();
    Forward forward = FORWARDER.open(pid, service);
    try {
      requireHere(); // it may have ended, and its number may be another's
      return forward;
    } catch (IOException e) {
      forward.close();
      throw e;
    }
  }

  private void requireHere() throws IOException {
    if (!here()) {
      throw new SandboxException(
          "the container's processes are not seen from here: the engine runs on another machine,"
              + " in another PID namespace or without root");
    }
  }

  /** An engine on another machine has processes of the same number, which are not its own here. */
  boolean here() {
    try {
      return pid > 0 && Files.readString(Path.of("/proc/" + pid + "/cgroup")).contains(container);
    } catch (IOException _) {
      return false; // there is no such process
    }
  }
}
