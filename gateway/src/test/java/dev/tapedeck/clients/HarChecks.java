package dev.tapedeck.clients;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.InputFormat;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.tapedeck.formats.har.HarWire;
import dev.tapedeck.formats.json.Json.Obj;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;

/** Whether a HAR is one, as others see it. */
final class HarChecks {

  private static final String SCHEMA = "/dev/tapedeck/formats/har/har-1.2.schema.json";

  private HarChecks() {}

  /** Fails unless the schema of HAR 1.2 and har-reader accept the file, with so many entries. */
  static void valid(Path har, int entries) throws Exception {
    assertThat(faults(Files.readString(har))).isEmpty();
    int read =
        new de.sstoehr.harreader.HarReader().readFromFile(har.toFile()).log().entries().size();
    assertThat(read).as("entries").isEqualTo(entries);
  }

  private static List<String> faults(String har) throws IOException {
    try (InputStream schema = HarChecks.class.getResourceAsStream(SCHEMA)) {
      return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
          .getSchema(new String(schema.readAllBytes(), UTF_8), InputFormat.JSON)
          .validate(
              har,
              InputFormat.JSON,
              context -> context.executionConfig(config -> config.formatAssertionsEnabled(true)))
          .stream()
          .limit(5)
          .map(fault -> fault.getInstanceLocation() + ": " + fault.getMessage())
          .toList();
    }
  }

  /** Fails unless the checksums that an entry names are those of the bodies that it keeps. */
  static void checksums(Obj entry) {
    Obj wire = entry.object("_wire");
    checksum(wire.object("request"), HarWire.requestBody(entry).bytes());
    if (wire.object("response") != null) {
      checksum(wire.object("response"), HarWire.responseBody(entry).bytes());
    }
  }

  private static void checksum(Obj facts, byte[] body) {
    if (facts.string("sha256") != null) {
      assertThat(sha256(body)).isEqualTo(facts.string("sha256"));
      assertThat(facts.integer("bytes")).hasValue(body.length);
    }
  }

  static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (java.security.NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
