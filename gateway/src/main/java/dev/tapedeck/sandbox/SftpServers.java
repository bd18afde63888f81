package dev.tapedeck.sandbox;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Where systems put OpenSSH's SFTP server. */
public final class SftpServers {

  private static final List<String> PLACES =
      List.of(
          "/usr/lib/openssh/sftp-server",
          "/usr/libexec/openssh/sftp-server",
          "/usr/libexec/sftp-server",
          "/usr/lib/ssh/sftp-server",
          "/usr/lib/sftp-server");

  private SftpServers() {}

  /** The path of the one that is installed, if there is one. */
  public static Optional<String> find() {
    return PLACES.stream().filter(path -> Files.isExecutable(Path.of(path))).findFirst();
  }

  /**
   * The path of the one that is installed.
   *
   * @throws SandboxException if there is none
   */
  public static String installed() throws SandboxException {
    return find()
        .orElseThrow(() ->
            new SandboxException(
                "this machine has no sftp-server: install OpenSSH's (Debian:"
                    + " openssh-sftp-server)"));
  }

  /** For doctor. */
  public static Finding finding() {
    return find()
        .map(path -> new Finding(Finding.Level.GOOD, "SFTP server", "OpenSSH's, " + path))
        .orElseGet(() ->
            new Finding(
                Finding.Level.LESSER,
                "SFTP server",
                "none: SFTP is refused (Debian: apt install openssh-sftp-server)"));
  }
}
