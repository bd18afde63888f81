package dev.tapedeck.sandbox.docker;

import dev.tapedeck.sandbox.Finding;
import dev.tapedeck.sandbox.Finding.Level;
import dev.tapedeck.sandbox.SandboxException;
import dev.tapedeck.sandbox.posix.NetworkNamespace;
import dev.tapedeck.sandbox.reach.Forward;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** What the engine would give on this machine. */
final class DockerChecks {

  private static final long MIB = 1024 * 1024;

  private final DockerApi api;
  private final DockerOptions options;
  private final List<Finding> findings = new ArrayList<>();

  DockerChecks(DockerApi api, DockerOptions options) {
    this.api = api;
    this.options = options;
  }

  List<Finding> findings() {
    findings.clear();
    try {
      engine(api.version());
      JsonNode info = api.info();
      limits(info);
      security(info);
      reach(info);
      image(api.inspectImage(options.image()));
    } catch (SandboxException e) {
      add(Level.MISSING, "engine", String.valueOf(e.getMessage()));
    }
    return List.copyOf(findings);
  }

  private void engine(JsonNode version) throws SandboxException {
    add(
        Level.GOOD,
        "engine",
        version.path("Version").asString("unknown")
            + " on "
            + options.socket().path()
            + ", API "
            + api.negotiated()
            + ".");
  }

  private void limits(JsonNode info) {
    limit(info, "MemoryLimit", "memory", options.limits().memoryBytes() / MIB + " MiB");
    limit(info, "PidsLimit", "processes", options.limits().processes() + " of them");
    limit(info, "CpuCfsQuota", "processor", options.limits().cpus() + " of one");
  }

  private void limit(JsonNode info, String key, String subject, String limit) {
    if (info.path(key).asBoolean(false)) {
      add(Level.GOOD, subject, "Limited to " + limit + ".");
    } else {
      String why = "Not limited: the engine lacks the cgroup controller (" + key + " is false).";
      add(Level.LESSER, subject, why);
    }
  }

  /** Why containers have no filter of system calls, if they have none. We ask for no other. */
  static Optional<String> unfiltered(JsonNode info) {
    for (JsonNode option : info.path("SecurityOptions")) {
      String text = option.asString("");
      if (text.startsWith("name=seccomp") && !text.contains("profile=unconfined")) {
        return Optional.empty();
      }
    }
    return Optional.of("the engine has seccomp switched off");
  }

  private void security(JsonNode info) {
    boolean rootless = false;
    boolean remapped = false;
    for (JsonNode option : info.path("SecurityOptions")) {
      String text = option.asString("");
      rootless |= text.startsWith("name=rootless");
      remapped |= text.startsWith("name=userns");
    }
    unfiltered(info)
        .ifPresentOrElse(
            why -> add(Level.LESSER, "system calls", "Not filtered: " + why + "."),
            () -> add(Level.GOOD, "system calls", "Filtered by the engine's default profile."));
    if (rootless || remapped) {
      String how = rootless ? "The engine runs without root." : "Root inside is nobody outside.";
      add(Level.GOOD, "user namespaces", how);
    } else {
      String how = "The engine runs as root, and user " + options.uid() + " inside is so outside.";
      add(Level.LESSER, "user namespaces", how);
    }
    if (rootless || ProcessHandle.current().info().user().filter("root"::equals).isEmpty()) {
      String how = "They are the engine's: whether typing is shown is inferred from the output.";
      add(Level.LESSER, "terminals", how);
    } else {
      add(Level.GOOD, "terminals", "They are the gateway's own: it knows when typing is hidden.");
    }
  }

  /** Told from what the engine says of itself: there may be no container to try it on. */
  private void reach(JsonNode info) {
    String reason = "";
    if (!NetworkNamespace.mayEnter()) {
      reason = "the gateway would have to run as root (CAP_SYS_ADMIN and CAP_NET_ADMIN)";
    } else if (!info.path("KernelVersion").asString("").equals(System.getProperty("os.version"))) {
      reason = "the engine runs on another kernel, so its containers are out of reach from here";
    }
    if (reason.isEmpty()) {
      String where = "Reached from inside at 127.0.0.1:" + Forward.PORT + ", and nothing else is.";
      add(Level.GOOD, "API gateway", where);
    } else {
      add(Level.LESSER, "API gateway", "Not reached from inside: " + reason + ".");
    }
  }

  private void image(Optional<JsonNode> image) {
    if (image.isPresent()) {
      long mebibytes = image.get().path("Size").asLong(0) / MIB;
      add(Level.GOOD, "image", options.image() + " is there (" + mebibytes + " MiB).");
    } else {
      add(
          Level.MISSING,
          "image",
          options.image() + " is not there: deploy/sandbox/build makes it.");
    }
  }

  private void add(Level level, String subject, String detail) {
    findings.add(new Finding(level, subject, detail));
  }
}
