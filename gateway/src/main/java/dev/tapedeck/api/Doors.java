package dev.tapedeck.api;

import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The sockets of doors: files in a folder that only the gateway's user may enter. */
final class Doors implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Doors.class);

  private final AtomicLong numbers = new AtomicLong();
  private @Nullable Path folder;

  /**
   * An address that nobody has.
   *
   * @throws IOException if there is no folder for it
   */
  synchronized UnixDomainSocketAddress next() throws IOException {
    Path in = folder;
    if (in == null) {
      in = Files.createTempDirectory("tapedeck-"); // with mode 0700
      folder = in;
    }
    return UnixDomainSocketAddress.of(in.resolve("door-" + numbers.incrementAndGet()));
  }

  /** Nobody reaches a socket whose file is gone. */
  static void remove(UnixDomainSocketAddress address) {
    try {
      Files.deleteIfExists(address.getPath());
    } catch (IOException e) {
      LOG.warn("A sandbox's door was left in {}: {}", address.getPath(), e.getMessage());
    }
  }

  @Override
  public synchronized void close() {
    Path in = folder;
    if (in == null) {
      return;
    }
    try (DirectoryStream<Path> left = Files.newDirectoryStream(in)) {
      for (Path file : left) {
        Files.deleteIfExists(file);
      }
      Files.deleteIfExists(in);
    } catch (IOException e) {
      LOG.warn("The folder of the sandboxes' doors, {}, was not removed: {}", in, e.getMessage());
    }
  }
}
