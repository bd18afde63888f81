package dev.tapedeck.cli.config;

import dev.tapedeck.cli.config.Config.Engine;
import dev.tapedeck.cli.config.SandboxConfig.Docker;
import dev.tapedeck.sandbox.docker.EngineSocket;
import java.nio.file.Path;
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
            docker(section.section("docker"), defaults.docker()));
    section.finish();
    return sandbox;
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
