package dev.tapedeck.cli.config;

import dev.tapedeck.cli.config.Config.Engine;
import dev.tapedeck.cli.config.SandboxConfig.Docker;
import dev.tapedeck.sandbox.Sharing;
import dev.tapedeck.sandbox.Sharing.Per;
import dev.tapedeck.sandbox.docker.EngineSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Function;

/** Reads where sessions run. */
final class SandboxReader {

  private final Function<String, Path> path;

  /**
   * @param path makes a path of what the file says
   */
  SandboxReader(Function<String, Path> path) {
    this.path = path;
  }

  SandboxConfig read(Section section, SandboxConfig defaults) {
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
            sharing(section, defaults.sharing()));
    section.finish();
    return sandbox;
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
          "\"" + text + "\" is not allowed; 0s to " + Sharing.MAX_KEEP.toDays() + "d is");
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
          "\"" + text + "\" is no image; allowed: NAME, NAME:TAG or NAME@DIGEST");
    }
    return text;
  }

  private static double cpus(String text) {
    double cpus = text.matches("[0-9]{1,6}(\\.[0-9]{1,6})?") ? Double.parseDouble(text) : -1;
    if (cpus < SandboxConfig.MIN_CPUS || cpus > SandboxConfig.MAX_CPUS) {
      throw new IllegalArgumentException(
          "\""
              + text
              + "\" is not allowed; a number from "
              + SandboxConfig.MIN_CPUS
              + " to "
              + (int) SandboxConfig.MAX_CPUS
              + " is");
    }
    return cpus;
  }
}
