package dev.tapedeck.ssh;

import dev.tapedeck.auth.AuthorizedKeys;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.apache.sshd.common.NamedResource;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.config.keys.writer.openssh.OpenSSHKeyPairResourceWriter;
import org.apache.sshd.common.util.security.SecurityUtils;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The gateway's host keys: files in OpenSSH's own format, made at the first start. */
final class HostKeys {

  private static final Logger LOG = LoggerFactory.getLogger(HostKeys.class);

  /** The kinds, in the order in which they are offered. */
  private enum Kind {
    ED25519("ssh-ed25519", 256),
    ECDSA("ecdsa-sha2-nistp256", 256),
    RSA("ssh-rsa", 3072);

    private final String keyType;
    private final int bits;

    Kind(String keyType, int bits) {
      this.keyType = keyType;
      this.bits = bits;
    }

    String fileName() {
      return "ssh_host_" + name().toLowerCase(Locale.ROOT) + "_key";
    }
  }

  private static final Set<PosixFilePermission> OTHERS =
      PosixFilePermissions.fromString("---rwxrwx");

  private HostKeys() {}

  /**
   * The keys in this folder; those that are missing are made.
   *
   * @throws IOException if one cannot be read or written, or can be read by others, with its path
   *     and why
   */
  static List<KeyPair> loadOrMake(Path folder) throws IOException {
    Files.createDirectories(
        folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    List<KeyPair> keys = new ArrayList<>();
    for (Kind kind : Kind.values()) {
      Path file = folder.resolve(kind.fileName());
      keys.add(Files.exists(file) ? load(file) : make(kind, file));
    }
    return keys;
  }

  private static KeyPair load(Path file) throws IOException {
    if (!Collections.disjoint(Files.getPosixFilePermissions(file), OTHERS)) {
      throw new IOException(
          "host key "
              + file
              + " can be read or changed by other users: chmod 600 it, or delete it to have a new"
              + " one made, if somebody may have read it");
    }
    try (InputStream in = Files.newInputStream(file)) {
      Iterable<KeyPair> pairs =
          SecurityUtils.loadKeyPairIdentities(
              null, NamedResource.ofName(file.toString()), in, null);
      if (pairs != null && pairs.iterator().hasNext()) {
        return pairs.iterator().next();
      }
      throw new IOException("host key " + file + " holds no key");
    } catch (GeneralSecurityException | RuntimeException e) {
      throw new IOException("host key " + file + " cannot be read: " + e.getMessage(), e);
    } catch (IOException e) {
      throw new IOException("host key " + file + " cannot be read: " + e.getMessage(), e);
    }
  }

  /**
   * Makes a key beside its place and moves it there whole, so that no start ever finds half of one.
   */
  private static KeyPair make(Kind kind, Path file) throws IOException {
    try {
      KeyPair pair = KeyUtils.generateKeyPair(kind.keyType, kind.bits);
      ByteArrayOutputStream text = new ByteArrayOutputStream();
      OpenSSHKeyPairResourceWriter.INSTANCE.writePrivateKey(pair, "tapedeck", null, text);
      Path draft = file.resolveSibling(file.getFileName() + ".new");
      Files.deleteIfExists(draft);
      Files.createFile(
          draft,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      Files.write(draft, text.toByteArray(), StandardOpenOption.TRUNCATE_EXISTING);
      Files.move(draft, file);
      LOG.info("Created host key {} ({})", file, AuthorizedKeys.fingerprint(pair.getPublic()));
      return pair;
    } catch (GeneralSecurityException e) {
      throw new IOException(
          "no " + kind.keyType + " host key can be created: " + e.getMessage(), e);
    }
  }
}
