package dev.tapedeck.sandbox.namespace;

import dev.tapedeck.sandbox.Finding;
import dev.tapedeck.sandbox.Finding.Level;
import dev.tapedeck.sandbox.SandboxLimits;
import dev.tapedeck.sandbox.SftpServers;
import dev.tapedeck.sandbox.posix.Child;
import dev.tapedeck.sandbox.posix.Signals;
import dev.tapedeck.sandbox.reach.Forward;
import dev.tapedeck.sandbox.reach.Forwarder;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** What the namespace engine would give on this machine. */
record NamespaceChecks(
    SandboxLimits limits, Cgroups cgroups, SftpServers sftp, Forwarder forwarder, Wall wall) {

  /** util-linux since 2.36 has {@code unshare --map-user} and {@code --keep-caps}. */
  private static final List<String> COMMANDS =
      List.of("unshare", "nsenter", "setpriv", "setsid", "mount", "umount", "pivot_root");

  private static final List<String> UNSHARE_OPTIONS =
      List.of("--map-user", "--map-group", "--keep-caps", "--kill-child", "--cgroup");

  private static final long TRIAL_SECONDS = 10;
  private static final int MAX_OUTPUT_BYTES = 16 * 1024;

  /** Makes every namespace, and a procfs, which is what containers most often refuse. */
  private static final List<String> TRIAL =
      List.of(
          "--user",
          "--map-user=1000",
          "--map-group=1000",
          "--keep-caps",
          "--mount",
          "--pid",
          "--net",
          "--uts",
          "--ipc",
          "--cgroup",
          "--fork",
          "--",
          "/bin/sh",
          "-c",
          "for d in /mnt /media /srv /tmp; do [ -d $d ] && break; done;"
              + " mount -t tmpfs trial $d && mount -t proc trial $d");

  List<Finding> findings() {
    List<Finding> findings = new ArrayList<>();
    findings.add(library());
    findings.add(commands());
    findings.add(kernelSettings());
    findings.add(trial());
    findings.add(systemCalls());
    findings.add(identity());
    Cgroups.WANTED.forEach(controller -> findings.add(limit(controller)));
    findings.add(
        new Finding(
            Level.GOOD,
            "disk limit",
            "tmpfs of %d MiB and %d files for all writable folders; what is in it counts as memory"
                .formatted(limits.diskBytes() >> 20, limits.inodes())));
    findings.add(sftp.finding());
    findings.add(reach());
    return findings;
  }

  private static Finding library() {
    return Child.supported()
        ? new Finding(Level.GOOD, "C library", "glibc can start programs as needed")
        : new Finding(Level.MISSING, "C library", "glibc 2.34 or newer is needed");
  }

  private static Finding commands() {
    List<String> missing = COMMANDS.stream().filter(c -> Commands.find(c).isEmpty()).toList();
    if (!missing.isEmpty()) {
      return new Finding(
          Level.MISSING, "util-linux", "install util-linux: no " + String.join(", ", missing));
    }
    String help = run(List.of(Commands.find("unshare").orElseThrow(), "--help"));
    List<String> lacking = UNSHARE_OPTIONS.stream().filter(o -> !help.contains(o)).toList();
    return lacking.isEmpty()
        ? new Finding(Level.GOOD, "util-linux", "unshare, nsenter and setpriv are there")
        : new Finding(
            Level.MISSING,
            "util-linux",
            "2.36 or newer is needed: unshare has no " + String.join(", ", lacking));
  }

  private static Finding kernelSettings() {
    Optional<String> none = read("/proc/sys/user/max_user_namespaces").filter("0"::equals);
    if (none.isPresent()) {
      return new Finding(
          Level.MISSING,
          "user namespaces",
          "switched off: sysctl user.max_user_namespaces must be more than 0");
    }
    if (read("/proc/sys/kernel/unprivileged_userns_clone").filter("0"::equals).isPresent()) {
      return new Finding(
          Level.MISSING,
          "user namespaces",
          "switched off: sysctl kernel.unprivileged_userns_clone must be 1");
    }
    if (read("/proc/sys/kernel/apparmor_restrict_unprivileged_userns")
        .filter("1"::equals)
        .isPresent()) {
      return new Finding(
          Level.LESSER,
          "user namespaces",
          "AppArmor may refuse them: sysctl kernel.apparmor_restrict_unprivileged_userns is 1");
    }
    return new Finding(Level.GOOD, "user namespaces", "allowed by the kernel's settings");
  }

  private static Finding trial() {
    Integer hostId = Child.root() ? 65_534 : null;
    String said = run(Commands.outside(hostId, List.of(), "unshare", TRIAL));
    return said.isEmpty()
        ? new Finding(Level.GOOD, "trial", "namespaces with a procfs of their own were made")
        : new Finding(
            Level.MISSING,
            "trial",
            "namespaces were refused (in a container, its runtime must allow them): " + said);
  }

  private Finding systemCalls() {
    return wall.missing()
        .map(why -> new Finding(Level.LESSER, "system calls", "not filtered: " + why))
        .orElseGet(() ->
            new Finding(
                Level.GOOD,
                "system calls",
                "filtered as by Docker's default profile; no capability can be had"));
  }

  private static Finding identity() {
    return Child.root()
        ? new Finding(
            Level.GOOD,
            "user ids",
            "each sandbox runs under an id of its own from %d".formatted(HostIds.FIRST))
        : new Finding(
            Level.LESSER,
            "user ids",
            "all sandboxes run under the gateway's own user id; as root each would have its own");
  }

  private Finding limit(String controller) {
    String version = cgroups.v2() ? "cgroup v2" : "cgroup v1";
    boolean held = cgroups.limits(controller);
    Level level = held ? Level.GOOD : Level.LESSER;
    return switch (controller) {
      case "memory" ->
          new Finding(
              level,
              "memory limit",
              held
                  ? "%d MiB and the disk's size, by %s"
                      .formatted(limits.memoryBytes() >> 20, version)
                  : "no control group: %d MiB for each process only (ulimit -d)"
                      .formatted(limits.memoryBytes() >> 20));
      case "cpu" ->
          new Finding(
              level,
              "processor limit",
              held
                  ? "%s processors by %s".formatted(limits.cpus(), version)
                  : "no control group: none");
      default ->
          new Finding(
              level,
              "process limit",
              held
                  ? "%d by %s".formatted(limits.processes(), version)
                  : "no control group: %d by ulimit -u".formatted(limits.processes()));
    };
  }

  /** Tries it on a network namespace with nothing in it. */
  private Finding reach() {
    String subject = "API gateway";
    Integer hostId = Child.root() ? 65_534 : null;
    List<String> command = Commands.network(hostId, forwarder.parent());
    try (Child trial = Child.start(command, Commands.ENVIRONMENT)) {
      try {
        // No answer comes where namespaces are refused; the trial above says why.
        boolean up = trial.output().read() >= 0;
        UnixDomainSocketAddress nobody = UnixDomainSocketAddress.of("/dev/null");
        if (up) {
          forwarder.open(trial.pid(), nobody).close();
        }
        return up
            ? new Finding(
                Level.GOOD,
                subject,
                "reached from inside at 127.0.0.1:%d, and nothing else on any network"
                    .formatted(Forward.PORT))
            : new Finding(Level.LESSER, subject, "cannot be tried without namespaces");
      } finally {
        trial.signalGroup(Signals.KILL);
      }
    } catch (IOException e) {
      return new Finding(Level.LESSER, subject, "not reached from inside: " + e.getMessage());
    }
  }

  private static Optional<String> read(String file) {
    try {
      return Optional.of(Files.readString(Path.of(file)).strip());
    } catch (IOException _) {
      return Optional.empty(); // this kernel does not have the setting
    }
  }

  /** All that a command prints; what went wrong if it failed. */
  private static String run(List<String> command) {
    try (Child child = Child.start(command, Commands.ENVIRONMENT)) {
      child.input().close();
      if (child.await(TRIAL_SECONDS, TimeUnit.SECONDS).isEmpty()) {
        child.signalGroup(Signals.KILL);
        return "no answer within " + TRIAL_SECONDS + " s";
      }
      byte[] output = child.output().readNBytes(MAX_OUTPUT_BYTES);
      byte[] error = child.error().readNBytes(MAX_OUTPUT_BYTES);
      String said =
          new String(output, StandardCharsets.UTF_8) + new String(error, StandardCharsets.UTF_8);
      int code = child.await().number();
      return said.isBlank() && code != 0 ? "ended with " + code : said.strip();
    } catch (IOException e) {
      return e.getMessage() == null ? e.toString() : e.getMessage();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return "interrupted";
    }
  }
}
