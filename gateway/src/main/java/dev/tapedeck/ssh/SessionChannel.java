package dev.tapedeck.ssh;

import dev.tapedeck.event.Bytes;
import dev.tapedeck.event.ExitStatus;
import dev.tapedeck.event.TerminalSize;
import dev.tapedeck.sandbox.ProcessSpec;
import dev.tapedeck.sandbox.TerminalSpec;
import java.io.EOFException;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import org.apache.sshd.common.SshConstants;
import org.apache.sshd.common.channel.PtyMode;
import org.apache.sshd.common.channel.RequestHandler;
import org.apache.sshd.common.io.AbstractIoWriteFuture;
import org.apache.sshd.common.io.IoWriteFuture;
import org.apache.sshd.common.util.buffer.Buffer;
import org.apache.sshd.server.channel.ChannelSession;
import org.jspecify.annotations.Nullable;

/**
 * One SSH channel of type {@code session} (RFC 4254, section 6): gathers what the client asks for,
 * then hands over to one {@link Program}.
 *
 * <pre>
 *   opened --env, pty-req--> opened --shell | exec | subsystem--> running --program ends--> closed
 *                                                                   window-change, signal, data, eof
 * </pre>
 */
final class SessionChannel extends ChannelSession {

  /** How many variables a client may set; further ones are refused. */
  static final int MAX_VARIABLES = 64;

  /** The longest value that a variable may have, in bytes. */
  static final int MAX_VALUE_LENGTH = 4096;

  private final Connection connection;
  private final Map<String, Bytes> environment = new HashMap<>();
  private @Nullable TerminalSpec terminal;
  private @Nullable Program program;
  private final Sends sends = new Sends();

  SessionChannel(Connection connection) {
    this.connection = connection;
  }

  /** Takes the value as the bytes that it is; the library would make text of it. */
  @Override
  protected RequestHandler.Result handleEnv(Buffer buffer, boolean wantReply) {
    String name = buffer.getString();
    Bytes value = Bytes.of(buffer.getBytes());
    boolean accepted =
        connection.options().acceptsVariable(name)
            && environment.size() < MAX_VARIABLES
            && value.length() <= MAX_VALUE_LENGTH
            && !value.holds(0);
    if (!accepted) {
      return RequestHandler.Result.ReplyFailure;
    }
    environment.put(name, value);
    return RequestHandler.Result.ReplySuccess;
  }

  @Override
  protected RequestHandler.Result handlePtyReqParsed(
      String term, int columns, int rows, int width, int height, Map<PtyMode, Integer> modes) {
    if (program != null) {
      return RequestHandler.Result.ReplyFailure;
    }
    Map<Integer, Integer> byOpcode = new HashMap<>();
    modes.forEach((mode, value) -> byOpcode.put(mode.toInt(), value));
    String type = term.matches("[A-Za-z0-9][A-Za-z0-9_.+-]{0,63}") ? term : "dumb";
    terminal = new TerminalSpec(type, new TerminalSize(columns, rows).usable(), byOpcode);
    return RequestHandler.Result.ReplySuccess;
  }

  @Override
  protected RequestHandler.Result handleWindowChangeParsed(
      int columns, int rows, int width, int height) {
    TerminalSize size = new TerminalSize(columns, rows).usable();
    if (program != null) {
      program.resize(size);
    } else if (terminal != null) {
      terminal = terminal.withSize(size);
    }
    return RequestHandler.Result.ReplySuccess;
  }

  @Override
  protected RequestHandler.Result handleSignalParsed(String name) {
    if (program == null) {
      return RequestHandler.Result.ReplyFailure;
    }
    program.signal(name);
    return RequestHandler.Result.ReplySuccess;
  }

  @Override
  protected RequestHandler.Result handleBreakParsed(long breakLength) {
    return handleSignalParsed("INT");
  }

  @Override
  protected RequestHandler.Result handleShellParsed(String request) throws IOException {
    return begin(request, new ProcessSpec.Program.LoginShell());
  }

  /** Takes the line as the bytes that it is; the library would make text of it. */
  @Override
  protected RequestHandler.Result handleExec(String request, Buffer buffer, boolean wantReply)
      throws IOException {
    Bytes line = Bytes.of(buffer.getBytes());
    return begin(
        request,
        terminal == null ? FileTransfer.program(line) : new ProcessSpec.Program.Command(line));
  }

  @Override
  protected RequestHandler.Result handleSubsystemParsed(String request, String subsystem)
      throws IOException {
    return subsystem.equals("sftp")
        ? begin(request, new ProcessSpec.Program.Sftp())
        : connection.refuse("subsystem " + subsystem, "only sftp is offered");
  }

  @Override
  protected RequestHandler.Result handleAgentForwardingParsed(String requestType) {
    return connection.refuse("agent forwarding", Connection.NO_FORWARDING);
  }

  @Override
  protected RequestHandler.Result handleX11Forwarding(
      String requestType, Buffer buffer, boolean wantReply) {
    return connection.refuse("X11 forwarding", Connection.NO_FORWARDING);
  }

  private RequestHandler.Result begin(String request, ProcessSpec.Program what) throws IOException {
    ProcessSpec spec = new ProcessSpec(what, connection.user(), environment, terminal);
    program =
        new Program(
            connection,
            this,
            FileTransfer.isTransfer(spec)
                ? new ProcessSpec(
                    what, connection.user(), FileTransfer.environment(environment), terminal)
                : spec.with(connection.variables()));
    commandInstance = program;
    setDataReceiver(program);
    return prepareChannelCommand(request, program);
  }

  /**
   * Tells the client how the program ended and closes the channel; what was written before is sent
   * first.
   */
  void finish(ExitStatus status) throws IOException {
    if (isClosing() || !sends.begin()) {
      commandExitFuture.setClosed();
      return;
    }
    try {
      sendEnd(status);
    } finally {
      sends.end();
    }
    commandExitFuture.setClosed();
    sends.endWith(() -> close(false));
  }

  private void sendEnd(ExitStatus status) throws IOException {
    out.close();
    err.close();
    // The status goes first, as sshd has it: a client that has sent its own EOF closes the channel
    // as soon as it sees ours, and no longer hears what comes after it.
    switch (status) {
      case ExitStatus.Code code -> sendExitStatus(code.code());
      case ExitStatus.Signalled signalled -> sendExitSignal(signalled.name());
      case ExitStatus.Unknown _ -> {
        // RFC 4254, section 6.10: a channel may close without a status.
      }
    }
    sendEof();
  }

  @Override
  public IoWriteFuture writePacket(Buffer buffer) throws IOException {
    if (!sends.begin()) {
      return AbstractIoWriteFuture.fulfilled(this, new EOFException("the channel is closed"));
    }
    try {
      return super.writePacket(buffer);
    } finally {
      sends.end();
    }
  }

  /** The client has closed its side, perhaps while something is being sent to it. */
  @Override
  public void handleClose() {
    sends.endWith(() -> {
      try {
        super.handleClose();
      } catch (IOException e) {
        close(true);
      }
    });
  }

  private void sendExitSignal(String name) throws IOException {
    Buffer buffer = getSession().createBuffer(SshConstants.SSH_MSG_CHANNEL_REQUEST);
    buffer.putUInt(getRecipient());
    buffer.putString("exit-signal");
    buffer.putBoolean(false);
    buffer.putString(name);
    buffer.putBoolean(false);
    buffer.putString("");
    buffer.putString("");
    writePacket(buffer);
  }

  /** Lets the client send as many bytes more. */
  void taken(int bytes) throws IOException {
    if (!isClosing()) {
      getLocalWindow().release(bytes);
    }
  }
}
