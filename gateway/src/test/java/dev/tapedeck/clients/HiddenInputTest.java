package dev.tapedeck.clients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tapedeck.event.SessionId;
import dev.tapedeck.sandbox.SandboxLimits;
import dev.tapedeck.sandbox.namespace.NamespaceEngine;
import dev.tapedeck.session.SessionRecord;
import dev.tapedeck.testing.Needs;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.core.ConditionTimeoutException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Real programs on real terminals ask for secrets, which are not on record, and for other things,
 * which are.
 */
@Timeout(value = 90, unit = TimeUnit.SECONDS)
class HiddenInputTest {

  private static final String SECRET = "correct-horse-battery";
  private static final String PYTHON = "/usr/bin/python3 -c '%s'";

  /** Reads without echo and without lines, and prints a star for each key. */
  private static final String STARS =
      PYTHON.formatted(
          """
          import sys, tty, termios
          print("API token: ", end="", flush=True)
          old = termios.tcgetattr(0)
          tty.setraw(0)
          while sys.stdin.read(1) not in "\\r\\n": print("*", end="", flush=True)
          termios.tcsetattr(0, termios.TCSANOW, old)
          """);

  @TempDir static Path home;
  private static LiveGateway gateway;

  @BeforeAll
  static void start() throws Exception {
    Needs.program("openssh", "ssh");
    gateway = LiveGateway.start(home, new NamespaceEngine(SandboxLimits.DEFAULT));
  }

  @AfterAll
  static void stop() {
    if (gateway != null) {
      gateway.close();
    }
  }

  static Stream<Arguments> questions() {
    return Stream.of(
        Arguments.of(PYTHON.formatted("import getpass; getpass.getpass()"), "Password: "),
        Arguments.of(PYTHON.formatted("import getpass; getpass.getpass(\"> \")"), "> "),
        Arguments.of(PYTHON.formatted("import getpass; getpass.getpass(\"$ \")"), "$ "),
        Arguments.of("bash -c 'read -s -p \"Value? \" x'", "Value? "),
        Arguments.of("bash -c 'stty -echo; echo ready; read x'", "ready"),
        Arguments.of("bash -c 'read -s -n 30 -p \"PIN: \" x'", "PIN: "),
        Arguments.of("openssl enc -aes-256-cbc -pbkdf2 -in /etc/hostname", "password:"),
        Arguments.of("ssh-keygen -t ed25519 -f k", "passphrase): "),
        Arguments.of(
            "ssh-keygen -q -N "
                + SECRET
                + " -f a && eval \"$(ssh-agent)\" && ssh-add a; kill $SSH_AGENT_PID",
            "passphrase for a: "),
        Arguments.of("psql -W -h 127.0.0.1 base", "Password: "),
        Arguments.of(
            "printf 'Mot de passe\u00a0: '; stty raw -echo; head -c 22 >/dev/null",
            "passe\u00a0: "),
        Arguments.of(STARS, "token: "),
        Arguments.of(
            "tmux new " + PYTHON.formatted("import getpass; getpass.getpass()"), "Password: "));
  }

  @ParameterizedTest
  @MethodSource("questions")
  void whatAnswersAQuestionForASecretIsHidden(String command, String question) throws Exception {
    String program = command.substring(0, command.indexOf(' '));
    if (Set.of("openssl", "psql", "tmux").contains(program)) {
      Needs.program(program, program);
    }
    try (Typist typist = new Typist(command)) {
      typist.sees(question);
      // One key after the other, as people type.
      for (char key : (SECRET + "\r").toCharArray()) {
        typist.types(String.valueOf(key));
      }
      Path cast = typist.leaves();
      assertThat(LiveGateway.data(cast, "i")).doesNotContain("c").doesNotContain("horse");
      assertThat(LiveGateway.data(cast, "m")).contains("hidden input: ");
    }
  }

  @Test
  void whatAShellIsToldIsShown() throws Exception {
    try (Typist typist = new Typist("PS1='first> ' bash --norc -i")) {
      typist.says("first> ", "echo seen-$((1+1))\r");
      typist.says("seen-2", "read -s x\r");
      typist.sees("read -s x\r\n");
      typist.types(SECRET + "\r");
      typist.says("first> ", "echo \"password: $((2+2))\"\r");
      typist.says("word: 4", "PS1='second$ ' dash\r");
      typist.says("second$ ", "echo in-dash\r");
      typist.says("second$ ", "exit\r");
      typist.says("first> ", "/usr/bin/python3 -q\r");
      typist.says(">>> ", "6*7\r");
      typist.says("42", "exit()\r");
      typist.says("first> ", "exit\r");
      Path cast = typist.leaves();
      assertThat(LiveGateway.data(cast, "i"))
          .isEqualTo(
              "echo seen-$((1+1))\rread -s x\recho \"password: $((2+2))\"\rPS1='second$ ' dash\r"
                  + "echo in-dash\rexit\r/usr/bin/python3 -q\r6*7\rexit()\rexit\r");
      assertThat(LiveGateway.data(cast, "m"))
          .isEqualTo("hidden input: " + (SECRET.length() + 1) + " bytes");
    }
  }

