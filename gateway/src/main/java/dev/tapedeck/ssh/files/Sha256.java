package dev.tapedeck.ssh.files;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** A SHA-256 (FIPS 180-4) in the making. */
final class Sha256 {

  private final MessageDigest digest;

  Sha256() {
    try {
      digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  void update(byte[] array, int offset, int length) {
    digest.update(array, offset, length);
  }

  /** The digest in hex; afterwards this object is as new. */
  String hex() {
    return HexFormat.of().formatHex(digest.digest());
  }
}
