package dev.tapedeck.tui;

import dev.tapedeck.live.Scene;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jline.terminal.Attributes;
import org.jline.terminal.Size;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;
import org.jline.utils.AttributedString;
import org.jline.utils.Display;
import org.jline.utils.InfoCmp.Capability;
import org.jline.utils.Signals;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The terminal that a watch is drawn on.
 *
 * <pre>
 *   as it was --enter--> raw, second screen --key, new scene, resize--> drawn again
 *       ^                        |
 *       \-- restore (once) ------/  q, Ctrl-C, SIGTERM, SIGHUP, an error, the JVM's end
 * </pre>
 */
public final class WatchScreen implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(WatchScreen.class);

  /** How long it waits for a key before it looks whether the scene has changed. */
  private static final long TICK_MILLIS = 80;

  /** Ages are drawn anew so often, though nothing else changes. */
  private static final long STALE_NANOS = TimeUnit.SECONDS.toNanos(5);

  /** A terminal that takes nothing holds its writer; a signal waits no longer than this for it. */
  private static final long PATIENCE_MILLIS = 1_500;

  private static final int ENDED_BY_FORCE = 1;

  private final Terminal terminal;
  private final WatchView watch;
  private final Attributes before;
  private final AtomicBoolean restored = new AtomicBoolean();
  private final CountDownLatch done = new CountDownLatch(1);
  private final Thread backstop =
      Thread.ofPlatform().name("restore-terminal").unstarted(this::restore);
  private volatile boolean stopped;
  private volatile boolean resized = true;
  private volatile @Nullable Thread drawer;

  /**
   * Takes over this process's terminal.
   *
   * @throws IOException if it has none that can be drawn on
   */
  public WatchScreen(WatchView watch) throws IOException {
    this.watch = watch;
    this.terminal = TerminalBuilder.builder().system(true).dumb(false).build();
    this.before = terminal.getAttributes();
  }

  /** Draws until somebody has had enough. */
  public void run() throws IOException {
    drawer = Thread.currentThread();
    signals();
    Runtime.getRuntime().addShutdownHook(backstop);
    try {
      enter();
      loop();
    } catch (KeyReader.Gone gone) {
      LOG.debug("{}", gone.getMessage());
    } catch (IOException e) {
      if (!stopped) {
        throw e;
      }
      LOG.debug("ended while drawing: {}", e.getMessage());
    } finally {
      restore();
      done.countDown();
    }
  }

  private void signals() {
    terminal.handle(Terminal.Signal.WINCH, _ -> resized = true);
    terminal.handle(Terminal.Signal.INT, _ -> stop());
    for (String name : List.of("TERM", "HUP")) {
      Signals.register(name, this::stop);
    }
  }

  private void enter() {
    terminal.enterRawMode();
    Attributes raw = terminal.getAttributes();
    // Suspended, it would leave the shell with a terminal in this state.
    raw.setControlChar(Attributes.ControlChar.VSUSP, 0);
    terminal.setAttributes(raw);
    terminal.puts(Capability.enter_ca_mode);
    terminal.puts(Capability.keypad_xmit);
    terminal.puts(Capability.cursor_invisible);
    terminal.flush();
  }

  @SuppressWarnings("ReferenceEquality") // a scene that has not changed is the same object
  private void loop() throws IOException {
    Display display = new Display(terminal, true);
    KeyReader keys = new KeyReader(terminal.reader());
    Scene drawn = null;
    long drawnAt = 0;
    boolean touched = true;
    while (!stopped) {
      if (touched
          || resized
          || watch.scene() != drawn
          || System.nanoTime() - drawnAt > STALE_NANOS) {
        drawn = watch.scene();
        drawnAt = System.nanoTime();
        draw(display);
      }
      Optional<Key> key = keys.next(TICK_MILLIS);
      touched = key.isPresent();
      if (key.isPresent()) {
        if (!watch.press(key.get())) {
          return;
        }
        resized |= key.get() == Key.Named.REDRAW;
      }
    }
  }

  /** Only what differs from what is on the screen is written. */
  private void draw(Display display) {
    Size size = terminal.getSize();
    if (resized) {
      resized = false;
      display.resize(size);
      display.clear();
    }
    List<AttributedString> lines = watch.paint(size.getColumns(), size.getRows());
    display.update(lines, 0);
    terminal.flush();
  }

  /** As a signal does: ends the drawing, by force if the terminal holds it. */
  private void stop() {
    stopped = true;
    Thread drawing = drawer;
    if (drawing != null) {
      drawing.interrupt();
    }
    try {
      if (!done.await(PATIENCE_MILLIS, TimeUnit.MILLISECONDS)) {
        Thread.ofPlatform().daemon().start(() -> terminal.setAttributes(before));
        if (!done.await(PATIENCE_MILLIS, TimeUnit.MILLISECONDS)) {
          Runtime.getRuntime().halt(ENDED_BY_FORCE);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void restore() {
    if (!restored.compareAndSet(false, true)) {
      return;
    }
    terminal.puts(Capability.cursor_normal);
    terminal.puts(Capability.keypad_local);
    terminal.puts(Capability.exit_ca_mode);
    terminal.flush();
    terminal.setAttributes(before);
  }

  @Override
  public void close() throws IOException {
    restore();
    terminal.close();
  }
}
