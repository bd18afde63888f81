package dev.tapedeck.ssh;

import java.io.IOException;
import org.apache.sshd.common.Service;
import org.apache.sshd.common.SshConstants;
import org.apache.sshd.common.SshException;
import org.apache.sshd.common.session.Session;
import org.apache.sshd.common.util.buffer.Buffer;
import org.apache.sshd.server.session.AbstractServerSession;
import org.apache.sshd.server.session.ServerConnectionService;
import org.apache.sshd.server.session.ServerConnectionServiceFactory;

/**
 * The connection service (RFC 4254) without the channels that would carry bytes past the recording.
 */
final class RecordedService extends ServerConnectionService {

  private final int maxChannels;

  private RecordedService(AbstractServerSession session, int maxChannels) throws SshException {
    super(session);
    this.maxChannels = maxChannels;
  }

  @Override
  protected void channelOpen(Buffer buffer) throws Exception {
    int start = buffer.rpos();
    String type = buffer.getString();
    if (!type.equals("session")) {
      sendChannelOpenFailure(
          buffer,
          buffer.getUInt(),
          SshConstants.SSH_OPEN_ADMINISTRATIVELY_PROHIBITED,
          Connection.NO_FORWARDING,
          "");
      return;
    }
    if (getChannels().size() >= maxChannels) {
      // The library would end the connection, with all channels that are in use.
      sendChannelOpenFailure(
          buffer,
          buffer.getUInt(),
          SshConstants.SSH_OPEN_RESOURCE_SHORTAGE,
          "this connection already has " + maxChannels + " channels, the most it may have",
          "");
      return;
    }
    buffer.rpos(start);
    super.channelOpen(buffer);
  }

  /** Makes one for each connection. */
  static final class Factory extends ServerConnectionServiceFactory {

    private final int maxChannels;

    Factory(int maxChannels) {
      this.maxChannels = maxChannels;
    }

    @Override
    public Service create(Session session) throws IOException {
      if (session instanceof AbstractServerSession server) {
        return new RecordedService(server, maxChannels);
      }
      throw new IllegalArgumentException(session + " is not a server's");
    }
  }
}
