package dev.tapedeck.bench.ssh;

import dev.tapedeck.bench.process.Median;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/** What is measured of a server, each through a client of its own. */
final class Measurements {

  /** A line of a log, 80 characters with its end. */
  private static final String LINE =
      "2026-11-21T12:00:00.000Z INFO  worker-7 request served in 12 ms, status 200, ok";

  private static final double MEGA = 1e6;
  private static final int KEY_STROKES = 300;

  private final Path home;

  Measurements(Path home) {
    this.home = home;
  }

  /** MB/s of text that a command writes to standard output. */
  double bulkOutput(Server server, long bytes) throws IOException, InterruptedException {
    return output(server, List.of(), bytes);
  }

  /** MB/s of text that a command writes to its terminal. */
  double terminalOutput(Server server, long bytes) throws IOException, InterruptedException {
    return output(server, List.of("-tt"), bytes);
  }

  private double output(Server server, List<String> options, long bytes)
      throws IOException, InterruptedException {
    Process client =
        start(server.ssh(home, options, "echo go; yes '" + LINE + "' | head -c " + bytes));
    try (InputStream out = client.getInputStream()) {
      long began = 0;
      long count = 0;
      byte[] buffer = new byte[1 << 16];
      int read;
      while ((read = out.read(buffer)) >= 0) {
        began = began == 0 ? System.nanoTime() : began;
        count += read;
      }
      end(client);
      if (count < bytes) {
        throw new IOException(server.name() + " gave " + count + " of " + bytes + " bytes");
      }
      return bytes / MEGA / seconds(began);
    }
  }

  /** MB/s of text that a command reads from standard input. */
  double bulkInput(Server server, Path file) throws IOException, InterruptedException {
    Process client =
        new ProcessBuilder(server.ssh(home, List.of(), "head -c 1; cat >/dev/null; echo done"))
            .redirectInput(file.toFile())
            .redirectError(home.resolve("client.log").toFile())
            .start();
    try (InputStream out = client.getInputStream()) {
      out.read();
      long began = System.nanoTime();
      out.readAllBytes();
      end(client);
      return Files.size(file) / MEGA / seconds(began);
    }
  }

  /** Milliseconds from starting the client to the first byte of a shell's prompt. */
  double prompt(Server server) throws IOException, InterruptedException {
    long began = System.nanoTime();
    Process client = start(server.ssh(home, List.of("-tt")));
    try (InputStream out = client.getInputStream()) {
      out.read();
      double millis = seconds(began) * 1e3;
      OutputStream in = client.getOutputStream();
      in.write("exit\n".getBytes(StandardCharsets.UTF_8));
      in.flush();
      out.readAllBytes();
      end(client);
      return millis;
    }
  }

  /** Microseconds from a key to its echo, the median of many. */
  double keystroke(Server server) throws IOException, InterruptedException {
    Process client = start(server.ssh(home, List.of("-tt"), "echo ready; cat >/dev/null"));
    try (InputStream out = client.getInputStream()) {
      OutputStream in = client.getOutputStream();
      while (out.read() != '\n') {
        // to the end of "ready"
      }
      double[] micros = new double[KEY_STROKES];
      for (int i = 0; i < KEY_STROKES; i++) {
        long began = System.nanoTime();
        in.write('a' + i % 26);
        in.flush();
        out.read();
        micros[i] = seconds(began) * 1e6;
        if (i % 50 == 49) {
          in.write('\n');
          in.flush();
          out.readNBytes(2);
        }
      }
      in.write(new byte[] {'\n', 4});
      in.flush();
      out.readAllBytes();
      end(client);
      // The first ones find everything cold.
      return Median.of(Arrays.copyOfRange(micros, KEY_STROKES / 10, KEY_STROKES));
    }
  }

  /** A file of log text to send. */
  Path logText(long bytes) throws IOException {
    Path file = home.resolve("log.txt");
    byte[] line = (LINE + "\n").getBytes(StandardCharsets.UTF_8);
    try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file))) {
      for (long written = 0; written < bytes; written += line.length) {
        out.write(line);
      }
    }
    return file;
  }

  Process start(List<String> command) throws IOException {
    return new ProcessBuilder(command).redirectError(home.resolve("client.log").toFile()).start();
  }

  private static void end(Process client) throws IOException, InterruptedException {
    if (client.waitFor() == 255) {
      throw new IOException("the client failed");
    }
  }

  private static double seconds(long began) {
    return (System.nanoTime() - began) / 1e9;
  }
}
