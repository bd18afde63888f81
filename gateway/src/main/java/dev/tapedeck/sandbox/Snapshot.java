package dev.tapedeck.sandbox;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What lies in some folders at one moment: names, sizes and times, no contents.
 *
 * @param whole false if there is more than {@link #MAX_FILES}
 */
public record Snapshot(Map<String, State> files, boolean whole) {

  /** So many files and folders are looked at, which takes about a second of a cold disk. */
  public static final int MAX_FILES = 100_000;

  /** One file or folder. */
  record State(boolean folder, long bytes, FileTime modified, @Nullable Object key) {
    static State of(BasicFileAttributes attributes) {
      boolean folder = attributes.isDirectory();
      return new State(
          folder,
          folder ? 0 : attributes.size(),
          // A folder's time changes with what is in it, which is told by itself.
          folder ? FileTime.fromMillis(0) : attributes.lastModifiedTime(),
          folder ? null : attributes.fileKey());
    }
  }

  /** What became of a file or folder. */
  public enum Kind {
    ADDED,
    CHANGED,
    REMOVED
  }

  /**
   * One difference.
   *
   * @param path as programs inside see it
   * @param bytes how large it is now, 0 for what was removed
   */
  public record Change(Kind kind, String path, long bytes) {}

  /** Of these folders as they are now; what cannot be read is left out. */
  public static Snapshot of(List<Folders.Mount> folders) throws IOException {
    Map<String, State> files = new TreeMap<>();
    boolean whole = true;
    for (Folders.Mount folder : folders) {
      Walk walk = new Walk(folder, files);
      Files.walkFileTree(folder.host(), walk);
      whole &= walk.whole;
    }
    return new Snapshot(files, whole);
  }

  /** What is different in a later one, by path. */
  public List<Change> until(Snapshot later) {
    List<Change> changes = new ArrayList<>();
    later.files.forEach((path, state) -> {
      State before = files.get(path);
      if (before == null) {
        if (whole) {
          changes.add(new Change(Kind.ADDED, path, state.bytes()));
        }
      } else if (!before.equals(state)) {
        changes.add(new Change(Kind.CHANGED, path, state.bytes()));
      }
    });
    if (later.whole) {
      files.keySet().stream()
          .filter(path -> !later.files.containsKey(path))
          .forEach(path -> changes.add(new Change(Kind.REMOVED, path, 0)));
    }
    return changes;
  }

  private static final class Walk extends SimpleFileVisitor<Path> {
    private final Folders.Mount folder;
    private final Map<String, State> files;
    private boolean whole = true;

    Walk(Folders.Mount folder, Map<String, State> files) {
      this.folder = folder;
      this.files = files;
    }

    @Override
    public FileVisitResult preVisitDirectory(Path path, BasicFileAttributes attributes) {
      return path.equals(folder.host()) ? FileVisitResult.CONTINUE : add(path, attributes);
    }

    @Override
    public FileVisitResult visitFile(Path path, BasicFileAttributes attributes) {
      return add(path, attributes);
    }

    @Override
    public FileVisitResult visitFileFailed(Path path, IOException e) {
      return FileVisitResult.CONTINUE; // removed meanwhile, or not the gateway's to read
    }

    @Override
    public FileVisitResult postVisitDirectory(Path path, @Nullable IOException e) {
      return FileVisitResult.CONTINUE;
    }

    private FileVisitResult add(Path path, BasicFileAttributes attributes) {
      if (files.size() >= MAX_FILES) {
        whole = false;
        return FileVisitResult.TERMINATE;
      }
      String name = folder.inside() + "/" + folder.host().relativize(path);
      files.put(name, State.of(attributes));
      return FileVisitResult.CONTINUE;
    }
  }
}
