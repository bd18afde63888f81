package dev.tapedeck.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ChecksumsTest {

  @TempDir private Path folder;

  @Test
  void theStandardsExamples() throws IOException {
    // FIPS 180-4's examples: "abc" and the empty message.
    Path file = Files.writeString(folder.resolve("x"), "abc");
    assertThat(Checksums.sha256(file))
        .isEqualTo("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    Files.writeString(file, "");
    assertThat(Checksums.sha256(file))
        .isEqualTo("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  }

  @Test
  void progressRisesToTheSize() throws IOException {
    Path file = Files.write(folder.resolve("x"), new byte[1_000_000]);
    List<Long> told = new ArrayList<>();
    assertThat(Checksums.sha256(file, told::add))
        .isEqualTo("d29751f2649b32ff572b5e0a9f541ea660a50f94ff0beedfb0b692b924cc8025");
    assertThat(told).isSorted().hasSizeGreaterThan(3).endsWith(1_000_000L);
  }

  @Test
  void aLinkIsNotFollowed() throws IOException {
    Path file = Files.writeString(folder.resolve("x"), "abc");
    Path link = Files.createSymbolicLink(folder.resolve("link"), file);
    assertThatIOException()
        .isThrownBy(() -> Checksums.sha256(link))
        .withMessageStartingWith("cannot read " + link + ": ");
  }
}
