package dev.tapedeck.sandbox;

import static java.util.concurrent.TimeUnit.SECONDS;

import dev.tapedeck.event.ExitStatus;
import dev.tapedeck.event.TerminalSize;
import dev.tapedeck.sandbox.SandboxProcess.Echo;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;

/** A program that a test talks to: reads both of its outputs on platform threads. */
public final class Running implements AutoCloseable {

  /** How long a test waits for anything before it fails. */
  public static final int PATIENCE_SECONDS = 30;

  private final SandboxProcess process;
  private final Collector output;
  private final Collector error;

  private Running(SandboxProcess process) {
    this.process = process;
    this.output = new Collector(process.output());
    this.error = new Collector(process.error());
  }

  public static Running command(Sandbox sandbox, String line) throws IOException {
    return command(sandbox, line, Map.of());
  }

  public static Running command(Sandbox sandbox, String line, Map<String, String> environment)
      throws IOException {
    return new Running(
        sandbox.start(
            new ProcessSpec(new ProcessSpec.Program.Command(line), "alice", Map.of(), null)
                .with(environment)));
  }

  public static Running shell(Sandbox sandbox) throws IOException {
    return shell(sandbox, new TerminalSpec("xterm-256color", new TerminalSize(100, 30), Map.of()));
  }

  public static Running shell(Sandbox sandbox, TerminalSpec terminal) throws IOException {
    return new Running(
        sandbox.start(
            new ProcessSpec(new ProcessSpec.Program.LoginShell(), "alice", Map.of(), terminal)));
  }

  /** A command on a terminal. */
  public static Running terminal(Sandbox sandbox, String line) throws IOException {
    return new Running(
        sandbox.start(
            new ProcessSpec(
                new ProcessSpec.Program.Command(line),
                "alice",
                Map.of(),
                new TerminalSpec("xterm-256color", new TerminalSize(100, 30), Map.of()))));
  }

  public static Running of(SandboxProcess process) {
    return new Running(process);
  }

  /** All output of a command that succeeds. */
  public static String output(Sandbox sandbox, String line) throws Exception {
    try (Running running = command(sandbox, line)) {
      running.endInput();
      ExitStatus status = running.await();
      if (status.number() != 0) {
        throw new AssertionError(line + " ended as " + status + ": " + running.allError());
      }
      return running.allOutput().strip();
    }
  }

  public SandboxProcess process() {
    return process;
  }

  public void type(String text) throws IOException {
    process.input().write(text.getBytes(StandardCharsets.UTF_8));
    process.input().flush();
  }

  public void endInput() throws IOException {
    process.input().close();
  }

  public void awaitEcho(Echo expected) throws InterruptedException {
    until("echo " + expected, () -> process.echo() == expected);
  }

  /** Waits until the output so far holds a text. */
  public String awaitOutput(String text) throws InterruptedException {
    until("output with " + text, () -> output.text().contains(text));
    return output.text();
  }

  public ExitStatus await() throws Exception {
    CompletableFuture<ExitStatus> ended = new CompletableFuture<>();
    Thread.ofPlatform()
        .daemon()
        .start(() -> {
          try {
            ended.complete(process.await());
          } catch (InterruptedException e) {
            ended.completeExceptionally(e);
          }
        });
    try {
      return ended.get(PATIENCE_SECONDS, SECONDS);
    } catch (TimeoutException e) {
      throw new AssertionError("still runs; its output is: " + output.text(), e);
    }
  }

  /** Everything up to the end of output. */
  public String allOutput() throws Exception {
    return new String(allBytes(), StandardCharsets.UTF_8);
  }

  public byte[] allBytes() throws Exception {
    return output.all();
  }

  public String allError() throws Exception {
    return new String(error.all(), StandardCharsets.UTF_8);
  }

  public String outputSoFar() {
    return output.text();
  }

  @Override
  public void close() {
    process.close();
  }

  private void until(String what, BooleanSupplier condition) throws InterruptedException {
    long end = System.nanoTime() + SECONDS.toNanos(PATIENCE_SECONDS);
    synchronized (output.bytes) {
      while (!condition.getAsBoolean()) {
        if (System.nanoTime() > end) {
          throw new AssertionError("no " + what + "; the output is: " + output.text());
        }
        output.bytes.wait(20);
      }
    }
  }

  private static final class Collector {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final CompletableFuture<Void> ended = new CompletableFuture<>();

    Collector(InputStream in) {
      Thread.ofPlatform().daemon().start(() -> collect(in));
    }

    private void collect(InputStream in) {
      byte[] buffer = new byte[32 * 1024];
      try {
        for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
          synchronized (bytes) {
            bytes.write(buffer, 0, n);
            bytes.notifyAll();
          }
        }
        ended.complete(null);
      } catch (IOException e) {
        ended.completeExceptionally(e);
      }
    }

    String text() {
      return bytes.toString(StandardCharsets.UTF_8);
    }

    byte[] all() throws Exception {
      ended.get(PATIENCE_SECONDS, SECONDS);
      return bytes.toByteArray();
    }
  }
}
