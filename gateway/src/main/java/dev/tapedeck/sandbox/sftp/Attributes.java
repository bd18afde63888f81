package dev.tapedeck.sandbox.sftp;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a file, or what a client wants it to be; null where nothing is said
 * (draft-ietf-secsh-filexfer-02, section 5).
 */
record Attributes(
    @Nullable Long size, @Nullable Owner owner, @Nullable Integer mode, @Nullable Times times) {

  private static final int SIZE = 1;
  private static final int OWNER = 2;
  private static final int MODE = 4;
  private static final int TIMES = 8;
  private static final int EXTENDED = 0x80000000;

  private static final int PERMISSIONS = 07777;
  private static final int TYPE = 0170000;

  private static final DateTimeFormatter LISTED =
      DateTimeFormatter.ofPattern("MMM dd HH:mm", Locale.ROOT).withZone(ZoneOffset.UTC);

  record Owner(int user, int group) {}

  /** Seconds since 1970. */
  record Times(int access, int change) {}

  static Attributes of(Path path, LinkOption... options) throws IOException {
    Map<String, Object> found = Files.readAttributes(path, "unix:*", options);
    return new Attributes(
        (Long) found.get("size"),
        new Owner(number(found, "uid"), number(found, "gid")),
        number(found, "mode"),
        new Times(seconds(found, "lastAccessTime"), seconds(found, "lastModifiedTime")));
  }

  static Attributes read(Message message) throws SftpFailure {
    int flags = message.u32();
    Long size = (flags & SIZE) == 0 ? null : (Long) message.u64();
    Owner owner = (flags & OWNER) == 0 ? null : new Owner(message.u32(), message.u32());
    Integer mode = (flags & MODE) == 0 ? null : (Integer) message.u32();
    Times times = (flags & TIMES) == 0 ? null : new Times(message.u32(), message.u32());
    int extensions = (flags & EXTENDED) == 0 ? 0 : message.u32();
    for (int i = 0; i < extensions; i++) {
      message.bytes();
      message.bytes();
    }
    return new Attributes(size, owner, mode, times);
  }

  void write(Answer answer) {
    int flags =
        (size == null ? 0 : SIZE)
            | (owner == null ? 0 : OWNER)
            | (mode == null ? 0 : MODE)
            | (times == null ? 0 : TIMES);
    answer.u32(flags);
    if (size != null) {
      answer.u64(size);
    }
    if (owner != null) {
      answer.u32(owner.user).u32(owner.group);
    }
    if (mode != null) {
      answer.u32(mode);
    }
    if (times != null) {
      answer.u32(times.access).u32(times.change);
    }
  }

  /** Makes a file what a client wants. The only owner there can be inside is the sandbox's user. */
  void apply(Path path) throws IOException {
    if (size != null) {
      try (FileChannel channel = FileChannel.open(path, StandardOpenOption.WRITE)) {
        resize(channel, size);
      }
    }
    if (owner != null) {
      Files.setAttribute(path, "unix:uid", owner.user);
      Files.setAttribute(path, "unix:gid", owner.group);
    }
    if (mode != null) {
      Files.setAttribute(path, "unix:mode", mode & PERMISSIONS);
    }
    if (times != null) {
      Files.setAttribute(path, "lastAccessTime", FileTime.from(instant(times.access)));
      Files.setAttribute(path, "lastModifiedTime", FileTime.from(instant(times.change)));
    }
  }

  private static void resize(FileChannel channel, long size) throws IOException {
    if (size < channel.size()) {
      channel.truncate(size);
    } else if (size > channel.size()) {
      channel.write(ByteBuffer.wrap(new byte[1]), size - 1);
    }
  }

  /** As {@code ls -l} shows it: what clients print of a folder. */
  String listed(String name) {
    int bits = mode == null ? 0 : mode;
    Owner by = owner == null ? new Owner(0, 0) : owner;
    long bytes = size == null ? 0 : size;
    String time = times == null ? "" : LISTED.format(instant(times.change));
    return "%s    1 %-8d %-8d %8d %s %s"
        .formatted(permissions(bits), by.user, by.group, bytes, time, name);
  }

  private static String permissions(int mode) {
    char type =
        switch (mode & TYPE) {
          case 0040000 -> 'd';
          case 0120000 -> 'l';
          case 0010000 -> 'p';
          case 0140000 -> 's';
          case 0020000 -> 'c';
          case 0060000 -> 'b';
          default -> '-';
        };
    StringBuilder text = new StringBuilder().append(type);
    for (int bit = 8; bit >= 0; bit--) {
      text.append((mode & 1 << bit) == 0 ? '-' : "xwr".charAt(bit % 3));
    }
    return text.toString();
  }

  private static int number(Map<String, Object> found, String name) {
    return found.get(name) instanceof Integer number ? number : 0;
  }

  private static int seconds(Map<String, Object> found, String name) {
    return found.get(name) instanceof FileTime time ? (int) time.toInstant().getEpochSecond() : 0;
  }

  private static Instant instant(int seconds) {
    return Instant.ofEpochSecond(Integer.toUnsignedLong(seconds));
  }
}
