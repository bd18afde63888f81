package dev.tapedeck.ssh;

import dev.tapedeck.pump.Tap;
import dev.tapedeck.sandbox.ProcessSpec;
import dev.tapedeck.session.Track;
import dev.tapedeck.ssh.files.Conversation;
import dev.tapedeck.ssh.files.ScpCommand;
import dev.tapedeck.ssh.files.ScpConversation;
import dev.tapedeck.ssh.files.SftpConversation;
import java.util.Optional;

/**
 * Tells file transfers from other programs, and how to read them as they pass.
 *
 * <p>When in doubt it is not a transfer: then everything that passes is recorded as the output and
 * input of a command. On a terminal nothing is a transfer, for a terminal changes the bytes.
 */
final class FileTransfer {

  private FileTransfer() {}

  static boolean isTransfer(ProcessSpec spec) {
    return conversation(spec).isPresent();
  }

  /**
   * The tap for a transfer.
   *
   * @throws IllegalArgumentException if it is none
   */
  static Tap tap(ProcessSpec spec, Track track) {
    return new TransferTap(
        conversation(spec).orElseThrow(() -> new IllegalArgumentException("no file transfer")),
        track);
  }

  private static Optional<Conversation> conversation(ProcessSpec spec) {
    if (spec.terminal() != null) {
      return Optional.empty();
    }
    return switch (spec.program()) {
      case ProcessSpec.Program.LoginShell _ -> Optional.empty();
      case ProcessSpec.Program.Sftp _ -> Optional.of(new SftpConversation());
      case ProcessSpec.Program.Command command ->
          ScpCommand.parse(command.line()).map(ScpConversation::new);
    };
  }
}
