package dev.tapedeck.storage;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.NotLinkException;
import java.nio.file.Path;

/**
 * Says what failed, where and why in one sentence. Java's own exceptions mostly carry the path or
 * the reason, seldom both, and never what was tried.
 */
final class StorageException extends IOException {

  private static final long serialVersionUID = 1;

  private final String reason;

  private StorageException(String tried, Path path, String reason, IOException cause) {
    super("cannot " + tried + " " + path + ": " + reason, cause);
    this.reason = reason;
  }

  /**
   * The sentence {@code cannot write /data/x.cast: No space left on device}.
   *
   * @param tried a verb: {@code write}
   * @param cause if it is such a sentence itself, only its reason is taken over
   */
  static IOException of(String tried, Path path, IOException cause) {
    return new StorageException(tried, path, reason(cause), cause);
  }

  private static String reason(IOException cause) {
    return switch (cause) {
      case StorageException failure -> failure.reason;
      case NoSuchFileException _ -> "no such file or folder";
      case FileAlreadyExistsException _ -> "it exists already";
      case AccessDeniedException _ -> "permission denied";
      case NotDirectoryException _ -> "not a folder";
      case DirectoryNotEmptyException _ -> "the folder is not empty";
      case NotLinkException _ -> "not a link";
      case FileSystemException failed when failed.getReason() != null -> failed.getReason();
      case FileNotFoundException missing -> inParentheses(String.valueOf(missing.getMessage()));
      default -> cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
    };
  }

  /** RandomAccessFile says {@code PATH (REASON)}, and the path is already in our sentence. */
  private static String inParentheses(String message) {
    int open = message.lastIndexOf(" (");
    return open >= 0 && message.endsWith(")")
        ? message.substring(open + 2, message.length() - 1)
        : message;
  }
}
