package dev.tapedeck.ssh.files;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** Packets of SFTP as they are on the wire. */
final class SftpWire {

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final DataOutputStream out = new DataOutputStream(bytes);

  private SftpWire(int type) {
    write(() -> out.writeByte(type));
  }

  static SftpWire packet(int type) {
    return new SftpWire(type);
  }

  SftpWire int32(int value) {
    return write(() -> out.writeInt(value));
  }

  SftpWire int64(long value) {
    return write(() -> out.writeLong(value));
  }

  SftpWire string(String value) {
    return string(value.getBytes(StandardCharsets.UTF_8));
  }

  SftpWire string(byte[] value) {
    return write(() -> {
      out.writeInt(value.length);
      out.write(value);
    });
  }

  byte[] bytes() {
    SftpWire whole = new SftpWire(0);
    whole.bytes.reset();
    return whole.string(bytes.toByteArray()).bytes.toByteArray();
  }

  static byte[] init() {
    return packet(1).int32(3).bytes();
  }

  static byte[] version(int version) {
    return packet(2).int32(version).string("posix-rename@openssh.com").string("1").bytes();
  }

  static byte[] open(int id, String path, int flags) {
    return packet(3).int32(id).string(path).int32(flags).int32(4).int32(0100644).bytes();
  }

  static byte[] opendir(int id, String path) {
    return packet(11).int32(id).string(path).bytes();
  }

  static byte[] readdir(int id, String handle) {
    return packet(12).int32(id).string(handle).bytes();
  }

  static byte[] close(int id, String handle) {
    return packet(4).int32(id).string(handle).bytes();
  }

  static byte[] read(int id, String handle, long offset, int length) {
    return packet(5).int32(id).string(handle).int64(offset).int32(length).bytes();
  }

  static byte[] write(int id, String handle, long offset, String data) {
    return packet(6).int32(id).string(handle).int64(offset).string(data).bytes();
  }

  static byte[] byPath(int type, int id, String path) {
    return packet(type).int32(id).string(path).bytes();
  }

  static byte[] byPaths(int type, int id, String path, String target) {
    return packet(type).int32(id).string(path).string(target).bytes();
  }

  static SftpWire extended(int id, String name) {
    return packet(200).int32(id).string(name);
  }

  static byte[] ok(int id) {
    return status(id, 0, "Success");
  }

  static byte[] status(int id, int code, String message) {
    return packet(101).int32(id).int32(code).string(message).string("").bytes();
  }

  static byte[] handle(int id, String handle) {
    return packet(102).int32(id).string(handle).bytes();
  }

  static byte[] data(int id, String data) {
    return packet(103).int32(id).string(data).bytes();
  }

  static byte[] names(int id, String... names) {
    SftpWire packet = packet(104).int32(id).int32(names.length);
    for (String name : names) {
      packet.string(name).string("-rw-r--r-- " + name).int32(0);
    }
    return packet.bytes();
  }

  private SftpWire write(Step step) {
    try {
      step.run();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return this;
  }

  private interface Step {
    void run() throws IOException;
  }
}
