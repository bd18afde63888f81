package dev.tapedeck.ssh.files;

import dev.tapedeck.event.Bytes;
import dev.tapedeck.event.Event.FileOperation;
import dev.tapedeck.formats.fuzz.Input;
import java.util.ArrayList;
import java.util.List;

/** Whatever two sides of a transfer say: every byte was understood or is unreadable. */
final class FilesFuzz {

  private FilesFuzz() {}

  /**
   * Of SFTP if the first byte is even, of SCP otherwise; then turns of direction, length, bytes.
   */
  public static void fuzzerTestOneInput(byte[] bytes) {
    Input input = new Input(bytes);
    boolean sftp = input.choice(2) == 0;
    TransferConversation conversation =
        sftp
            ? new SftpConversation()
            : new ScpConversation(new ScpCommand(input.choice(2) == 0, List.of("x")));
    List<FileOperation> operations = new ArrayList<>();
    long passed = 0;
    while (!input.isEmpty()) {
      boolean client = input.choice(2) == 0;
      byte[] piece = input.take(input.choice(256));
      passed += piece.length;
      Bytes data = Bytes.view(piece, 0, piece.length);
      operations.addAll(client ? conversation.fromClient(data) : conversation.fromServer(data));
    }
    operations.addAll(conversation.end());
    long unreadable =
        operations.stream()
            .filter(operation -> operation.operation().equals("unreadable"))
            .mapToLong(FileOperation::bytes)
            .sum();
    long understood =
        sftp
            ? ((SftpConversation) conversation).understood()
            : ((ScpConversation) conversation).understood();
    Input.same(passed, understood + unreadable, "passed, and accounted for");
  }
}
