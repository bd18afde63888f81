package dev.tapedeck.ssh;

import dev.tapedeck.auth.AuthorizedKeys;
import dev.tapedeck.auth.Decision;
import dev.tapedeck.auth.Gatekeeper;
import dev.tapedeck.event.LoginAttempt;
import dev.tapedeck.event.SessionId;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.security.PublicKey;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.apache.sshd.common.AttributeRepository.AttributeKey;
import org.apache.sshd.common.NamedFactory;
import org.apache.sshd.common.SshConstants;
import org.apache.sshd.common.signature.Signature;
import org.apache.sshd.common.util.buffer.Buffer;
import org.apache.sshd.server.auth.AsyncAuthException;
import org.apache.sshd.server.auth.UserAuthFactory;
import org.apache.sshd.server.auth.password.PasswordAuthenticator;
import org.apache.sshd.server.auth.pubkey.PublickeyAuthenticator;
import org.apache.sshd.server.auth.pubkey.UserAuthPublicKey;
import org.apache.sshd.server.auth.pubkey.UserAuthPublicKeyFactory;
import org.apache.sshd.server.session.ServerSession;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks the gatekeeper on behalf of the SSH protocol and reports every attempt.
 *
 * <p>A key is asked about twice: whether it would do, then with a signature that the library
 * checks. So an attempt with a key is reported when it is refused, or when the client is in.
 */
final class Logins implements PasswordAuthenticator, PublickeyAuthenticator, AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Logins.class);

  /** How many passwords are checked at once; each costs a core some 60 ms. */
  private static final int PASSWORD_CHECKS = 2;

  private static final AttributeKey<Proof> PROOF = new AttributeKey<>();
  private static final AttributeKey<AtomicInteger> FAILURES = new AttributeKey<>();

  private final Gatekeeper gatekeeper;
  private final Consumer<LoginAttempt> attempts;
  private final int maxTries;
  private final ExecutorService checks =
      Executors.newFixedThreadPool(
          PASSWORD_CHECKS, Thread.ofPlatform().daemon().name("password-", 0).factory());

  /**
   * @param maxTries how many attempts may fail on one connection before it is closed
   */
  Logins(Gatekeeper gatekeeper, Consumer<LoginAttempt> attempts, int maxTries) {
    this.gatekeeper = gatekeeper;
    this.attempts = attempts;
    this.maxTries = maxTries;
  }

  /** With what a client convinced the gatekeeper. */
  private record Proof(String method, boolean honeypot, @Nullable String fingerprint) {}

  @Override
  public boolean authenticate(String user, String password, ServerSession client) {
    AsyncAuthException later = new AsyncAuthException();
    checks.execute(() -> later.setAuthed(check(user, password, client)));
    throw later;
  }

  private boolean check(String user, String password, ServerSession client) {
    try {
      Decision decision = gatekeeper.password(user, password, host(client));
      boolean in = settle(user, client, decision, "password", null);
      if (!in) {
        failed(client);
      }
      return in;
    } catch (RuntimeException e) {
      LOG.error("Checking a password failed", e);
      return false;
    }
  }

  @Override
  public boolean authenticate(String user, PublicKey key, ServerSession client) {
    Decision decision = gatekeeper.publicKey(user, key);
    return settle(user, client, decision, "publickey", AuthorizedKeys.fingerprint(key));
  }

  private boolean settle(
      String user,
      ServerSession client,
      Decision decision,
      String method,
      @Nullable String fingerprint) {
    if (decision.enters()) {
      boolean honeypot = decision instanceof Decision.Honeypot;
      client.setAttribute(PROOF, new Proof(method, honeypot, fingerprint));
    } else {
      report(user, client, method, LoginAttempt.Outcome.REFUSED, fingerprint, null);
    }
    return decision.enters();
  }

  /** Makes what speaks the protocol of keys for one connection. */
  UserAuthFactory publicKeyFactory() {
    return new UserAuthPublicKeyFactory() {
      @Override
      public UserAuthPublicKey createUserAuth(ServerSession session) {
        return new KeyLogin(getSignatureFactories());
      }
    };
  }

  /**
   * Counts the attempts that come with a signature, and reports those whose signature is not the
   * key's: the library knows that only after the gatekeeper has said that the key would do.
   */
  private final class KeyLogin extends UserAuthPublicKey {

    KeyLogin(List<NamedFactory<Signature>> signatures) {
      super(signatures);
    }

    @Override
    public Boolean doAuth(Buffer buffer, boolean init) throws Exception {
      boolean signed = init && buffer.available() > 0 && buffer.rawByte(buffer.rpos()) != 0;
      ServerSession client = getServerSession();
      client.removeAttribute(PROOF);
      boolean in = false;
      try {
        Boolean result = super.doAuth(buffer, init);
        in = Boolean.TRUE.equals(result);
        return result;
      } finally {
        if (signed && !in) {
          forged(client);
          failed(client);
        }
      }
    }

    private void forged(ServerSession client) {
      Proof proof = client.removeAttribute(PROOF);
      if (proof != null) {
        report(
            getUsername(),
            client,
            proof.method,
            LoginAttempt.Outcome.REFUSED,
            proof.fingerprint,
            null);
      }
    }
  }

  /** Sends a client away that has failed as often as it may. */
  private void failed(ServerSession client) {
    AtomicInteger failures = client.computeAttributeIfAbsent(FAILURES, _ -> new AtomicInteger());
    if (failures != null && failures.incrementAndGet() >= maxTries) {
      try {
        client.disconnect(
            SshConstants.SSH2_DISCONNECT_PROTOCOL_ERROR, "Too many authentication failures");
      } catch (IOException e) {
        LOG.debug("{}: not told that it has failed too often: {}", client, e.toString());
        client.close(true);
      }
    }
  }

  /** The client is in: reports it, and says what the session should remember of it. */
  Map<String, String> entered(ServerSession client, SessionId session) {
    Proof proof = client.getAttribute(PROOF);
    if (proof == null) {
      throw new IllegalStateException("a client is in without a proof");
    }
    LoginAttempt.Outcome outcome =
        proof.honeypot ? LoginAttempt.Outcome.HONEYPOT : LoginAttempt.Outcome.ACCEPTED;
    report(client.getUsername(), client, proof.method, outcome, proof.fingerprint, session);
    return proof.fingerprint == null
        ? Map.of("login", proof.honeypot ? "honeypot" : proof.method)
        : Map.of("login", proof.method, "key", proof.fingerprint);
  }

  private void report(
      String user,
      ServerSession client,
      String method,
      LoginAttempt.Outcome outcome,
      @Nullable String fingerprint,
      @Nullable SessionId session) {
    String source = Connection.hostPort(client.getClientAddress());
    String version = client.getClientVersion();
    LOG.info(
        "Login {} for '{}' from {} by {}{}",
        outcome.name().toLowerCase(Locale.ROOT),
        printable(user),
        source,
        method,
        fingerprint == null ? "" : " " + fingerprint);
    attempts.accept(
        new LoginAttempt(
            Instant.now(), source, user, method, outcome, fingerprint, version, session));
  }

  /**
   * A user name is whatever the client likes: no line breaks and no escape sequences in the log.
   */
  private static String printable(String text) {
    return text.replaceAll("[^\\x20-\\x7e]", "?");
  }

  private static String host(ServerSession client) {
    return client.getClientAddress() instanceof InetSocketAddress inet && inet.getAddress() != null
        ? inet.getAddress().getHostAddress()
        : client.getClientAddress().toString();
  }

  @Override
  public void close() {
    checks.shutdownNow();
  }
}
