package dev.tapedeck.cli.commands;

import dev.tapedeck.sandbox.posix.TerminalColumns;
import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.IntSupplier;

/**
 * Standard output and standard error. Output is UTF-8 whatever the locale, because scripts read it;
 * a write that fails throws {@link OutputFailed} and is not lost as in a PrintStream.
 */
public final class Console {

  private static final int BUFFER_BYTES = 64 << 10;

  /** Narrower ones are none that a person reads a table in. */
  private static final int MIN_COLUMNS = 40;

  private final OutputStream out;
  private final PrintWriter err;
  private final boolean outIsTerminal;
  private final boolean errIsTerminal;
  private final IntSupplier columns;

  public Console(OutputStream out, OutputStream err, boolean outIsTerminal, boolean errIsTerminal) {
    this(out, err, outIsTerminal, errIsTerminal, () -> 0);
  }

  /**
   * As another program gives it.
   *
   * @param columns how wide the terminal is, asked when it is needed; 0 where nobody knows
   */
  public Console(
      OutputStream out,
      OutputStream err,
      boolean outIsTerminal,
      boolean errIsTerminal,
      IntSupplier columns) {
    this.out = new BufferedOutputStream(out, BUFFER_BYTES);
    this.err = new PrintWriter(err, true, StandardCharsets.UTF_8);
    this.outIsTerminal = outIsTerminal;
    this.errIsTerminal = errIsTerminal;
    this.columns = columns;
  }

  /** This process's own. */
  public static Console ofProcess() {
    return new Console(
        new FileOutputStream(FileDescriptor.out),
        new FileOutputStream(FileDescriptor.err),
        isTerminal(1),
        isTerminal(2),
        () -> TerminalColumns.of(1));
  }

  /** By what the descriptor is a link to: quicker than a call through FFM at the start. */
  private static boolean isTerminal(int descriptor) {
    try {
      String target = Files.readSymbolicLink(Path.of("/proc/self/fd/" + descriptor)).toString();
      return target.startsWith("/dev/pts/") || target.startsWith("/dev/tty");
    } catch (IOException | UnsupportedOperationException e) {
      return false; // closed, or a system without /proc: then the output is plain
    }
  }

  public boolean outIsTerminal() {
    return outIsTerminal;
  }

  public boolean errIsTerminal() {
    return errIsTerminal;
  }

  /** The line as far as the terminal is wide; whole where there is none. */
  String cut(String line) {
    int most = mostColumns();
    return most == 0 ? line : Table.cut(line, most);
  }

  /** Prints a line that goes on below where the terminal ends, indented. */
  void folded(String line, int indent) {
    int most = mostColumns();
    if (most == 0) {
      line(line);
    } else {
      Table.folded(line, most, indent).forEach(this::line);
    }
  }

  /** What goes into a pipe is for programs and is not cut. */
  private int mostColumns() {
    int wide = outIsTerminal ? columns.getAsInt() : 0;
    return wide < MIN_COLUMNS ? 0 : wide;
  }

  /** Prints one line. */
  public void line(String text) {
    raw((text + "\n").getBytes(StandardCharsets.UTF_8));
  }

  /** Writes bytes as they are. */
  public void raw(byte[] bytes) {
    raw(bytes, 0, bytes.length);
  }

  /** Writes bytes as they are. */
  public void raw(byte[] bytes, int offset, int length) {
    try {
      out.write(bytes, offset, length);
    } catch (IOException e) {
      throw new OutputFailed(e);
    }
  }

  /** Standard output as a stream; a write that fails throws {@link OutputFailed}. */
  public OutputStream stream() {
    return new OutputStream() {
      @Override
      public void write(int b) {
        raw(new byte[] {(byte) b});
      }

      @Override
      public void write(byte[] bytes, int offset, int length) {
        raw(bytes, offset, length);
      }

      @Override
      public void flush() {
        Console.this.flush();
      }
    };
  }

  public void flush() {
    try {
      out.flush();
    } catch (IOException e) {
      throw new OutputFailed(e);
    }
  }

  /**
   * So that what was printed comes before an error; if that fails too, the error is what counts.
   */
  public void flushQuietly() {
    try {
      out.flush();
    } catch (IOException e) {
      hint("(some of the output could not be written)");
    }
  }

  /** Says on standard error why the command failed. */
  public void error(String sentence) {
    err.println("tapedeck: " + Table.printable(sentence));
  }

  /** Says on standard error something else that helps. */
  public void hint(String sentence) {
    err.println(sentence);
  }

  /** Standard error, for what writes to it itself. */
  public PrintWriter errWriter() {
    return err;
  }

  /** Standard output, for what wants a writer. */
  public PrintWriter outWriter() {
    return new PrintWriter(new OutputStreamWriter(stream(), StandardCharsets.UTF_8), true);
  }
}
