package dev.tapedeck.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The launcher itself, in a tree where a script stands for the build. */
class LauncherTest {

  private static final String BUILD =
      """
      #!/bin/sh
      here=$(dirname "$0")
      echo build >>"$here/builds"
      [ ! -f "$here/broken" ] || { echo "no semicolon"; exit 1; }
      mkdir -p "$here/gateway/target/lib"
      cp "$here/probe.jar" "$here/gateway/target/tapedeck-gateway-1.jar"
      cp "$here/probe.jar" "$here/gateway/target/lib/tapedeck-formats-1.jar"
      """;

  @TempDir Path folder;
  private Path tree = Path.of("");

  @BeforeEach
  void tree() throws IOException {
    Path root = Path.of(System.getProperty("tapedeck.root"));
    tree = folder.resolve("a tree");
    for (String source : List.of("formats/src/main", "gateway/src/main", ".mvn")) {
      Files.createDirectories(tree.resolve(source));
    }
    for (String file : List.of("pom.xml", "formats/pom.xml", "gateway/pom.xml")) {
      Files.writeString(tree.resolve(file), "<project/>");
    }
    Files.writeString(tree.resolve("gateway/src/main/A.java"), "class A {}");
    Files.copy(root.resolve("tapedeck"), tree.resolve("tapedeck"));
    Files.copy(root.resolve(".mvn/jdk.sh"), tree.resolve(".mvn/jdk.sh"));
    Files.writeString(tree.resolve("mvnw"), BUILD);
    for (String script : List.of("tapedeck", "mvnw")) {
      Files.setPosixFilePermissions(
          tree.resolve(script), PosixFilePermissions.fromString("rwxr-xr-x"));
    }
    probe(tree.resolve("probe.jar"));
  }

  private static void probe(Path jar) throws IOException {
    Manifest manifest = new Manifest();
    manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
    manifest.getMainAttributes().put(Attributes.Name.MAIN_CLASS, LauncherProbe.class.getName());
    String name = LauncherProbe.class.getName().replace('.', '/') + ".class";
    try (OutputStream file = Files.newOutputStream(jar);
        JarOutputStream out = new JarOutputStream(file, manifest);
        InputStream in =
            Objects.requireNonNull(
                LauncherProbe.class.getClassLoader().getResourceAsStream(name), name)) {
      out.putNextEntry(new JarEntry(name));
      in.transferTo(out);
    }
  }

  private record Ended(int status, String out, String err) {}

  private ProcessBuilder launcher(Path script, String... args) {
    List<String> command = new ArrayList<>(List.of(script.toString()));
    command.addAll(List.of(args));
    ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    return builder;
  }

  private Ended end(ProcessBuilder builder) throws IOException, InterruptedException {
    Path err = Files.createTempFile(folder, "err", "");
    Process process = builder.redirectError(err.toFile()).start();
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    return new Ended(process.exitValue(), out, Files.readString(err));
  }

  private Ended run(String... args) throws IOException, InterruptedException {
    return end(launcher(tree.resolve("tapedeck"), args));
  }

  private int builds() throws IOException {
    Path builds = tree.resolve("builds");
    return Files.exists(builds) ? Files.readAllLines(builds).size() : 0;
  }

  private void touch(String file, Instant time) throws IOException {
    Files.setLastModifiedTime(tree.resolve(file), FileTime.from(time));
  }

  @Test
  void buildsOnFirstUseAndWhenASourceIsNewer() throws Exception {
    Ended first = run("ls", "two words");
    assertThat(first.status()).isZero();
    assertThat(first.out()).startsWith("probe [ls, two words] ");
    assertThat(first.err()).contains("building (first use)", "built");
    Ended second = run("ls");
    assertThat(second.err()).isEmpty();
    assertThat(builds()).isEqualTo(1);
    touch("gateway/src/main/A.java", Instant.now().plusSeconds(1));
    assertThat(run("ls").err()).contains("building (the sources have changed)");
    assertThat(builds()).isEqualTo(2);
  }

  @Test
  void whatMavenHasJustBuiltIsNotBuiltAgain() throws Exception {
    assertThat(new ProcessBuilder(tree.resolve("mvnw").toString()).start().waitFor()).isZero();
    assertThat(run("ls").out()).startsWith("probe [ls]");
    assertThat(builds()).isEqualTo(1);
  }

