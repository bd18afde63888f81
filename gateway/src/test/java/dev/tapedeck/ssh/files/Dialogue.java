package dev.tapedeck.ssh.files;

import dev.tapedeck.event.Bytes;
import dev.tapedeck.event.Event;
import dev.tapedeck.event.Event.FileOperation;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

/** What two sides said to each other, in its order. */
record Dialogue(List<Turn> turns, StringBuilder heard) {

  record Turn(boolean client, Bytes bytes) {}

  static Dialogue of() {
    return new Dialogue(new ArrayList<>(), new StringBuilder());
  }

  Dialogue client(byte[] bytes) {
    turns.add(new Turn(true, Bytes.of(bytes)));
    return this;
  }

  Dialogue server(byte[] bytes) {
    turns.add(new Turn(false, Bytes.of(bytes)));
    return this;
  }

  Dialogue client(String text) {
    return client(text.getBytes(StandardCharsets.UTF_8));
  }

  Dialogue server(String text) {
    return server(text.getBytes(StandardCharsets.UTF_8));
  }

  /** What it comes to when each turn passes whole. */
  List<FileOperation> read(TransferConversation conversation) {
    return read(conversation, Integer.MAX_VALUE);
  }

  /** What it comes to when nothing longer than {@code pieceBytes} passes at once. */
  List<FileOperation> read(TransferConversation conversation, int pieceBytes) {
    List<FileOperation> operations = new ArrayList<>();
    for (Turn turn : turns) {
      byte[] bytes = turn.bytes.toArray();
      for (int at = 0; at < bytes.length; at += Math.min(pieceBytes, bytes.length)) {
        int end = Math.min(bytes.length, at + Math.min(pieceBytes, bytes.length));
        feed(conversation, turn.client, Arrays.copyOfRange(bytes, at, end), operations);
      }
    }
    operations.addAll(conversation.end());
    hear(conversation);
    return operations;
  }

  /**
   * What it comes to when byte number {@code split}, counted over all turns, begins a new piece.
   */
  List<FileOperation> readSplit(TransferConversation conversation, int split) {
    List<FileOperation> operations = new ArrayList<>();
    int before = 0;
    for (Turn turn : turns) {
      byte[] bytes = turn.bytes.toArray();
      int cut = Math.clamp(split - before, 0, bytes.length);
      feed(conversation, turn.client, Arrays.copyOf(bytes, cut), operations);
      feed(conversation, turn.client, Arrays.copyOfRange(bytes, cut, bytes.length), operations);
      before += bytes.length;
    }
    operations.addAll(conversation.end());
    hear(conversation);
    return operations;
  }

  private void hear(TransferConversation conversation) {
    for (Event event : conversation.unexplained()) {
      switch (event) {
        case Event.Input input -> heard.append("client: ").append(input.data().text());
        case Event.Output output -> heard.append("server: ").append(output.data().text());
        default -> throw new AssertionError("not of what passed: " + event);
      }
      heard.append('|');
    }
  }

  /** What was read and not explained: {@code client: ...|server: ...|}. */
  String unexplained() {
    return heard.toString();
  }

  int length() {
    return turns.stream().mapToInt(turn -> turn.bytes.length()).sum();
  }

  /** The piece lies in the middle of a buffer that is overwritten afterwards, as a pump's is. */
  private void feed(
      TransferConversation conversation,
      boolean client,
      byte[] piece,
      List<FileOperation> operations) {
    byte[] buffer = new byte[piece.length + 6];
    System.arraycopy(piece, 0, buffer, 3, piece.length);
    Bytes bytes = Bytes.view(buffer, 3, piece.length);
    operations.addAll(client ? conversation.fromClient(bytes) : conversation.fromServer(bytes));
    Arrays.fill(buffer, (byte) 0x55);
    hear(conversation);
  }

  static String sha256(String text) {
    return sha256(text.getBytes(StandardCharsets.UTF_8));
  }

  static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
