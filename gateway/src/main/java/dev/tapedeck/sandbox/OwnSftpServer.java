package dev.tapedeck.sandbox;

import dev.tapedeck.sandbox.sftp.SftpMain;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@link SftpMain} made ready to run in a sandbox with the gateway's own JDK: its classes in a
 * folder that every user may read, as the gateway's jar may lie where only the gateway can.
 */
public final class OwnSftpServer implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(OwnSftpServer.class);

  /** Where the JDK and the classes are in a sandbox that does not show the host's. */
  private static final String JAVA_INSIDE = "/opt/tapedeck/java";

  private static final String CLASSES_INSIDE = "/opt/tapedeck/sftp";

  /** What needs no quoting, neither in a shell nor in a table of mounts. */
  private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9/._+-]+");

  private final Path java;
  private final Path classes;

  private OwnSftpServer(Path java, Path classes) {
    this.java = java;
    this.classes = classes;
  }

  /** What of the host is shown in a sandbox, and where. */
  public record Mount(String host, String inside) {}

  /**
   * Puts the classes where sandboxes can read them.
   *
   * @throws IOException if the JDK is hidden from other users, or there is no place for the classes
   */
  public static OwnSftpServer prepare() throws IOException {
    Path java = Path.of(System.getProperty("java.home")).toRealPath();
    requireReadable(java);
    Path classes = Files.createTempDirectory("tapedeck-sftp-").toRealPath();
    OwnSftpServer server = new OwnSftpServer(java, classes);
    try {
      copyClasses(classes);
      open(classes);
      requireReadable(classes);
      return server;
    } catch (IOException e) {
      server.close();
      throw e;
    }
  }

  /** The mounts that {@link #commandInside} needs, for a sandbox that shows {@code /usr}. */
  public List<Mount> mounts() {
    List<Mount> mounts = new ArrayList<>();
    mounts.add(new Mount(classes.toString(), CLASSES_INSIDE));
    if (!java.startsWith("/usr")) {
      mounts.add(new Mount(java.toString(), JAVA_INSIDE));
    }
    return mounts;
  }

  /** For a shell in a sandbox that has the {@link #mounts}. */
  public String commandInside() {
    return command(java.startsWith("/usr") ? java.toString() : JAVA_INSIDE, CLASSES_INSIDE);
  }

  /** For a shell on the host. */
  public String commandOutside() {
    return command(java.toString(), classes.toString());
  }

  /** Small and quick to start; the locale is what file names are encoded by. */
  private static String command(String java, String classes) {
    return "env LC_ALL=C.UTF-8 "
        + java
        + "/bin/java -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -Xshare:auto -Xmx64m -Xss512k -cp "
        + classes
        + " "
        + SftpMain.class.getName();
  }

  private static void requireReadable(Path folder) throws IOException {
    if (!PLAIN.matcher(folder.toString()).matches()) {
      throw new SandboxException("the path " + folder + " holds characters that need quoting");
    }
    for (@Nullable Path at = folder; at != null; at = at.getParent()) {
      Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(at);
      if (!permissions.contains(PosixFilePermission.OTHERS_EXECUTE)) {
        throw new SandboxException(at + " is closed to other users");
      }
    }
  }

  private static void copyClasses(Path target) throws IOException {
    String folder = SftpMain.class.getPackageName().replace('.', '/');
    Path to = Files.createDirectories(target.resolve(folder));
    try {
      URI source = SftpMain.class.getProtectionDomain().getCodeSource().getLocation().toURI();
      if (Files.isDirectory(Path.of(source))) {
        copyAll(Path.of(source).resolve(folder), to);
      } else {
        try (FileSystem jar = FileSystems.newFileSystem(Path.of(source), Map.of())) {
          copyAll(jar.getPath(folder), to);
        }
      }
    } catch (URISyntaxException e) {
      throw new IOException("the program lies at a place that is no file", e);
    }
  }

  private static void copyAll(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.list(from)) {
      for (Path file : files.filter(f -> f.toString().endsWith(".class")).toList()) {
        Files.copy(file, to.resolve(String.valueOf(file.getFileName())));
      }
    }
  }

  private static void open(Path folder) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path path : all.toList()) {
        String wanted = Files.isDirectory(path) ? "rwxr-xr-x" : "rw-r--r--";
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(wanted));
      }
    }
  }

  @Override
  public void close() {
    try (Stream<Path> all = Files.walk(classes)) {
      for (Path path : all.toList().reversed()) {
        Files.delete(path);
      }
    } catch (IOException e) {
      LOG.warn("cannot remove {}", classes, e);
    }
  }
}
