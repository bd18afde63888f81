package dev.tapedeck.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tapedeck.testing.Needs;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** A terminal with a shell in it, of which the screen can be read. */
final class Tmux implements AutoCloseable {

  private static final int WAIT_SECONDS = 40;

  private final Path socket;

  /** A terminal of this size; tests that cannot have one are skipped. */
  Tmux(Path folder, int columns, int rows) throws IOException {
    Needs.program("tmux", "tmux");
    socket = folder.resolve("tmux");
    Path quiet = Files.writeString(folder.resolve("tmux.conf"), "set -g status off\n");
    List<String> command = new ArrayList<>(List.of("tmux", "-u", "-f", quiet.toString()));
    command.addAll(List.of("-S", socket.toString(), "new-session", "-d"));
    command.addAll(List.of("-x", "" + columns, "-y", "" + rows));
    command.addAll(List.of("env", "LC_ALL=C.UTF-8", "PS1=$ ", "sh"));
    run(command);
    until(screen -> screen.contains("$"));
  }

  private static String run(List<String> command) throws IOException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    process.getOutputStream().close();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    try {
      assertThat(process.waitFor(WAIT_SECONDS, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
    assertThat(process.exitValue()).as(output).isZero();
    return output;
  }

  private String tmux(String... words) throws IOException {
    List<String> command = new ArrayList<>(List.of("tmux", "-u", "-S", socket.toString()));
    command.addAll(List.of(words));
    return run(command);
  }

  /** Types text as it is. */
  Tmux type(String text) throws IOException {
    tmux("send-keys", "-l", text);
    return this;
  }

  /** Presses keys by tmux's names: {@code Enter}, {@code Tab}, {@code PPage}. */
  Tmux press(String... keys) throws IOException {
    for (String key : keys) {
      tmux("send-keys", key);
    }
    return this;
  }

  Tmux resize(int columns, int rows) throws IOException {
    tmux("resize-window", "-x", "" + columns, "-y", "" + rows);
    return this;
  }

  String screen() throws IOException {
    return tmux("capture-pane", "-p");
  }

  /** Whether the second screen is shown, and whether the cursor is. */
  String state() throws IOException {
    return tmux("display-message", "-p", "#{alternate_on} #{cursor_flag}").strip();
  }

  /** What programs can change of a terminal and tmux tells. */
  String modes() throws IOException {
    return tmux(
            "display-message",
            "-p",
            "alternate #{alternate_on} cursor #{cursor_flag} insert #{insert_flag}"
                + " origin #{origin_flag} wrap #{wrap_flag} keys #{keypad_cursor_flag}"
                + " pad #{keypad_flag} mouse #{mouse_any_flag}#{mouse_sgr_flag}"
                + " scroll #{scroll_region_upper}-#{scroll_region_lower} title #{pane_title}")
        .strip();
  }

  /** Waits until the screen is as wanted. */
  String until(Predicate<String> wanted) {
    return await()
        .atMost(WAIT_SECONDS, TimeUnit.SECONDS)
        .pollInterval(50, TimeUnit.MILLISECONDS)
        .until(this::screen, wanted);
  }

  /** Waits until the screen shows this. */
  String shows(String text) {
    try {
      return until(screen -> screen.contains(text));
    } catch (org.awaitility.core.ConditionTimeoutException e) {
      throw new AssertionError("no \"" + text + "\" on the screen:\n" + lastScreen(), e);
    }
  }

  private String lastScreen() {
    try {
      return screen();
    } catch (IOException e) {
      return "(none: " + e.getMessage() + ")";
    }
  }

  @Override
  public void close() throws IOException {
    tmux("kill-server");
  }
}
