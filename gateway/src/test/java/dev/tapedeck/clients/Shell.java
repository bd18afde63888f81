package dev.tapedeck.clients;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Runs programs of the machine, to their end or step by step. */
public final class Shell {

  /** No client here takes longer, but on a machine that is very busy. */
  private static final int LIMIT_SECONDS = 120;

  private Shell() {}

  /** How a program ended and what it wrote; never compared. */
  @SuppressWarnings("ArrayRecordComponent")
  public record Result(int status, byte[] out, String err) {

    public String text() {
      return new String(out, StandardCharsets.UTF_8);
    }

    /** Fails, showing what was written, unless the status is this one. */
    public Result expect(int expected) {
      assertThat(status).as("exit status; standard error: %s", err).isEqualTo(expected);
      return this;
    }
  }

  public static Result run(Path folder, String... command) throws Exception {
    return run(folder, new byte[0], command);
  }

  /** Runs a program with this on its standard input. */
  public static Result run(Path folder, byte[] input, String... command) throws Exception {
    Process process = start(folder, List.of(command));
    CompletableFuture<byte[]> out = gather(process.getInputStream());
    CompletableFuture<byte[]> err = gather(process.getErrorStream());
    try (OutputStream in = process.getOutputStream()) {
      in.write(input);
    } catch (IOException e) {
      // The program did not want all of it; what it made of that is in its status.
    }
    if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new AssertionError(String.join(" ", command) + " did not end");
    }
    return new Result(
        process.exitValue(), out.get(), new String(err.get(), StandardCharsets.UTF_8));
  }

  /** Starts a program with pipes. */
  public static Process start(Path folder, List<String> command) throws IOException {
    ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
    builder.environment().remove("SSH_AUTH_SOCK");
    builder.environment().put("LC_ALL", "C.UTF-8");
    return builder.start();
  }

  /** Reads a stream to its end, on a thread of its own. */
  public static CompletableFuture<byte[]> gather(InputStream in) {
    return CompletableFuture.supplyAsync(
        () -> {
          try (in) {
            ByteArrayOutputStream all = new ByteArrayOutputStream();
            in.transferTo(all);
            return all.toByteArray();
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        },
        task -> Thread.ofPlatform().daemon().start(task));
  }
}
