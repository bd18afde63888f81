package dev.tapedeck.sandbox.posix;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import dev.tapedeck.event.TerminalSize;
import dev.tapedeck.sandbox.SandboxProcess.Echo;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Map;

/**
 * The master side of a pseudo-terminal: what the gateway types goes in, what programs print comes
 * out (pty(7)). The gateway never opens the other side so that it could become the gateway's own
 * controlling terminal.
 *
 * <p>Reads and writes block in a foreign call and belong on platform threads; {@link #close} from
 * any thread wakes them.
 */
public final class Pty implements Closeable {

  private static final long TIOCGPGRP = 0x540F;
  private static final long TIOCSWINSZ = 0x5414;
  private static final long TIOCGPTPEER = 0x5441;
  private static final long TIOCGPTN = 0x80045430L;
  private static final long TIOCSPTLCK = 0x40045431L;
  private static final long TIOCSIG = 0x40045436L;

  private final Descriptor master;
  private final int number;
  private final InputStream output;
  private final OutputStream input;

  private Pty(Descriptor master, int number) {
    this.master = master;
    this.number = number;
    this.output = new DescriptorInput(master);
    this.input = new DescriptorOutput(master, false);
  }

  /** A terminal of this machine: {@code /dev/pts/N} outside of all sandboxes. */
  public static Pty open() throws IOException {
    int flags = Libc.O_RDWR | Libc.O_NOCTTY | Libc.O_CLOEXEC;
    return own(Errors.check("cannot open /dev/ptmx", Libc.open("/dev/ptmx", flags)));
  }

  /** A terminal of the {@code devpts} that is held open, wherever it is mounted. */
  public static Pty open(Folder devpts) throws IOException {
    int flags = Libc.O_RDWR | Libc.O_NOCTTY | Libc.O_CLOEXEC;
    return own(devpts.open("ptmx", flags));
  }

  private static Pty own(int fd) throws IOException {
    Descriptor master = Descriptor.own(fd);
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment number = arena.allocateFrom(JAVA_INT, 0);
      Errors.check("cannot unlock a terminal", Libc.ioctl(fd, TIOCSPTLCK, number));
      Errors.check("cannot number a terminal", Libc.ioctl(fd, TIOCGPTN, number));
      return new Pty(master, number.get(JAVA_INT, 0));
    } catch (IOException e) {
      master.close();
      throw e;
    }
  }

  /** Its path where its devpts is mounted on {@code /dev/pts}. */
  public String path() {
    return "/dev/pts/" + number;
  }

  /** What programs write to it; at its end when none has it open any more. */
  public InputStream output() {
    return output;
  }

  /** What is typed. Closing the stream does nothing. */
  public OutputStream input() {
    return input;
  }

  /** Programs in the foreground get SIGWINCH if the size is another than before. */
  public void resize(TerminalSize size) throws IOException {
    TerminalSize usable = size.usable();
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment winsize = arena.allocate(8, 2);
      winsize.set(JAVA_SHORT, 0, (short) usable.rows());
      winsize.set(JAVA_SHORT, 2, (short) usable.columns());
      control("cannot resize a terminal", TIOCSWINSZ, winsize);
    }
  }

  /** Sets modes by their opcode (RFC 4254, section 8). */
  public void modes(Map<Integer, Integer> modes) throws IOException {
    int fd = enter();
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment termios = arena.allocate(TerminalModes.TERMIOS_BYTES, 8);
      Errors.check("cannot read a terminal's modes", Libc.tcgetattr(fd, termios));
      TerminalModes.apply(modes, termios);
      Errors.check("cannot set a terminal's modes", Libc.tcsetattr(fd, termios));
    } finally {
      master.leave();
    }
  }

  /** Takes the modes that {@code termios} holds. */
  void takeModes(MemorySegment termios) throws IOException {
    int fd = enter();
    try {
      Errors.check("cannot set a terminal's modes", Libc.tcsetattr(fd, termios));
    } finally {
      master.leave();
    }
  }

  /** Whether what is typed now can be seen; {@code SHOWN} when it is closed. */
  public Echo echo() {
    int fd = master.enter();
    if (fd < 0) {
      return Echo.SHOWN;
    }
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment termios = arena.allocate(TerminalModes.TERMIOS_BYTES, 8);
      boolean hidden = Libc.tcgetattr(fd, termios) >= 0 && TerminalModes.hidesLine(termios);
      return hidden ? Echo.HIDDEN : Echo.SHOWN;
    } finally {
      master.leave();
    }
  }

  /**
   * Signals the foreground's process group.
   *
   * @return false if nothing is in the foreground
   */
  public boolean signal(int signal) {
    int fd = master.enter();
    if (fd < 0) {
      return false;
    }
    try (Arena arena = Arena.ofConfined()) {
      // The kernel's own call cannot meet a group that has just ended, but knows only INT, QUIT
      // and TSTP. Its argument is the number itself, not a place where it is.
      if (Libc.ioctl(fd, TIOCSIG, MemorySegment.ofAddress(signal)) >= 0) {
        return true;
      }
      MemorySegment group = arena.allocateFrom(JAVA_INT, 0);
      // Asked of the master, the group is told in the gateway's numbers.
      boolean known = Libc.ioctl(fd, TIOCGPGRP, group) >= 0 && group.get(JAVA_INT, 0) > 1;
      return known && Libc.kill(-group.get(JAVA_INT, 0), signal) >= 0;
    } finally {
      master.leave();
    }
  }

  /**
   * For a program that ended without ever opening its terminal: only after somebody had it open
   * does {@link #output} come to an end. Takes nothing from programs that still have it.
   */
  public void touch() {
    int fd = master.enter();
    if (fd < 0) {
      return;
    }
    try {
      long flags = Libc.O_RDWR | Libc.O_NOCTTY | Libc.O_CLOEXEC;
      int peer = Libc.ioctl(fd, TIOCGPTPEER, MemorySegment.ofAddress(flags));
      if (peer >= 0) {
        Libc.close(peer);
      }
    } finally {
      master.leave();
    }
  }

  /** Programs that still have the terminal get SIGHUP. */
  @Override
  public void close() {
    master.close();
  }

  private int enter() throws IOException {
    int fd = master.enter();
    if (fd < 0) {
      throw new IOException("the terminal is closed");
    }
    return fd;
  }

  private void control(String what, long request, MemorySegment argument) throws IOException {
    int fd = enter();
    try {
      Errors.check(what, Libc.ioctl(fd, request, argument));
    } finally {
      master.leave();
    }
  }
}
