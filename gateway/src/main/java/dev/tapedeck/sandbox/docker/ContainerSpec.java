package dev.tapedeck.sandbox.docker;

import dev.tapedeck.sandbox.Folders;
import dev.tapedeck.sandbox.SandboxLimits;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What we ask for when we ask for a container: the one page to read to know what a sandbox of this
 * engine may do.
 */
final class ContainerSpec {

  /** Marks every container of ours; its value is the sandbox's id. */
  static final String LABEL = "dev.tapedeck.sandbox";

  /** The user's folder in the image. */
  static final String HOME = "/home/sandbox";

  /** Who keeps a container: neither root nor any program's user. */
  static final int NOBODY = 65_534;

  private static final double NANO = 1e9;

  private static final String KEEPER = script("keeper.sh");

  private ContainerSpec() {}

  static Map<String, Object> of(
      DockerOptions options, Folders folders, String id, ContainerOwner owner) {
    Map<String, Object> spec = new HashMap<>();
    spec.put("Image", options.image());
    spec.put("Entrypoint", List.of("/bin/sh", "-c", KEEPER, "tapedeck"));
    spec.put("Cmd", List.of());
    spec.put("Env", List.of());
    // Another user than the programs', who then can neither end nor look into the first process.
    spec.put("User", NOBODY + ":" + NOBODY);
    spec.put("WorkingDir", "/");
    spec.put("Hostname", options.hostname());
    spec.put("Labels", Map.of(LABEL, id, ContainerOwner.LABEL, owner.label()));
    spec.put("NetworkDisabled", true);
    // The keeper lives as long as its standard input is open: see keeper.sh.
    spec.put("OpenStdin", true);
    spec.put("StdinOnce", true);
    spec.put("AttachStdin", true);
    spec.put("AttachStdout", false);
    spec.put("AttachStderr", false);
    spec.put("HostConfig", hostConfig(options, folders));
    return spec;
  }

  private static Map<String, Object> hostConfig(DockerOptions options, Folders folders) {
    SandboxLimits limits = options.limits();
    Map<String, Object> host = new HashMap<>();
    host.put("NetworkMode", "none");
    host.put("ReadonlyRootfs", true);
    Map<String, String> temporary = new HashMap<>(temporary(options));
    if (folders.home() != null) {
      temporary.remove(HOME);
    }
    host.put("Tmpfs", temporary);
    host.put("Mounts", mounts(folders));
    host.put("ShmSize", smallFolder(options));
    // The folders lie in memory and count as such: a full disk shall not take the programs' share.
    long memory = limits.memoryBytes() + limits.diskBytes();
    host.put("Memory", memory);
    // Memory and swap together: as much as memory alone means no swap.
    host.put("MemorySwap", memory);
    host.put("NanoCpus", Math.round(limits.cpus() * NANO));
    host.put("PidsLimit", limits.processes());
    host.put("CapDrop", List.of("ALL"));
    // The engine's default seccomp profile holds because none is named here.
    host.put("SecurityOpt", List.of("no-new-privileges"));
    host.put("IpcMode", "private");
    host.put("Privileged", false);
    host.put("AutoRemove", true);
    // What programs say goes to the recording, not to files of the engine.
    host.put("LogConfig", Map.of("Type", "none"));
    host.put("Ulimits", List.of(ulimit("core", 0), ulimit("nofile", limits.openFiles())));
    return host;
  }

  private static List<Map<String, Object>> mounts(Folders folders) {
    List<Map<String, Object>> mounts = new ArrayList<>();
    Path home = folders.home();
    if (home != null) {
      mounts.add(mount(new Folders.Mount(home, HOME, true)));
    }
    folders.mounts().forEach(mount -> mounts.add(mount(mount)));
    return mounts;
  }

  private static Map<String, Object> mount(Folders.Mount mount) {
    return Map.of(
        "Type", "bind",
        "Source", mount.host().toString(),
        "Target", mount.inside(),
        "ReadOnly", !mount.writable());
  }

  private static Map<String, Object> ulimit(String name, int value) {
    return Map.of("Name", name, "Soft", value, "Hard", value);
  }

  /**
   * All that can be written to. An engine cannot let several folders share one size: home and /tmp
   * have all of it each, and the limit on memory holds them together.
   */
  private static Map<String, String> temporary(DockerOptions options) {
    String mine = ",uid=" + options.uid() + ",gid=" + options.uid();
    long disk = options.limits().diskBytes();
    int inodes = options.limits().inodes();
    return Map.of(
        HOME,
        folder("rw,exec,nosuid,nodev,mode=0700", disk, inodes / 2) + mine,
        "/tmp",
        folder("rw,exec,nosuid,nodev,mode=1777", disk, inodes / 4),
        "/run",
        folder("rw,noexec,nosuid,nodev,mode=0755", smallFolder(options), inodes / 8) + mine);
  }

  private static String folder(String options, long bytes, int inodes) {
    return options + ",size=" + bytes + ",nr_inodes=" + inodes;
  }

  /** Bytes of /run and of /dev/shm, each. */
  private static long smallFolder(DockerOptions options) {
    return options.limits().diskBytes() / 8;
  }

  /** A shell script beside this class. */
  static String script(String name) {
    try (InputStream stream = ContainerSpec.class.getResourceAsStream(name)) {
      if (stream == null) {
        throw new IllegalStateException("the jar lacks " + name);
      }
      return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
