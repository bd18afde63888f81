package dev.tapedeck.cli.run;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/** Where a command's program is, as a shell looks for it. */
public sealed interface Executable {

  /** What a shell ends with when there is no such program. */
  int NOT_FOUND = 127;

  /** What a shell ends with when there is one that cannot be started. */
  int CANNOT_START = 126;

  /** An absolute path. */
  record At(Path path) implements Executable {}

  /**
   * There is none.
   *
   * @param status the exit status for that
   * @param sentence for a person
   */
  record Missing(int status, String sentence) implements Executable {}

  /**
   * Looks for a program.
   *
   * @param name a path if it has a slash, else a name to look for
   * @param path folders with colons between them; an empty one is the working directory
   */
  static Executable find(String name, String path, Path workingDirectory) {
    Missing missing = new Missing(NOT_FOUND, "program not found: " + name);
    if (name.isEmpty()) {
      return missing;
    }
    try {
      if (name.indexOf('/') >= 0) {
        return at(workingDirectory.resolve(name), missing);
      }
      for (String folder : path.split(":", -1)) {
        Executable found = at(workingDirectory.resolve(folder).resolve(name), missing);
        if (found instanceof At) {
          return found;
        }
        missing =
            found instanceof Missing(int status, _) && status == CANNOT_START
                ? (Missing) found
                : missing;
      }
    } catch (InvalidPathException e) {
      return missing;
    }
    return missing;
  }

  private static Executable at(Path path, Missing none) {
    if (Files.isDirectory(path)) {
      return new Missing(CANNOT_START, path + " is a folder and no program");
    }
    if (!Files.exists(path)) {
      return none;
    }
    return Files.isExecutable(path)
        ? new At(path)
        : new Missing(CANNOT_START, path + " may not be executed");
  }
}
