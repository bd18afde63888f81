package dev.tapedeck.sandbox.sftp;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tapedeck.sandbox.SftpServers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The server spoken to by OpenSSH's own client, and by nobody's. */
class SftpServerTest {

  private static final Path CLIENT = Path.of("/usr/bin/sftp");

  @TempDir Path folder;

  @Test
  void opensshsClientCarriesFilesBothWays() throws Exception {
    byte[] data = new byte[3_000_001];
    new Random(3).nextBytes(data);
    Path big = Files.write(folder.resolve("big"), data);
    Files.setPosixFilePermissions(big, PosixFilePermissions.fromString("rw-r-x---"));
    String said =
        client(
            "put -p big up",
            "get -p up down",
            "mkdir d",
            "put big d/größe",
            "rename d/größe d/second",
            "symlink d/second link",
            "ln d/second hard",
            "chmod 600 d/second",
            "ls -la d",
            "get link followed",
            "rm hard",
            "-df d");
    assertThat(folder.resolve("up")).hasBinaryContent(data);
    assertThat(folder.resolve("down")).hasBinaryContent(data);
    assertThat(folder.resolve("followed")).hasBinaryContent(data);
    assertThat(folder.resolve("hard")).doesNotExist();
    assertThat(Files.readSymbolicLink(folder.resolve("link"))).hasToString("d/second");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve("up"))))
        .isEqualTo("rw-r-x---");
    assertThat(said).containsPattern("-rw------- .* 3000001 .* second");
  }

  @Test
  void opensshsClientTakesWholeTrees() throws Exception {
    for (int i = 0; i < 250; i++) {
      Path file = folder.resolve("tree/" + i % 7 + "/file-" + i);
      Files.createDirectories(file.getParent());
      Files.writeString(file, "content " + i);
    }
    client("put -R tree copy", "get -R copy back", "rm copy/3/*", "rmdir copy/3");
    assertThat(folder.resolve("back/5/file-12")).hasContent("content 12");
    try (var files = Files.walk(folder.resolve("back"))) {
      assertThat(files.filter(Files::isRegularFile)).hasSize(250);
    }
    assertThat(folder.resolve("copy/3")).doesNotExist();
  }

  @Test
  void refusalsAreSaidInTheClientsWords() throws Exception {
    Files.createDirectories(folder.resolve("full/inner"));
    String said = client("-get nothing", "-rmdir full", "-rename full nowhere/full", "-mkdir full");
    assertThat(said).contains("not found").containsIgnoringCase("No such file").contains("Failure");
  }

  @Test
  void nonsenseIsAnsweredAndNothingIsLost() throws Exception {
    try (SftpServer server = new SftpServer()) {
      assertThat(status(server.answer(new Message(new byte[] {99, 0, 0, 0, 1})))).isEqualTo(8);
      assertThat(status(server.answer(new Message(new byte[] {3, 0, 0, 0, 1})))).isEqualTo(5);
      assertThat(status(server.answer(new Message(new byte[] {3})))).isEqualTo(5);
      byte[] zeroInName = {17, 0, 0, 0, 1, 0, 0, 0, 1, 0};
      assertThat(status(server.answer(new Message(zeroInName)))).isEqualTo(4);
      byte[] hugeField = {17, 0, 0, 0, 1, 127, 127, 127, 127, 0};
      assertThat(status(server.answer(new Message(hugeField)))).isEqualTo(5);
      byte[] unknownHandle = {4, 0, 0, 0, 1, 0, 0, 0, 4, 0, 0, 0, 9};
      assertThat(status(server.answer(new Message(unknownHandle)))).isEqualTo(4);
      Random random = new Random(11);
      for (int i = 0; i < 20_000; i++) {
        byte[] bytes = new byte[1 + random.nextInt(40)];
        random.nextBytes(bytes);
        bytes[0] = (byte) (1 + random.nextInt(12));
        if (bytes[0] != 3 && bytes[0] != 9) {
          assertThat(server.answer(new Message(bytes))).hasSizeGreaterThan(8);
        }
      }
    }
  }

  private static int status(byte[] answer) {
    assertThat(answer[4]).isEqualTo((byte) 101);
    return answer[12];
  }

  private String client(String... lines) throws Exception {
    requireClient();
    try (SftpServers own = SftpServers.own()) {
      Process client =
          new ProcessBuilder(CLIENT.toString(), "-q", "-b", "-", "-D", own.commandOutside())
              .directory(folder.toFile())
              .redirectErrorStream(true)
              .start();
      try (var input = client.outputWriter(UTF_8)) {
        input.write(String.join("\n", List.of(lines)) + "\n");
      }
      String said = new String(client.getInputStream().readAllBytes(), UTF_8);
      assertThat(client.waitFor()).as(said).isZero();
      return said;
    }
  }

  private static void requireClient() {
    String required = System.getenv().getOrDefault("TAPEDECK_REQUIRE", "");
    boolean there = Files.isExecutable(CLIENT);
    if (!there && Arrays.asList(required.split(",", -1)).contains("openssh")) {
      fail("TAPEDECK_REQUIRE names openssh, but there is no " + CLIENT);
    }
    assumeTrue(there, "OpenSSH's sftp is not installed");
  }
}
