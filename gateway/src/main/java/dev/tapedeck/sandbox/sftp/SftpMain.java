package dev.tapedeck.sandbox.sftp;

import java.io.BufferedInputStream;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;

/** Serves SFTP on standard input and output until the input ends. */
public final class SftpMain {

  private SftpMain() {}

  public static void main(String[] args) throws IOException {
    try (var in = new BufferedInputStream(new FileInputStream(FileDescriptor.in), 64 * 1024);
        var out = new FileOutputStream(FileDescriptor.out);
        var server = new SftpServer()) {
      for (Message request = Message.read(in); request != null; request = Message.read(in)) {
        out.write(server.answer(request));
      }
    }
  }
}
