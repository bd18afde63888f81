package dev.tapedeck.ssh.files;

import org.jspecify.annotations.Nullable;

/**
 * What of a file's attributes is recorded (draft-ietf-secsh-filexfer-02, section 5).
 *
 * @param size the file's size, which as a request cuts or extends it; null if they give none
 * @param mode the permission bits, 0 to 07777; null if they give none
 */
record SftpAttributes(@Nullable Long size, @Nullable Integer mode) {

  private static final int SIZE = 1;
  private static final int UIDGID = 2;
  private static final int PERMISSIONS = 4;
  private static final int ACMODTIME = 8;
  private static final int EXTENDED = 0x80000000;

  private static final int MODE_BITS = 07777;

  static SftpAttributes take(PacketBuffer fields) throws UnreadableException {
    int flags = fields.int32();
    Long size = (flags & SIZE) != 0 ? Long.valueOf(fields.int64()) : null;
    if ((flags & UIDGID) != 0) {
      fields.skip(2 * Integer.BYTES);
    }
    Integer mode = (flags & PERMISSIONS) != 0 ? Integer.valueOf(fields.int32() & MODE_BITS) : null;
    if ((flags & ACMODTIME) != 0) {
      fields.skip(2 * Integer.BYTES);
    }
    if ((flags & EXTENDED) != 0) {
      for (int left = fields.int32(); left != 0; left--) {
        fields.skipString();
        fields.skipString();
      }
    }
    return new SftpAttributes(size, mode);
  }

  /** What a request that sets them does. */
  String operation() {
    return size == null ? "setstat" : "truncate";
  }
}
