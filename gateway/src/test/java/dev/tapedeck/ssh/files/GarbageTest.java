package dev.tapedeck.ssh.files;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tapedeck.event.Bytes;
import dev.tapedeck.event.Event.FileOperation;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Nonsense from either side: nothing throws, and every byte was understood or is unreadable. */
final class GarbageTest {

  private static final int ROUNDS = 3_000;

  /** How many bytes were told that nobody understood. */
  private long kept;

  @Test
  void sftpAccountsForEveryByte() {
    for (int seed = 0; seed < ROUNDS; seed++) {
      Random random = new Random(seed);
      SftpConversation conversation = new SftpConversation();
      long passed = 0;
      List<FileOperation> operations = new ArrayList<>();
      kept = 0;
      for (int i = 0; i < 40; i++) {
        boolean client = random.nextBoolean();
        passed += feed(conversation, client, sftp(random, client), random, operations);
      }
      operations.addAll(conversation.end());
      keep(conversation);
      assertThat(kept).as("bytes kept, seed %d", seed).isEqualTo(unreadable(operations));
      assertThat(conversation.understood() + unreadable(operations))
          .as("seed %d", seed)
          .isEqualTo(passed);
    }
  }

  @Test
  void scpAccountsForEveryByte() {
    for (int seed = 0; seed < ROUNDS; seed++) {
      Random random = new Random(seed);
      boolean sink = random.nextBoolean();
      ScpConversation conversation = new ScpConversation(new ScpCommand(sink, List.of("x")));
      long passed = 0;
      List<FileOperation> operations = new ArrayList<>();
      kept = 0;
      for (int i = 0; i < 40; i++) {
        boolean client = random.nextBoolean();
        passed += feed(conversation, client, scp(random, client == sink), random, operations);
      }
      operations.addAll(conversation.end());
      keep(conversation);
      assertThat(kept).as("bytes kept, seed %d", seed).isEqualTo(unreadable(operations));
      assertThat(conversation.understood() + unreadable(operations))
          .as("seed %d", seed)
          .isEqualTo(passed);
    }
  }

  private void keep(TransferConversation conversation) {
    conversation.unexplained().forEach(event -> kept += event.carried());
  }

  private long feed(
      TransferConversation conversation,
      boolean client,
      byte[] bytes,
      Random random,
      List<FileOperation> operations) {
    for (int at = 0; at < bytes.length; ) {
      int count = Math.min(bytes.length - at, 1 + random.nextInt(50));
      Bytes piece = Bytes.view(bytes, at, count);
      operations.addAll(client ? conversation.fromClient(piece) : conversation.fromServer(piece));
      keep(conversation);
      at += count;
    }
    return bytes.length;
  }

  private static long unreadable(List<FileOperation> operations) {
    return operations.stream()
        .filter(operation -> operation.operation().equals("unreadable"))
        .mapToLong(FileOperation::bytes)
        .sum();
  }

  /** Mostly packets, with ids, handles and lengths that often fit, and some damage. */
  private static byte[] sftp(Random random, boolean client) {
    int id = random.nextInt(4);
    String handle = String.valueOf(random.nextInt(3));
    byte[] packet =
        client
            ? switch (random.nextInt(12)) {
              case 0 -> SftpWire.open(id, "p", random.nextInt(64));
              case 1 -> SftpWire.write(id, handle, random.nextInt(3) * 4L, "data");
              case 2 -> SftpWire.read(id, handle, random.nextInt(3) * 4L, 4);
              case 3 -> SftpWire.close(id, handle);
              case 4 -> SftpWire.byPath(random.nextInt(25), id, "p");
              case 5 -> SftpWire.byPaths(random.nextInt(25), id, "p", "q");
              case 6 -> SftpWire.opendir(id, "d");
              case 7 -> SftpWire.readdir(id, handle);
              case 8 -> SftpWire.extended(id, "copy-data").string("0").int64(0).bytes();
              case 9 -> SftpWire.extended(id, "nobody@knows").string("x").bytes();
              case 10 ->
                  SftpWire.packet(10).int32(id).string(handle).int32(random.nextInt()).bytes();
              default -> SftpWire.init();
            }
            : switch (random.nextInt(6)) {
              case 0 -> SftpWire.handle(id, handle);
              case 1 -> SftpWire.data(id, "data");
              case 2 -> SftpWire.status(id, random.nextInt(10), "s");
              case 3 -> SftpWire.names(id, "a", "b");
              case 4 -> SftpWire.packet(100 + random.nextInt(8)).int32(id).int32(0).bytes();
              default -> SftpWire.version(random.nextInt(100) == 0 ? 4 : 3);
            };
    return damaged(packet, random);
  }

  private static byte[] scp(Random random, boolean source) {
    String text =
        source
            ? switch (random.nextInt(9)) {
              case 0 -> "C0644 3 a\n";
              case 1 -> "C0644 0 b\n";
              case 2 -> "D0755 0 d\n";
              case 3 -> "E\n";
              case 4 -> "T1 0 1 0\n";
              case 5 -> "abc\0";
              case 6 -> "\1error\n";
              case 7 -> "C0644 3 a\nabc\0";
              default -> "\0";
            }
            : random.nextInt(5) == 0 ? "\1no\n" : "\0";
    return damaged(text.getBytes(StandardCharsets.UTF_8), random);
  }

  private static byte[] damaged(byte[] bytes, Random random) {
    if (random.nextInt(20) == 0) {
      bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
    }
    if (random.nextInt(50) == 0) {
      return Arrays.copyOf(bytes, random.nextInt(bytes.length));
    }
    return bytes;
  }
}
