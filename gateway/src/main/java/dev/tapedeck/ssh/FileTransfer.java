package dev.tapedeck.ssh;

import dev.tapedeck.sandbox.ProcessSpec;
import dev.tapedeck.session.Track;
import java.util.regex.Pattern;

/** Tells file transfers from other programs, and how to read them as they pass. */
final class FileTransfer {

  /** What the scp client runs on the far side: {@code scp [options] -t|-f path}. */
  private static final Pattern SCP =
      Pattern.compile(
          "(?:\\S*/)?scp(?:\\s+-[A-Za-z]+)*\\s+-[A-Za-z]*[tf][A-Za-z]*\\s.*", Pattern.DOTALL);

  private FileTransfer() {}

  static boolean isTransfer(ProcessSpec.Program program) {
    return switch (program) {
      case ProcessSpec.Program.LoginShell _ -> false;
      case ProcessSpec.Program.Sftp _ -> true;
      case ProcessSpec.Program.Command command -> SCP.matcher(command.line()).matches();
    };
  }

  static Tap tap(ProcessSpec.Program program, Track track) {
    return program instanceof ProcessSpec.Program.Sftp ? new SftpTap(track) : new ScpTap(track);
  }
}
