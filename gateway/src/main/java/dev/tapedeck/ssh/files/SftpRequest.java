package dev.tapedeck.ssh.files;

import org.jspecify.annotations.Nullable;

/** A request that waits for its reply: what is needed to know what the reply means. */
sealed interface SftpRequest {

  /** How much it occupies, in bytes, roughly. */
  default int weight() {
    return 100;
  }

  /** SSH_FXP_OPEN. */
  record Open(String path, boolean writing, @Nullable Integer mode) implements SftpRequest {
    @Override
    public int weight() {
      return 100 + path.length();
    }
  }

  /** SSH_FXP_OPENDIR. */
  record OpenDirectory(String path) implements SftpRequest {
    @Override
    public int weight() {
      return 100 + path.length();
    }
  }

  /** SSH_FXP_CLOSE. */
  record Close(String handle) implements SftpRequest {}

  /** SSH_FXP_READ. */
  record Read(String handle, long offset) implements SftpRequest {}

  /**
   * SSH_FXP_WRITE.
   *
   * @param file what the handle stood for when the data passed; null if nothing
   */
  record Write(String handle, int bytes, @Nullable OpenFile file) implements SftpRequest {}

  /** A change by path. */
  record Change(String operation, String path, @Nullable String target, @Nullable Integer mode)
      implements SftpRequest {
    @Override
    public int weight() {
      return 100 + path.length() + (target == null ? 0 : target.length());
    }
  }

  /** A change of attributes by handle. */
  record HandleChange(String handle, SftpAttributes attributes) implements SftpRequest {}

  /** copy-data: the server copies from one open file into another. */
  record Copy(String from, String to) implements SftpRequest {}

  /** SSH_FXP_READDIR. */
  record ReadDirectory(String handle) implements SftpRequest {}

  /** A question whose answer is not recorded. */
  record Query() implements SftpRequest {}

  /** An extension that is not known here. */
  record Unknown() implements SftpRequest {}
}
