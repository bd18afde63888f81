package dev.tapedeck.cli.config;

import dev.tapedeck.cli.config.Config.Engine;
import dev.tapedeck.cli.config.SandboxConfig.Docker;
import dev.tapedeck.sandbox.FolderRules.Rule;
import dev.tapedeck.sandbox.Folders;
import dev.tapedeck.sandbox.Sharing;
import dev.tapedeck.sandbox.Sharing.Per;
import dev.tapedeck.sandbox.docker.EngineSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Pattern;

/** Reads where sessions run. */
final class SandboxReader {

  private static final Pattern INSIDE = Pattern.compile("(/[A-Za-z0-9._+-]+)+");

  /** What a sandbox has there of its own. */
  private static final Set<String> TAKEN =
      Set.of(
          "bin", "boot", "dev", "etc", "home", "lib", "lib32", "lib64", "libx32", "old", "proc",
          "root", "run", "rw", "sbin", "sys", "tmp", "usr", "var");

  private final Function<String, Path> path;

  /**
   * @param path makes a path of what the file says
   */
  SandboxReader(Function<String, Path> path) {
    this.path = path;
  }

  SandboxConfig read(Section section, SandboxConfig defaults, int acceptAllAfterFailures) {
    SandboxConfig sandbox =
        new SandboxConfig(
            section.value("engine", defaults.engine(), ConfigReader.oneOf(Engine.values())),
            section.value("pool", defaults.pool(), ConfigReader.integer(0, SandboxConfig.MAX_POOL)),
            section.value(
                "memory",
                defaults.memory(),
                ConfigReader.size(SandboxConfig.MIN_MEMORY, SandboxConfig.MAX_MEMORY)),
            section.value("cpus", defaults.cpus(), SandboxReader::cpus),
            section.value(
                "processes",
                defaults.processes(),
                ConfigReader.integer(SandboxConfig.MIN_PROCESSES, SandboxConfig.MAX_PROCESSES)),
            section.value(
                "disk",
                defaults.disk(),
                ConfigReader.size(SandboxConfig.MIN_DISK, SandboxConfig.MAX_DISK)),
            docker(section.section("docker"), defaults.docker()),
            sharing(section, defaults.sharing()),
            section.value("home", defaults.home(), ConfigReader.oneOf(SandboxConfig.Home.values())),
            section.sections("mounts").stream().map(this::mount).toList());
    checkHoneypot(section, sandbox, acceptAllAfterFailures);
    section.finish();
    return sandbox;
  }

  /** Whoever guesses a name is that user there. */
  private static void checkHoneypot(
      Section section, SandboxConfig sandbox, int acceptAllAfterFailures) {
    boolean folders = sandbox.home() == SandboxConfig.Home.KEPT || !sandbox.mounts().isEmpty();
    if (acceptAllAfterFailures > 0 && folders) {
      section
          .notes()
          .add(
              section.where(),
              "sandbox: a honeypot lets anybody in under any name, so it must give no folders of the host;"
                  + " take out home: kept and mounts, or ssh.accept_all_after_failures");
    }
  }

  private Rule mount(Section section) {
    Path host = section.value("host", Path.of("/"), this::folder);
    String inside = section.value("sandbox", "/", SandboxReader::inside);
    boolean writable = section.value("writable", false, ConfigReader::yes);
    List<String> users = section.texts("users", List.of());
    for (String key : List.of("host", "sandbox")) {
      if (!section.has(key)) {
        section.notes().add(section.where(), "a mount without " + key);
      }
    }
    section.finish();
    return new Rule(new Folders.Mount(host, inside, writable), users);
  }

  private Path folder(String text) {
    Path folder = path.apply(text);
    if (!Files.isDirectory(folder)) {
      throw new IllegalArgumentException("there is no folder \"" + text + "\" on this machine");
    }
    return folder;
  }

  private static String inside(String text) {
    if (!INSIDE.matcher(text).matches()
        || text.contains("/../")
        || text.contains("/./")
        || text.endsWith("/.")
        || text.endsWith("/..")
        || TAKEN.contains(text.split("/", -1)[1])) {
      throw new IllegalArgumentException(
          "a folder in a sandbox must be an absolute path such as /work or /srv/data, outside "
              + String.join(", ", new TreeSet<>(TAKEN))
              + " (got \""
              + text
              + "\")");
    }
    return text;
  }

  private static Sharing sharing(Section section, Sharing defaults) {
    Per per = section.value("per", defaults.per(), ConfigReader.oneOf(Per.values()));
    Duration keep = section.value("keep", defaults.keep(), SandboxReader::keep);
    if (per == Per.CONNECTION && !keep.isZero()) {
      section
          .notes()
          .add(
              section.at("keep"),
              "sandbox.keep: a connection's own sandbox ends with it; add per: user to keep one");
    }
    return new Sharing(per, keep);
  }

  private static Duration keep(String text) {
    Duration keep = text.matches("0[a-z]*") ? Duration.ZERO : Units.duration(text);
    if (keep.compareTo(Sharing.MAX_KEEP) > 0) {
      throw new IllegalArgumentException(
          "must be from 0s to " + Sharing.MAX_KEEP.toDays() + "d (got \"" + text + "\")");
    }
    return keep;
  }

  private Docker docker(Section section, Docker defaults) {
    Docker docker =
        new Docker(
            section.value("socket", defaults.socket(), text -> EngineSocket.at(path.apply(text))),
            section.value("image", defaults.image(), SandboxReader::image));
    section.finish();
    return docker;
  }

  private static String image(String text) {
    if (!text.matches("[A-Za-z0-9][A-Za-z0-9._/:@-]{0,254}")) {
      throw new IllegalArgumentException(
          "an image must be NAME, NAME:TAG or NAME@DIGEST (got \"" + text + "\")");
    }
    return text;
  }

  private static double cpus(String text) {
    double cpus = text.matches("[0-9]{1,6}(\\.[0-9]{1,6})?") ? Double.parseDouble(text) : -1;
    if (cpus < SandboxConfig.MIN_CPUS || cpus > SandboxConfig.MAX_CPUS) {
      throw new IllegalArgumentException(
          "must be a number from "
              + SandboxConfig.MIN_CPUS
              + " to "
              + (int) SandboxConfig.MAX_CPUS
              + " (got \""
              + text
              + "\")");
    }
    return cpus;
  }
}
