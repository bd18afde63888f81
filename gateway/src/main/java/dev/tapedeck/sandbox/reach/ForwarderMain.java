package dev.tapedeck.sandbox.reach;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.UnixDomainSocketAddress;
import java.util.HashMap;
import java.util.Map;

/** The program of a {@link ForwarderProcess}, where the conversation is described. */
public final class ForwarderMain {

  /** Of an order; the last one, a path, may have blanks in it. */
  private static final int WORDS = 4;

  private final OutputStream out = new FileOutputStream(FileDescriptor.out);
  private final Map<Long, LocalForward> forwards = new HashMap<>();

  private ForwarderMain() {}

  public static void main(String[] args) throws IOException {
    ForwarderMain main = new ForwarderMain();
    try (BufferedReader in = new BufferedReader(new InputStreamReader(System.in, UTF_8))) {
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        main.obey(line.split(" ", WORDS));
      }
    }
  }

  private void obey(String[] words) throws IOException {
    long number = Long.parseLong(words[1]);
    if (words[0].equals("open")) {
      int pid = Integer.parseInt(words[2]);
      open(number, pid, UnixDomainSocketAddress.of(words[3]));
    } else {
      LocalForward forward = forwards.remove(number);
      if (forward != null) {
        forward.close();
      }
    }
  }

  private void open(long number, int pid, UnixDomainSocketAddress service) throws IOException {
    try {
      LocalForward forward = LocalForward.open(pid, service, this::warn);
      forwards.put(number, forward);
      say("opened " + number + " " + forward.port());
    } catch (IOException e) {
      say("failed " + number + " " + e.getMessage());
    }
  }

  private void warn(String sentence) {
    try {
      say("warning " + sentence);
    } catch (IOException _) {
      // The gateway is gone, and with it everybody who would read this; the end of input follows.
    }
  }

  /** One write a line: lines of several threads do not mix. */
  private synchronized void say(String line) throws IOException {
    out.write((line.replaceAll("\\R", " ") + "\n").getBytes(UTF_8));
  }
}
