package dev.tapedeck.sandbox.posix;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.MemorySegment;
import java.util.Map;

/**
 * A terminal's modes as SSH sends them (RFC 4254, section 8; IUTF8 from RFC 8160) put into Linux's
 * {@code struct termios}. Opcodes that Linux has no mode for are passed over, as the RFC allows.
 */
final class TerminalModes {

  /** {@code sizeof(struct termios)} of glibc is 60 on x86_64 and aarch64; room to spare. */
  static final long TERMIOS_BYTES = 128;

  private static final long INPUT = 0;
  private static final long OUTPUT = 4;
  private static final long CONTROL = 8;
  private static final long LOCAL = 12;
  private static final long CHARACTERS = 17;

  private static final int ICANON = 2;
  private static final int ECHO = 8;
  private static final int IUTF8 = 0x4000;
  private static final int CSIZE = 0x30;
  private static final int CS8 = 0x30;
  private static final int PARENB = 0x100;

  private static final int VTIME = 5;
  private static final int VMIN = 6;

  /** What SSH writes for a control character that is switched off; Linux writes 0. */
  private static final int CHARACTER_OFF = 255;

  /** A flag of one of the four words. */
  private record Flag(long word, int bit) {}

  /** By opcode: the index in {@code c_cc}. */
  private static final Map<Integer, Integer> CHARACTER =
      Map.ofEntries(
          Map.entry(1, 0), // VINTR
          Map.entry(2, 1), // VQUIT
          Map.entry(3, 2), // VERASE
          Map.entry(4, 3), // VKILL
          Map.entry(5, 4), // VEOF
          Map.entry(6, 11), // VEOL
          Map.entry(7, 16), // VEOL2
          Map.entry(8, 8), // VSTART
          Map.entry(9, 9), // VSTOP
          Map.entry(10, 10), // VSUSP
          Map.entry(12, 12), // VREPRINT
          Map.entry(13, 14), // VWERASE
          Map.entry(14, 15), // VLNEXT
          Map.entry(16, 7), // VSWTCH
          Map.entry(18, 13)); // VDISCARD

  private static final Map<Integer, Flag> FLAG =
      Map.ofEntries(
          Map.entry(30, new Flag(INPUT, 0x4)), // IGNPAR
          Map.entry(31, new Flag(INPUT, 0x8)), // PARMRK
          Map.entry(32, new Flag(INPUT, 0x10)), // INPCK
          Map.entry(33, new Flag(INPUT, 0x20)), // ISTRIP
          Map.entry(34, new Flag(INPUT, 0x40)), // INLCR
          Map.entry(35, new Flag(INPUT, 0x80)), // IGNCR
          Map.entry(36, new Flag(INPUT, 0x100)), // ICRNL
          Map.entry(37, new Flag(INPUT, 0x200)), // IUCLC
          Map.entry(38, new Flag(INPUT, 0x400)), // IXON
          Map.entry(39, new Flag(INPUT, 0x800)), // IXANY
          Map.entry(40, new Flag(INPUT, 0x1000)), // IXOFF
          Map.entry(41, new Flag(INPUT, 0x2000)), // IMAXBEL
          Map.entry(42, new Flag(INPUT, IUTF8)),
          Map.entry(50, new Flag(LOCAL, 0x1)), // ISIG
          Map.entry(51, new Flag(LOCAL, ICANON)),
          Map.entry(52, new Flag(LOCAL, 0x4)), // XCASE
          Map.entry(53, new Flag(LOCAL, ECHO)),
          Map.entry(54, new Flag(LOCAL, 0x10)), // ECHOE
          Map.entry(55, new Flag(LOCAL, 0x20)), // ECHOK
          Map.entry(56, new Flag(LOCAL, 0x40)), // ECHONL
          Map.entry(57, new Flag(LOCAL, 0x80)), // NOFLSH
          Map.entry(58, new Flag(LOCAL, 0x100)), // TOSTOP
          Map.entry(59, new Flag(LOCAL, 0x8000)), // IEXTEN
          Map.entry(60, new Flag(LOCAL, 0x200)), // ECHOCTL
          Map.entry(61, new Flag(LOCAL, 0x800)), // ECHOKE
          Map.entry(62, new Flag(LOCAL, 0x4000)), // PENDIN
          Map.entry(70, new Flag(OUTPUT, 0x1)), // OPOST
          Map.entry(71, new Flag(OUTPUT, 0x2)), // OLCUC
          Map.entry(72, new Flag(OUTPUT, 0x4)), // ONLCR
          Map.entry(73, new Flag(OUTPUT, 0x8)), // OCRNL
          Map.entry(74, new Flag(OUTPUT, 0x10)), // ONOCR
          Map.entry(75, new Flag(OUTPUT, 0x20))); // ONLRET

  private TerminalModes() {}

  /**
   * A client that says nothing of modes gets what the kernel gives, with UTF-8 line editing.
   *
   * <p>CS7, CS8, PARENB and PARODD are passed over: a pseudo-terminal has eight bits and no parity,
   * and glibc reports an error when it is asked for anything else. Each of the other modes has a
   * bit or a character of its own, so that their order does not matter.
   */
  static void apply(Map<Integer, Integer> modes, MemorySegment termios) {
    if (modes.isEmpty()) {
      put(termios, new Flag(INPUT, IUTF8), true);
    }
    modes.forEach((opcode, value) -> apply(opcode, value, termios));
    eightBits(termios);
  }

  private static void apply(int opcode, int value, MemorySegment termios) {
    Integer character = CHARACTER.get(opcode);
    Flag flag = FLAG.get(opcode);
    if (character != null) {
      int code = value == CHARACTER_OFF ? 0 : value;
      termios.set(JAVA_BYTE, CHARACTERS + character, (byte) code);
    } else if (flag != null) {
      put(termios, flag, value != 0);
    }
  }

  /** Every key comes through at once and as it is, and so does every byte of output. */
  static void raw(MemorySegment termios) {
    clear(termios, INPUT, 0x1 | 0x2 | 0x8 | 0x20 | 0x40 | 0x80 | 0x100 | 0x400); // IGNBRK to IXON
    clear(termios, OUTPUT, 0x1); // OPOST
    clear(termios, LOCAL, 0x1 | ICANON | ECHO | 0x40 | 0x8000); // ISIG, ECHONL, IEXTEN
    eightBits(termios);
    termios.set(JAVA_BYTE, CHARACTERS + VMIN, (byte) 1);
    termios.set(JAVA_BYTE, CHARACTERS + VTIME, (byte) 0);
  }

  private static void eightBits(MemorySegment termios) {
    clear(termios, CONTROL, CSIZE | PARENB);
    termios.set(JAVA_INT, CONTROL, termios.get(JAVA_INT, CONTROL) | CS8);
  }

  private static void clear(MemorySegment termios, long word, int bits) {
    termios.set(JAVA_INT, word, termios.get(JAVA_INT, word) & ~bits);
  }

  /** Whether a line is being read that is not shown: a password. */
  static boolean hidesLine(MemorySegment termios) {
    int local = termios.get(JAVA_INT, LOCAL);
    return (local & ICANON) != 0 && (local & ECHO) == 0;
  }

  private static void put(MemorySegment termios, Flag flag, boolean on) {
    int word = termios.get(JAVA_INT, flag.word);
    termios.set(JAVA_INT, flag.word, on ? word | flag.bit : word & ~flag.bit);
  }
}
