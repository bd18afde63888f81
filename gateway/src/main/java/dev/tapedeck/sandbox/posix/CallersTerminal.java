package dev.tapedeck.sandbox.posix;

import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import dev.tapedeck.event.TerminalSize;
import dev.tapedeck.sandbox.SandboxProcess.Echo;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The terminal at which a person called this process: made raw while a program on another terminal
 * has its keys, and given back as it was.
 *
 * <pre>
 *   open: as it was --raw()--> raw --restore(), close()--> as it was
 * </pre>
 *
 * <p>It is opened anew for reading: what it is read through is not shared with the caller's shell,
 * which would meet its non-blocking mode. Safe for use by many threads; reads are for platform
 * threads, and {@link #close} wakes them.
 */
public final class CallersTerminal implements Closeable {

  private static final Logger LOG = LoggerFactory.getLogger(CallersTerminal.class);

  private static final long TIOCGWINSZ = 0x5413;

  /** How long a process may take to stop when it is told to. */
  private static final long STOPPING_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

  private final Descriptor descriptor;
  private final InputStream keys;
  private final MemorySegment before;
  private boolean raw;

  private CallersTerminal(Descriptor descriptor, MemorySegment before) {
    this.descriptor = descriptor;
    this.before = before;
    this.keys = new DescriptorInput(descriptor);
  }

  /** Whether a descriptor of this process is a terminal. */
  public static boolean is(int descriptor) {
    try (Arena arena = Arena.ofConfined()) {
      return Libc.tcgetattr(descriptor, arena.allocate(TerminalModes.TERMIOS_BYTES, 8)) >= 0;
    }
  }

  /** Whether what is typed at this descriptor can be seen; {@code SHOWN} if it is no terminal. */
  public static Echo echo(int descriptor) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment termios = arena.allocate(TerminalModes.TERMIOS_BYTES, 8);
      boolean hidden = Libc.tcgetattr(descriptor, termios) >= 0 && TerminalModes.hidesLine(termios);
      return hidden ? Echo.HIDDEN : Echo.SHOWN;
    }
  }

  /** The terminal that is this process's standard input. */
  public static CallersTerminal open() throws IOException {
    return open(0);
  }

  /** The terminal that is one of this process's standard streams. */
  public static CallersTerminal open(int stream) throws IOException {
    int flags = Libc.O_RDWR | Libc.O_NOCTTY | Libc.O_CLOEXEC;
    int fd = Libc.open("/proc/self/fd/" + stream, flags);
    if (fd < 0) {
      // Another user's, after su: the process may still use the one that it belongs to.
      fd = Errors.check("cannot open the terminal", Libc.open("/dev/tty", flags));
    }
    Descriptor own = Descriptor.own(fd);
    MemorySegment before = Arena.ofAuto().allocate(TerminalModes.TERMIOS_BYTES, 8);
    int read = Libc.tcgetattr(fd, before);
    if (read < 0) {
      own.close();
      throw Errors.of("cannot read the terminal's modes", read);
    }
    return new CallersTerminal(own, before);
  }

  /** What is typed; at its end when the terminal is gone, or closed here. */
  public InputStream keys() {
    return keys;
  }

  /** Its size; one that it does not tell is 80x24. */
  public TerminalSize size() {
    int fd = descriptor.enter();
    if (fd < 0) {
      return new TerminalSize(0, 0).usable();
    }
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment winsize = arena.allocate(8, 2);
      Libc.ioctl(fd, TIOCGWINSZ, winsize);
      int rows = winsize.get(JAVA_SHORT, 0) & 0xffff;
      int columns = winsize.get(JAVA_SHORT, 2) & 0xffff;
      return new TerminalSize(columns, rows).usable();
    } finally {
      descriptor.leave();
    }
  }

  /** Gives another terminal the modes that this one had when it was opened. */
  public void modesTo(Pty other) throws IOException {
    other.takeModes(before);
  }

  /** From now on keys come one by one and unchanged, and output goes out unchanged. */
  public synchronized void raw() throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment termios = arena.allocate(TerminalModes.TERMIOS_BYTES, 8).copyFrom(before);
      TerminalModes.raw(termios);
      set(termios);
      raw = true;
    }
  }

  /** Gives it back as it was; nothing if it is not raw. */
  public synchronized void restore() {
    if (!raw) {
      return;
    }
    raw = false;
    try {
      set(before);
    } catch (IOException e) {
      LOG.debug("the terminal is gone: {}", e.getMessage());
    }
  }

  /**
   * Stops the caller's whole job, as Ctrl-Z would have done. Returns when it goes on again, or at
   * once where there is no shell that could let it go on.
   */
  public static void stopJob() {
    int ownGroup = 0;
    Libc.kill(ownGroup, Signals.TSTP);
    // The call may return before the signal takes effect on all threads.
    LockSupport.parkNanos(STOPPING_NANOS);
  }

  private void set(MemorySegment termios) throws IOException {
    int fd = descriptor.enter();
    if (fd < 0) {
      throw new IOException("the terminal is closed");
    }
    try {
      Errors.check("cannot set the terminal's modes", Libc.tcsetattr(fd, termios));
    } finally {
      descriptor.leave();
    }
  }

  @Override
  public void close() {
    restore();
    descriptor.close();
  }
}