  @Test
  void twoAtOnceBuildOnce() throws Exception {
    List<Process> both = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      both.add(launcher(tree.resolve("tapedeck"), "ls").redirectErrorStream(true).start());
    }
    for (Process process : both) {
      String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(process.waitFor()).as(out).isZero();
      assertThat(out).contains("probe [ls]");
    }
    assertThat(builds()).isEqualTo(1);
  }

  @Test
  void aFailedBuildShowsItsLog() throws Exception {
    Files.createFile(tree.resolve("broken"));
    Ended run = run("ls");
    assertThat(run.status()).isEqualTo(1);
    assertThat(run.out()).isEmpty();
    assertThat(run.err()).contains("no semicolon", "the build failed");
    Files.delete(tree.resolve("broken"));
    assertThat(run("ls").status()).isZero();
  }

  @Test
  void aRunningProgramKeepsItsBuildWhileTheNextIsMade() throws Exception {
    Process running = launcher(tree.resolve("tapedeck"), "wait").start();
    try (BufferedReader out = running.inputReader(StandardCharsets.UTF_8)) {
      assertThat(out.readLine()).startsWith("probe [wait]");
      touch("gateway/src/main/A.java", Instant.now().plusSeconds(1));
      run("ls");
      assertThat(folders()).as("the running one and the new one").hasSize(2);
      running.toHandle().destroy(); // Process.destroy would close its output
      assertThat(out.readLine()).isEqualTo("signalled");
      running.waitFor();
      touch("gateway/src/main/A.java", Instant.now().plusSeconds(2));
      run("ls");
      assertThat(folders()).as("only the newest").hasSize(1);
    }
  }

  private List<Path> folders() throws IOException {
    try (var entries = Files.list(tree.resolve("gateway/target/run"))) {
      return entries.filter(Files::isDirectory).toList();
    }
  }

  @Test
  void becomesTheProgramSoThatSignalsArrive() throws Exception {
    Process process = launcher(tree.resolve("tapedeck"), "wait").start();
    try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
      assertThat(out.readLine()).isEqualTo("probe [wait] " + process.pid());
      process.toHandle().destroy();
      assertThat(out.readLine()).isEqualTo("signalled");
    }
  }

  @Test
  void worksThroughALinkAndFromElsewhere() throws Exception {
    Path link = Files.createSymbolicLink(folder.resolve("link"), tree.resolve("tapedeck"));
    assertThat(end(launcher(link, "ls")).out()).startsWith("probe [ls]");
  }

  @Test
  void javaOptionsReachTheJvm() throws Exception {
    ProcessBuilder builder = launcher(tree.resolve("tapedeck"), "ls");
    builder.environment().put("TAPEDECK_JAVA_OPTS", "-XX:+UseG1GC -XX:+PrintCommandLineFlags");
    Ended run = end(builder);
    assertThat(run.out()).contains("-XX:+UseG1GC", "probe [ls]").doesNotContain("UseSerialGC");
  }

  @Test
  void withoutAJdkItSaysWhatToInstall() throws Exception {
    ProcessBuilder builder = launcher(tree.resolve("tapedeck"), "ls");
    Path bin = Files.createDirectories(folder.resolve("bin"));
    for (String tool : List.of("sh", "readlink", "dirname", "sed", "cat")) {
      Files.createSymbolicLink(bin.resolve(tool), Path.of("/usr/bin").resolve(tool));
    }
    // The usual folders are looked into as well: a machine that has a JDK there is not without one.
    String script = Files.readString(tree.resolve(".mvn/jdk.sh"));
    Files.writeString(
        tree.resolve(".mvn/jdk.sh"), script.replaceAll("/(usr|opt|Library)/[^ ;]*", "/nowhere"));
    builder.environment().clear();
    builder.environment().putAll(Map.of("PATH", bin.toString(), "HOME", folder.toString()));
    Ended run = end(builder);
    assertThat(run.status()).isEqualTo(1);
    assertThat(run.err())
        .startsWith("Tapedeck needs a JDK of version 25 or newer")
        .contains("JAVA_HOME");
    assertThat(builds()).isZero();
  }
}
