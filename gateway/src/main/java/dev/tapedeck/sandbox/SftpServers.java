package dev.tapedeck.sandbox;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The SFTP server for sandboxes made of the host's own files: OpenSSH's where it is installed, else
 * our own.
 */
public final class SftpServers implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(SftpServers.class);

  /** Where systems put OpenSSH's. */
  private static final List<String> PLACES =
      List.of(
          "/usr/lib/openssh/sftp-server",
          "/usr/libexec/openssh/sftp-server",
          "/usr/libexec/sftp-server",
          "/usr/lib/ssh/sftp-server",
          "/usr/lib/sftp-server");

  private final @Nullable String installed;
  private final @Nullable OwnSftpServer own;
  private final String reason;

  private SftpServers(@Nullable String installed, @Nullable OwnSftpServer own, String reason) {
    this.installed = installed;
    this.own = own;
    this.reason = reason;
  }

  /** OpenSSH's if there is one; else our own is made ready. */
  public static SftpServers find() {
    Optional<String> place =
        PLACES.stream().filter(path -> Files.isExecutable(Path.of(path))).findFirst();
    return place.map(path -> new SftpServers(path, null, "")).orElseGet(SftpServers::own);
  }

  /** Our own, whatever is installed. */
  public static SftpServers own() {
    try {
      return new SftpServers(null, OwnSftpServer.prepare(), "");
    } catch (IOException e) {
      LOG.warn("our own SFTP server cannot be used: {}", e.getMessage());
      return new SftpServers(null, null, String.valueOf(e.getMessage()));
    }
  }

  /** What a sandbox must show for {@link #commandInside}, besides the system folders. */
  public List<OwnSftpServer.Mount> mounts() {
    return own == null ? List.of() : own.mounts();
  }

  /**
   * For a shell in a sandbox.
   *
   * @throws SandboxException if there is none
   */
  public String commandInside() throws SandboxException {
    return installed != null ? installed : requireOwn().commandInside();
  }

  /**
   * For a shell on the host.
   *
   * @throws SandboxException if there is none
   */
  public String commandOutside() throws SandboxException {
    return installed != null ? installed : requireOwn().commandOutside();
  }

  private OwnSftpServer requireOwn() throws SandboxException {
    if (own == null) {
      throw new SandboxException("this machine has no SFTP server: " + advice());
    }
    return own;
  }

  private String advice() {
    return "install OpenSSH's (Debian: openssh-sftp-server); our own cannot be used: " + reason;
  }

  /** For doctor. */
  public Finding finding() {
    if (installed != null) {
      return new Finding(Finding.Level.GOOD, "SFTP server", "OpenSSH's, " + installed);
    }
    return own != null
        ? new Finding(
            Finding.Level.GOOD, "SFTP server", "our own, on the gateway's JDK (no OpenSSH's here)")
        : new Finding(Finding.Level.LESSER, "SFTP server", "none: " + advice());
  }

  @Override
  public void close() {
    if (own != null) {
      own.close();
    }
  }
}
