package dev.tapedeck.ssh;

import java.time.Duration;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.sshd.common.io.IoSession;
import org.apache.sshd.common.kex.KexProposalOption;
import org.apache.sshd.server.ServerFactoryManager;
import org.apache.sshd.server.session.ServerSessionImpl;
import org.apache.sshd.server.session.SessionFactory;

/**
 * The server's side of the protocol, which proposes algorithms when it has read the client's
 * proposal. For the client's order decides, and only who knows what it has can keep a costly cipher
 * from a client that has a cheap one: docs/decisions/0009-ciphers.md.
 *
 * <pre>
 *   greeted --client's KEXINIT--> answered: the cheapest kind of cipher that it has
 *          \--PATIENCE is over--> proposed: all ciphers, to a client that waits for them
 * </pre>
 */
final class AnsweringSession extends ServerSessionImpl {

  /** How long a client's proposal is waited for. Clients that wait for the server's are few. */
  static final Duration PATIENCE = Duration.ofMillis(500);

  private static final List<KexProposalOption> CIPHERS =
      List.of(KexProposalOption.C2SENC, KexProposalOption.S2CENC);

  /** Kinds of cipher, the cheapest first, by the ends of their names. */
  private static final List<String> KINDS = List.of("-gcm@openssh.com", "-ctr", "");

  private final ScheduledExecutorService timer;

  /** The first proposal is out; as the library does, changed under its lock of what comes in. */
  private volatile boolean proposed;

  private AnsweringSession(
      ServerFactoryManager server, IoSession socket, ScheduledExecutorService timer)
      throws Exception {
    super(server, socket);
    this.timer = timer;
  }

  @Override
  protected byte[] sendKexInit() throws Exception {
    if (proposed) {
      return super.sendKexInit();
    }
    var _ = timer.schedule(this::waitNoLonger, PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    return new byte[0];
  }

  @Override
  protected void doKexNegotiation() throws Exception {
    propose();
    super.doKexNegotiation();
  }

  private void propose() throws Exception {
    if (!proposed) {
      proposed = true;
      super.sendKexInit();
    }
  }

  private void waitNoLonger() {
    if (proposed || isClosing()) {
      return;
    }
    decodeLock.lock();
    try {
      propose();
    } catch (Exception e) {
      exceptionCaught(e);
    } finally {
      decodeLock.unlock();
    }
  }

  @Override
  protected byte[] sendKexInit(Map<KexProposalOption, String> proposal) throws Exception {
    Map<KexProposalOption, String> answer = new EnumMap<>(proposal);
    Map<KexProposalOption, String> client = getClientKexProposals();
    for (KexProposalOption direction : CIPHERS) {
      String has = client.get(direction);
      String offered = answer.get(direction);
      if (has != null && offered != null) {
        answer.put(direction, cheapest(offered, has));
      }
    }
    return super.sendKexInit(answer);
  }

  /** Of what is offered, the cheapest kind that the client has; all of it where it has none. */
  static String cheapest(String offered, String client) {
    List<String> has = Arrays.asList(client.split(",", -1));
    for (String kind : KINDS) {
      List<String> ours =
          Arrays.stream(offered.split(",", -1)).filter(cipher -> cipher.endsWith(kind)).toList();
      if (ours.stream().anyMatch(has::contains)) {
        return String.join(",", ours);
      }
    }
    return offered;
  }

  /** Makes one for each client. */
  static final class Factory extends SessionFactory {

    private final ScheduledExecutorService timer;

    Factory(ServerFactoryManager server, ScheduledExecutorService timer) {
      super(server);
      this.timer = timer;
    }

    @Override
    protected ServerSessionImpl doCreateSession(IoSession socket) throws Exception {
      return new AnsweringSession(getServer(), socket, timer);
    }
  }
}
