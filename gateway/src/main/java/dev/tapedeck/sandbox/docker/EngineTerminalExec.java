package dev.tapedeck.sandbox.docker;

import dev.tapedeck.event.ExitStatus;
import dev.tapedeck.event.TerminalSize;
import dev.tapedeck.sandbox.SandboxException;
import dev.tapedeck.sandbox.SandboxProcess;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A program on a terminal that is the engine's, for where the gateway cannot open one of its own:
 * an engine without root, or on another machine. Whether what is typed is shown is not known here:
 * whoever records it guesses it from the output.
 */
final class EngineTerminalExec implements SandboxProcess {

  private static final Logger LOG = LoggerFactory.getLogger(EngineTerminalExec.class);

  /** A terminal can be resized only when its program runs, which takes some ten milliseconds. */
  private static final int RESIZE_ATTEMPTS = 20;

  private static final Duration RESIZE_PAUSE = Duration.ofMillis(25);

  private final DockerApi api;
  private final Exec exec;
  private final DockerHttp.Stream stream;
  private final OutputStream input;
  private final ReentrantLock resizing = new ReentrantLock();

  /** Whether anybody has asked for another size than the first one. */
  private boolean resized;

  /**
   * @param size the first one; engines from API 1.42 on know it already
   */
  EngineTerminalExec(DockerApi api, Exec exec, DockerHttp.Stream stream, TerminalSize size) {
    this.api = api;
    this.exec = exec;
    this.stream = stream;
    this.input = new Keyboard(stream.connection().output());
    Thread.ofVirtual().name("docker-resize").start(() -> resizeFirst(size));
  }

  @Override
  public OutputStream input() {
    return input;
  }

  @Override
  public InputStream output() {
    return stream.body();
  }

  @Override
  public InputStream error() {
    return InputStream.nullInputStream();
  }

  /** Returns when the terminal has its size, or cannot have it. */
  @Override
  public void resize(TerminalSize size) {
    resizing.lock();
    try {
      resized = true;
      apply(size.usable());
    } finally {
      resizing.unlock();
    }
  }

  /** Unless somebody was quicker to say another size. */
  private void resizeFirst(TerminalSize size) {
    resizing.lock();
    try {
      if (!resized) {
        apply(size.usable());
      }
    } finally {
      resizing.unlock();
    }
  }

  private void apply(TerminalSize size) {
    for (int attempt = 1; !exec.ended() && !applied(size, attempt); attempt++) {
      try {
        Thread.sleep(RESIZE_PAUSE);
      } catch (InterruptedException _) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }

  /** Whether there is nothing more to be done about this size. */
  private boolean applied(TerminalSize size, int attempt) {
    try {
      api.resizeExec(exec.id(), size);
      return true;
    } catch (SandboxException e) {
      if (attempt < RESIZE_ATTEMPTS && !exec.ended()) {
        return false;
      }
      if (!exec.ended()) {
        LOG.warn("sandbox {}: a terminal keeps its size: {}", exec.sandbox().id(), e.getMessage());
      }
      return true;
    }
  }

  @Override
  public boolean signal(String name) throws IOException {
    return exec.signal(name, Exec.Scope.FOREGROUND);
  }

  @Override
  public Echo echo() {
    return Echo.UNKNOWN;
  }

  @Override
  public ExitStatus await() throws InterruptedException {
    return exec.await();
  }

  @Override
  public void close() {
    exec.kill();
    DockerHttp.closeQuietly(stream);
    exec.sandbox().left(exec);
  }

  /** Closing it does nothing: a terminal has no end of input, and the connection is read, too. */
  private static final class Keyboard extends OutputStream {
    private final OutputStream out;

    Keyboard(OutputStream out) {
      this.out = out;
    }

    @Override
    public void write(int one) throws IOException {
      out.write(one);
    }

    @Override
    public void write(byte[] source, int offset, int length) throws IOException {
      out.write(source, offset, length);
    }
  }
}
