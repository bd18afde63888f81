package dev.tapedeck.cli.commands;

import dev.tapedeck.cli.config.Listen;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/** Tells scripts that everything listens, and where: one JSON object, there whole or not at all. */
final class ReadyFile {

  private ReadyFile() {}

  static void write(Path file, Gateways.Addresses addresses, Path data) throws IOException {
    Path whole = file.toAbsolutePath();
    Path temporary =
        whole.resolveSibling("." + whole.getFileName() + "." + ProcessHandle.current().pid());
    Files.deleteIfExists(temporary);
    Files.createFile(
        temporary,
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    try {
      Files.writeString(temporary, json(addresses, data) + "\n", StandardCharsets.UTF_8);
      Files.move(
          temporary, whole, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(temporary);
    }
  }

  static String json(Gateways.Addresses addresses, Path data) {
    java.io.StringWriter text = new java.io.StringWriter();
    try (JsonGenerator json = new JsonFactory().createGenerator(ObjectWriteContext.empty(), text)) {
      json.writeStartObject();
      json.writeNumberProperty("pid", ProcessHandle.current().pid());
      address(json, "ssh", "", addresses.ssh());
      address(json, "api", "http://", addresses.api());
      address(json, "web", "http://", addresses.web());
      json.writeStringProperty("data", data.toString());
      json.writeEndObject();
    }
    return text.toString();
  }

  private static void address(
      JsonGenerator json, String name, String scheme, Listen.@Nullable At address) {
    if (address == null) {
      json.writeNullProperty(name);
    } else {
      json.writeStringProperty(name, scheme + address);
    }
  }
}
