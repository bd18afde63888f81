package dev.tapedeck.sandbox.sftp;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;

/**
 * A request that is answered by a status other than OK (draft-ietf-secsh-filexfer-02, section 7).
 */
final class SftpFailure extends Exception {

  static final int OK = 0;
  static final int END = 1;
  static final int NO_SUCH_FILE = 2;
  static final int PERMISSION_DENIED = 3;
  static final int FAILURE = 4;
  static final int BAD_MESSAGE = 5;
  static final int UNSUPPORTED = 8;

  private final int status;

  SftpFailure(int status, String message) {
    super(message);
    this.status = status;
  }

  int status() {
    return status;
  }

  /** What the file system refused. */
  static SftpFailure of(IOException e) {
    return switch (e) {
      case NoSuchFileException _ -> new SftpFailure(NO_SUCH_FILE, "No such file");
      case AccessDeniedException _ -> new SftpFailure(PERMISSION_DENIED, "Permission denied");
      case FileAlreadyExistsException _ -> new SftpFailure(FAILURE, "File exists");
      case DirectoryNotEmptyException _ -> new SftpFailure(FAILURE, "Directory not empty");
      case FileSystemException system when system.getReason() != null ->
          new SftpFailure(FAILURE, String.valueOf(system.getReason()));
      default -> new SftpFailure(FAILURE, String.valueOf(e.getMessage()));
    };
  }
}
