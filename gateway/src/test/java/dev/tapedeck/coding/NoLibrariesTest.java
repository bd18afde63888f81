package dev.tapedeck.coding;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tapedeck.formats.coding.BodyDecoder;
import dev.tapedeck.formats.coding.Compression;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where the libraries cannot be put into the folder for temporary files. */
class NoLibrariesTest {

  /** A JVM of its own: libraries are loaded once. */
  public static final class Program {
    private Program() {}

    @SuppressWarnings("SystemOut") // what the test reads
    public static void main(String[] codings) {
      for (String coding : codings) {
        BodyDecoder.Decoded decoded =
            BodyDecoder.decode(coding, new byte[] {0x28, (byte) 0xb5, 0x2f, (byte) 0xfd}, 1000);
        System.out.println(decoded.bytes().length + " " + decoded.end().reason());
      }
      System.out.println("zstd " + Compression.zstd(new byte[100]).isPresent());
    }
  }

  @Test
  void bodiesAreNotDecodedAndASentenceSaysWhatToDo(@TempDir Path folder) throws Exception {
    Path none = folder.resolve("none");
    List<String> said = run(none);
    assertThat(said)
        .anyMatch(line ->
            line.startsWith(
                "0 the library for the content coding br cannot be loaded from " + none))
        .anyMatch(
            line -> line.startsWith("0 the library for the content coding zstd cannot be loaded"))
        .anyMatch(line ->
            line.contains("WARN") && line.contains("JAVA_TOOL_OPTIONS=-Djava.io.tmpdir=FOLDER"))
        .contains("zstd false");
    assertThat(said.stream().filter(line -> line.startsWith("0 "))).hasSize(3);
  }

  @Test
  void theLibrariesLeaveNothingBehind(@TempDir Path folder) throws Exception {
    assertThat(run(folder)).contains("zstd true");
    try (Stream<Path> left = Files.list(folder)) {
      assertThat(left).isEmpty();
    }
  }

  private static List<String> run(Path temporary) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("--enable-native-access=ALL-UNNAMED");
    command.add("-XX:TieredStopAtLevel=1");
    command.add("-Djava.io.tmpdir=" + temporary);
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.addAll(List.of(Program.class.getName(), "br", "zstd", "gzip, zstd"));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    return said.lines().toList();
  }
}
