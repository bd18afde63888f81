package dev.tapedeck.sandbox;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.TreeSet;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/**
 * Folders of the host that a sandbox is given.
 *
 * @param user whose sandbox it is; empty where nothing is given
 * @param home the user's home folder that is kept, or null for a temporary one
 */
public record Folders(String user, @Nullable Path home, List<Mount> mounts) {

  /** Nothing of the host's. */
  public static final Folders NONE = new Folders("", null, List.of());

  /** Ids for kept homes, above those of {@code HostIds}; no system gives them to anybody. */
  private static final int FIRST_ID = 2_000_065_536;

  private static final int IDS = 140_000_000;

  public Folders {
    mounts = List.copyOf(mounts);
  }

  /**
   * One folder of the host.
   *
   * @param host the folder, absolute
   * @param inside where programs see it, absolute, outside of the system's and of home folders
   */
  public record Mount(Path host, String inside, boolean writable) {}

  public boolean isEmpty() {
    return home == null && mounts.isEmpty();
  }

  /**
   * Whose rights programs get where the gateway may choose: a sandbox's user stands for one user of
   * the host, who must own what is written to.
   *
   * @return empty if it does not matter
   * @throws SandboxException if folders are missing, of different owners, or root's
   */
  public OptionalInt owner() throws SandboxException {
    TreeSet<Integer> writers = new TreeSet<>();
    int reader = 0;
    for (Mount mount : mounts) {
      int owner = owner(mount.host());
      if (mount.writable() && owner == 0) {
        throw new SandboxException(
            mount.host()
                + " belongs to root, so sandboxes must not write to it: give it to an ordinary user"
                + " (chown), or leave out writable");
      }
      if (mount.writable()) {
        writers.add(owner);
      } else if (reader == 0) {
        reader = owner;
      }
    }
    if (writers.size() > 1) {
      throw new SandboxException(
          "the writable folders of %s belong to different users, %s: a sandbox can stand for one"
              .formatted(user, writers));
    }
    if (!writers.isEmpty()) {
      return OptionalInt.of(writers.first());
    }
    if (reader != 0) {
      return OptionalInt.of(reader);
    }
    Path kept = home;
    return kept == null ? OptionalInt.empty() : OptionalInt.of(idOf(kept));
  }

  /** The same at every start, so that a kept home needs no other owner each time. */
  private static int idOf(Path home) throws SandboxException {
    int owner = owner(home);
    if (owner >= FIRST_ID) {
      return owner;
    }
    CRC32 sum = new CRC32();
    sum.update(home.toString().getBytes(StandardCharsets.UTF_8));
    return FIRST_ID + (int) (sum.getValue() % IDS);
  }

  /** The user of the host who owns a folder. */
  public static int owner(Path folder) throws SandboxException {
    try {
      return (Integer) Files.getAttribute(folder, "unix:uid");
    } catch (IOException e) {
      throw new SandboxException("the folder " + folder + " cannot be given: " + e, e);
    }
  }

  /** Makes the kept home the owner's, with all that is in it; takes root. */
  public void own(int id) throws SandboxException {
    Path kept = home;
    if (kept == null || owner(kept) == id) {
      return;
    }
    try (Stream<Path> all = Files.walk(kept)) {
      for (Path each : (Iterable<Path>) all::iterator) {
        Files.setAttribute(each, "unix:uid", id, LinkOption.NOFOLLOW_LINKS);
        Files.setAttribute(each, "unix:gid", id, LinkOption.NOFOLLOW_LINKS);
      }
    } catch (IOException e) {
      throw new SandboxException("the home folder " + kept + " cannot be given: " + e, e);
    }
  }

  /** All that can change, each with where programs see it. */
  public List<Mount> writable(String homeInside) {
    List<Mount> all = new ArrayList<>();
    Path kept = home;
    if (kept != null) {
      all.add(new Mount(kept, homeInside, true));
    }
    mounts.stream().filter(Mount::writable).forEach(all::add);
    return all;
  }
}
