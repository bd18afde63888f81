package dev.tapedeck.sandbox.namespace;

import dev.tapedeck.sandbox.Engine;
import dev.tapedeck.sandbox.Finding;
import dev.tapedeck.sandbox.Folders;
import dev.tapedeck.sandbox.Sandbox;
import dev.tapedeck.sandbox.SandboxException;
import dev.tapedeck.sandbox.SandboxLimits;
import dev.tapedeck.sandbox.SftpServers;
import dev.tapedeck.sandbox.posix.Child;
import dev.tapedeck.sandbox.posix.Folder;
import dev.tapedeck.sandbox.posix.LaunchScript;
import dev.tapedeck.sandbox.posix.PidFd;
import dev.tapedeck.sandbox.posix.Signals;
import dev.tapedeck.sandbox.reach.Forwarder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sandboxes from Linux namespaces: the host's system folders read-only, everything else private.
 *
 * <p>As root each live sandbox runs under a user id of the host that nothing else has, and in
 * control groups; as an ordinary user under that user's id, limited by what the user may.
 */
public final class NamespaceEngine implements Engine {

  private static final Logger LOG = LoggerFactory.getLogger(NamespaceEngine.class);

  private final SandboxLimits limits;
  private final boolean root = Child.root();
  private final Cgroups cgroups;
  private final SftpServers sftp;
  private final Wall wall;
  private final Forwarder forwarder = Forwarder.choose();
  private final Set<NamespaceSandbox> live = ConcurrentHashMap.newKeySet();
  private volatile boolean closed;

  public NamespaceEngine(SandboxLimits limits) {
    this(limits, SftpServers.find(), Wall.here());
  }

  NamespaceEngine(SandboxLimits limits, SftpServers sftp, Wall wall) {
    this.limits = limits;
    this.wall = wall;
    wall.missing()
        .ifPresent(
            why -> LOG.warn("system calls of programs in sandboxes are not filtered: {}", why));
    this.sftp = sftp;
    this.cgroups = Cgroups.discover();
    cgroups.sweep();
  }

  @Override
  public String name() {
    return "namespace";
  }

  @Override
  public Sandbox create(Folders folders) throws SandboxException {
    if (!Child.supported()) {
      throw new SandboxException("the namespace engine needs glibc 2.34 or newer");
    }
    if (closed) {
      throw new SandboxException("the namespace engine is closed");
    }
    String id = "ns-" + HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong());
    HostIds.HostId hostId = null;
    try {
      hostId = root ? hostId(folders) : null;
      NamespaceSandbox sandbox = build(id, hostId, folders);
      live.add(sandbox);
      if (closed) {
        sandbox.close();
        throw new SandboxException("the namespace engine is closed");
      }
      return sandbox;
    } catch (IOException e) {
      giveBack(hostId, e);
      throw e instanceof SandboxException known
          ? known
          : new SandboxException("cannot make a sandbox: " + e.getMessage(), e);
    }
  }

  private static void giveBack(HostIds.@Nullable HostId hostId, IOException reason) {
    try (hostId) {
      // Closing it is all.
    } catch (IOException e) {
      reason.addSuppressed(e);
    }
  }

  private static HostIds.HostId hostId(Folders folders) throws IOException {
    OptionalInt owner = folders.owner();
    if (owner.isEmpty()) {
      return HostIds.shared().take();
    }
    folders.own(owner.getAsInt());
    return HostIds.HostId.of(owner.getAsInt());
  }

  private NamespaceSandbox build(String id, HostIds.@Nullable HostId hostId, Folders folders)
      throws IOException {
    Cgroup cgroup = cgroups.create(id, limits);
    Child unshare = null;
    try {
      Integer number = hostId == null ? null : hostId.number();
      List<String> arguments = new ArrayList<>();
      arguments.add(Long.toString(limits.diskBytes()));
      arguments.add(Integer.toString(limits.inodes()));
      InitMount.of(folders).forEach(arguments::addAll);
      unshare =
          Child.start(
              Commands.create(number, cgroup.joins(), forwarder.parent(), arguments),
              Commands.creating(Init.SCRIPT));
      int initPid = new Init(unshare).ready();
      PidFd init = PidFd.open(initPid);
      try {
        // Before anything of the sandbox's user runs there: the path is still what init.sh made it.
        Folder devpts = Folder.open("/proc/" + initPid + "/root/dev/pts");
        if (root) {
          spare(initPid);
        }
        return new NamespaceSandbox(
            this,
            new NamespaceSandbox.Parts(id, unshare, initPid, init, devpts, hostId, cgroup),
            ulimits(),
            forwarder);
      } catch (IOException e) {
        init.signal(Signals.KILL);
        init.close();
        throw e;
      }
    } catch (IOException e) {
      abandon(unshare, cgroup);
      throw e;
    }
  }

  /** What holds in addition to control groups, or alone where there are none. */
  private LaunchScript.Ulimits ulimits() {
    long dataBytes = cgroups.limits("memory") ? 0 : limits.memoryBytes();
    return new LaunchScript.Ulimits(limits.openFiles(), limits.processes(), dataBytes);
  }

  /** Where memory runs out, the kernel shall end the program that took it, not the sandbox. */
  private static void spare(int initPid) {
    try {
      Files.writeString(Path.of("/proc/" + initPid + "/oom_score_adj"), "-999");
    } catch (IOException e) {
      LOG.debug("a sandbox's first process may be chosen when memory runs out: {}", e.toString());
    }
  }

  private static void abandon(@Nullable Child unshare, Cgroup cgroup) throws IOException {
    try {
      if (unshare != null) {
        unshare.signal(Signals.KILL);
        unshare.await();
        unshare.close();
      }
      cgroup.remove();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * The command that serves SFTP inside.
   *
   * @throws SandboxException if there is none
   */
  String sftpServer() throws SandboxException {
    return sftp.command();
  }

  Wall wall() {
    return wall;
  }

  @Override
  public List<Finding> examine() {
    return new NamespaceChecks(limits, cgroups, sftp, forwarder, wall).findings();
  }

  void forget(NamespaceSandbox sandbox) {
    live.remove(sandbox);
  }

  @Override
  public void close() {
    closed = true;
    live.parallelStream().forEach(NamespaceSandbox::close);
    forwarder.close();
  }
}