  @Test
  void keysOfAnEditorAreShown() throws Exception {
    Needs.program("vim", "vim");
    try (Typist typist =
        new Typist(
            "echo 'password: x' >f; /usr/bin/vim.basic -u NONE f || /usr/bin/vim.tiny -u NONE f")) {
      typist.says("12 bytes", "ihello\u001b");
      typist.says("hello", ":wq\r");
      Path cast = typist.leaves();
      assertThat(LiveGateway.data(cast, "i")).contains("ihello\u001b:wq\r");
      assertThat(LiveGateway.data(cast, "m")).isEmpty();
    }
  }

  @Test
  void keysInsideTmuxAreShown() throws Exception {
    Needs.program("tmux", "tmux");
    try (Typist typist = new Typist("tmux new \"PS1='in> ' bash --norc -i\"")) {
      typist.says("in> ", "echo a$((1+1))b\r");
      typist.says("a2b", "exit\r");
      Path cast = typist.leaves();
      assertThat(LiveGateway.data(cast, "i")).contains("echo a$((1+1))b\rexit\r");
      assertThat(LiveGateway.data(cast, "m")).isEmpty();
    }
  }

  /** Emacs opens a file on the other side: a silent shell that is told commands all day. */
  @Test
  void commandsOfTrampAreShown() throws Exception {
    Needs.program("emacs", "emacs");
    String script =
        """
        (require 'tramp)
        (setq tramp-use-ssh-controlmaster-options nil
              tramp-persistency-file-name nil
              vc-handled-backends nil
              tramp-verbose 1
              ; Else root writes to this machine itself.
              tramp-local-host-regexp "^$")
        (setcar (cdr (assq 'tramp-login-args (assoc "ssh" tramp-methods)))
                (cons (list %s) (cadr (assq 'tramp-login-args (assoc "ssh" tramp-methods)))))
        (let ((folder "/ssh:%s@127.0.0.1:/tmp/"))
          (with-temp-file (concat folder "by-tramp") (insert "from emacs"))
          (with-temp-buffer
            (insert-file-contents (concat folder "by-tramp"))
            (princ (buffer-string)))
          (princ (directory-files folder)))
        """
            .formatted(quoted(gateway.clientOptions()), LiveGateway.USER);
    Path file = Files.writeString(home.resolve("tramp.el"), script);
    Shell.Result result =
        Shell.run(home, "emacs", "--batch", "-Q", "-l", file.toString()).expect(0);
    assertThat(result.text()).contains("from emacs").contains("by-tramp");
    SessionRecord record =
        gateway.sealed(known ->
            known.tracks().stream().anyMatch(track -> track.file().equals("shell-1.cast")));
    Path cast = gateway.file(record, "shell-1.cast");
    assertThat(LiveGateway.data(cast, "i"))
        .contains("stty ")
        .contains("/tmp/by-tramp")
        .contains("PS1=");
    assertThat(LiveGateway.data(cast, "m")).isEmpty();
  }

  private static String quoted(List<String> words) {
    return String.join(" ", words.stream().map(word -> '"' + word + '"').toList());
  }

  /** Somebody at a terminal on which a command runs. */
  private static final class Typist implements AutoCloseable {
    private final List<SessionId> before =
        gateway.sessions().stream().map(SessionRecord::id).toList();
    private final Process client;
    private final OutputStream keys;
    private int seen;

    /** Written by one thread and read by another. */
    @SuppressWarnings("JdkObsolete")
    private final StringBuffer screen = new StringBuffer();

    Typist(String command) throws IOException {
      client = Shell.start(home, gateway.ssh(List.of("-tt"), "export TERM=xterm; " + command));
      keys = client.getOutputStream();
      Thread.ofPlatform().daemon().start(this::look);
    }

    private void look() {
      byte[] buffer = new byte[4096];
      try {
        for (int n = client.getInputStream().read(buffer); n >= 0; ) {
          screen.append(new String(buffer, 0, n, StandardCharsets.UTF_8));
          n = client.getInputStream().read(buffer);
        }
      } catch (IOException e) {
        screen.append(e);
      }
    }

    /** Waits until this is shown, after what was waited for last. */
    void sees(String text) {
      try {
        await(text).atMost(20, TimeUnit.SECONDS).until(() -> screen.indexOf(text, seen) >= 0);
      } catch (ConditionTimeoutException e) {
        throw new AssertionError("'" + text + "' is not shown, but: " + screen, e);
      }
      seen = screen.indexOf(text, seen) + text.length();
    }

    void types(String text) throws IOException {
      keys.write(text.getBytes(StandardCharsets.UTF_8));
      keys.flush();
    }

    void says(String prompt, String answer) throws IOException {
      sees(prompt);
      types(answer);
    }

    /** Hangs up, if the program has not ended; its recording. */
    Path leaves() throws Exception {
      if (!client.waitFor(2, TimeUnit.SECONDS)) {
        keys.close();
        client.destroy();
      }
      SessionRecord record = gateway.sealed(known -> !before.contains(known.id()));
      return gateway.file(record, "exec-1.cast");
    }

    @Override
    public void close() {
      client.destroyForcibly();
    }
  }
}
