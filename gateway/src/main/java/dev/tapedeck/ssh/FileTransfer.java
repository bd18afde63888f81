package dev.tapedeck.ssh;

import dev.tapedeck.event.Bytes;
import dev.tapedeck.pump.Tap;
import dev.tapedeck.sandbox.ProcessSpec;
import dev.tapedeck.session.Track;
import dev.tapedeck.ssh.files.ScpCommand;
import dev.tapedeck.ssh.files.ScpConversation;
import dev.tapedeck.ssh.files.SftpConversation;
import dev.tapedeck.ssh.files.TransferConversation;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Tells file transfers from other programs, and how to read them as they pass.
 *
 * <p>When in doubt it is not a transfer: then everything that passes is recorded as the output and
 * input of a command. On a terminal nothing is a transfer, for a terminal changes the bytes.
 */
final class FileTransfer {

  private FileTransfer() {}

  /** What to run for a command line where there is no terminal. */
  static ProcessSpec.Program program(Bytes line) {
    return ScpCommand.parse(line).isPresent()
        ? new ProcessSpec.Program.Scp(line, ScpCommand.arguments(line))
        : new ProcessSpec.Program.Command(line);
  }

  /**
   * What a transfer's program is given of the client's environment: nothing that could make another
   * program of it.
   */
  static Map<String, Bytes> environment(Map<String, Bytes> chosen) {
    Map<String, Bytes> harmless = new HashMap<>(chosen);
    harmless.keySet().removeIf(name -> !name.equals("LANG") && !name.startsWith("LC_"));
    return harmless;
  }

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

  private static Optional<TransferConversation> conversation(ProcessSpec spec) {
    if (spec.terminal() != null) {
      return Optional.empty();
    }
    return switch (spec.program()) {
      case ProcessSpec.Program.LoginShell _, ProcessSpec.Program.Command _ -> Optional.empty();
      case ProcessSpec.Program.Sftp _ -> Optional.of(new SftpConversation());
      case ProcessSpec.Program.Scp scp -> ScpCommand.parse(scp.line()).map(ScpConversation::new);
    };
  }
}
