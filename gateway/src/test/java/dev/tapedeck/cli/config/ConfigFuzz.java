package dev.tapedeck.cli.config;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tapedeck.formats.fuzz.Input;
import java.nio.file.Path;
import java.util.Map;

/** A configuration is read, or refused with a sentence that names the place. */
final class ConfigFuzz {

  private static final Path FILE = Path.of("/srv/config.yaml");

  private ConfigFuzz() {}

  public static void fuzzerTestOneInput(byte[] bytes) {
    try {
      Config _ =
          ConfigFile.parse(
              new String(bytes, UTF_8),
              FILE,
              new Section.Notes(FILE.toString()),
              new Environment(Map.of(), Path.of("/home/ann"), Path.of("/srv"), "ann"));
    } catch (ConfigException e) {
      Input.check(e.getMessage().startsWith(FILE.toString()), "without its place: " + e);
    }
  }
}
