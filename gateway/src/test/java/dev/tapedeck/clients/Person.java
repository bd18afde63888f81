package dev.tapedeck.clients;

import static org.awaitility.Awaitility.await;

import dev.tapedeck.event.TerminalSize;
import dev.tapedeck.sandbox.posix.Child;
import dev.tapedeck.sandbox.posix.Pty;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.awaitility.core.ConditionTimeoutException;

/**
 * A person at a real terminal with a shell on it, who has {@code ./tapedeck} in the home folder.
 */
final class Person implements AutoCloseable {

  /** The program takes a second or two to start, and more on a machine that is busy. */
  static final Duration LIMIT = Duration.ofSeconds(90);

  private static final String PROMPT = "ready> ";

  private final Path home;
  private final Pty terminal;
  private final Child shell;

  /** Written by one thread and read by another. */
  @SuppressWarnings("JdkObsolete")
  private final StringBuffer screen = new StringBuffer();

  private Person(Path home, Pty terminal, Child shell) {
    this.home = home;
    this.terminal = terminal;
    this.shell = shell;
    Thread.ofPlatform().daemon().start(this::look);
  }

  static Person at(Path home, TerminalSize size) throws IOException {
    return at(home, size, Map.of());
  }

  static Person at(Path home, TerminalSize size, Map<String, String> more) throws IOException {
    program(home);
    Pty terminal = Pty.open();
    terminal.resize(size);
    Map<String, String> environment = new HashMap<>();
    environment.put("PATH", System.getenv("PATH"));
    environment.put("HOME", home.toString());
    environment.put("TERM", "xterm-256color");
    environment.put("LANG", "C.UTF-8");
    environment.putAll(more);
    Path start = home.resolve("bashrc");
    Files.writeString(start, "cd \"$HOME\"; PS1='" + PROMPT + "'\n");
    List<String> bash = List.of("/bin/bash", "--noprofile", "--rcfile", start.toString(), "-i");
    Person person = new Person(home, terminal, Child.start(bash, environment, terminal, false));
    person.sees(PROMPT);
    return person;
  }

  /** Makes {@code ./tapedeck}: this build, in a JVM of its own. */
  static Path program(Path home) throws IOException {
    Path program = home.resolve("tapedeck");
    Files.writeString(
        program,
        "#!/bin/sh\nexec '%s/bin/java' -XX:TieredStopAtLevel=1 -XX:+UseSerialGC --enable-native-access=ALL-UNNAMED -cp '%s' dev.tapedeck.cli.Main \"$@\"\n"
            .formatted(System.getProperty("java.home"), System.getProperty("java.class.path")));
    return Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private void look() {
    byte[] buffer = new byte[4096];
    int count;
    try {
      while ((count = terminal.output().read(buffer)) >= 0) {
        screen.append(new String(buffer, 0, count, StandardCharsets.ISO_8859_1));
      }
    } catch (IOException e) {
      screen.append(e);
    }
  }

  void types(String keys) throws IOException {
    terminal.input().write(keys.getBytes(StandardCharsets.UTF_8));
  }

  /** Types a command line and waits for the next prompt; returns what was shown in between. */
  String runs(String line) throws IOException {
    int from = screen.length();
    types(line + "\n");
    seesAfter(from, "\n");
    seesAfter(from, PROMPT);
    return screen.substring(from);
  }

  /** Waits until this is shown. */
  void sees(String text) {
    seesAfter(0, text);
  }

  private void seesAfter(int from, String text) {
    try {
      await(text).atMost(LIMIT).until(() -> screen.indexOf(text, from) >= 0);
    } catch (ConditionTimeoutException e) {
      throw new AssertionError("'" + text + "' is not shown, but: " + screen.substring(from), e);
    }
  }

  void resizes(TerminalSize size) throws IOException {
    terminal.resize(size);
  }

  /** The terminal's modes, as {@code stty -g} prints them. */
  String modes() throws IOException {
    runs("stty -g >modes");
    return Files.readString(home.resolve("modes"));
  }

  Pty terminal() {
    return terminal;
  }

  /** Processes below the shell, the nearest first. */
  List<Long> programs() {
    return ProcessHandle.of(shell.pid()).stream()
        .flatMap(ProcessHandle::descendants)
        .map(ProcessHandle::pid)
        .toList();
  }

  @Override
  public void close() throws IOException {
    for (long pid : programs()) {
      ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
    }
    terminal.close();
    shell.signalGroup(9);
    shell.close();
  }
}
