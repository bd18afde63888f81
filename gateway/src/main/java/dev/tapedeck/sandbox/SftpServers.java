package dev.tapedeck.sandbox;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The SFTP server for sandboxes made of the host's own files: OpenSSH's, if it is installed.
 *
 * @param installed its path, the same inside as outside
 */
public record SftpServers(Optional<String> installed) {

  private static final String ADVICE =
      "install OpenSSH's (Debian: openssh-sftp-server; Fedora: openssh-server)";

  /** Where systems put it. */
  private static final List<String> PLACES =
      List.of(
          "/usr/lib/openssh/sftp-server",
          "/usr/libexec/openssh/sftp-server",
          "/usr/libexec/sftp-server",
          "/usr/lib/ssh/sftp-server",
          "/usr/lib/sftp-server");

  /** What this machine has. */
  public static SftpServers find() {
    return new SftpServers(
        PLACES.stream().filter(path -> Files.isExecutable(Path.of(path))).findFirst());
  }

  /**
   * For a shell, inside or outside.
   *
   * @throws SandboxException if there is none
   */
  public String command() throws SandboxException {
    return installed.orElseThrow(
        () -> new SandboxException("this machine has no SFTP server: " + ADVICE));
  }

  /** For doctor. */
  public Finding finding() {
    return installed
        .map(path -> new Finding(Finding.Level.GOOD, "SFTP server", "OpenSSH's, " + path))
        .orElseGet(() -> new Finding(Finding.Level.LESSER, "SFTP server", "none: " + ADVICE));
  }
}
