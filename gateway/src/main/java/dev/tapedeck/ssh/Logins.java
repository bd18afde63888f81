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
 * checks. So an attempt with a key is reported when its signature is refused, or when the client is
 * in; what was only asked, at the connection's end, as one attempt.
 */
final class Logins implements PasswordAuthenticator, PublickeyAuthenticator, AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Logins.class);

  /** How many passwords are checked at once; each costs a core some 60 ms. */
  private static final int PASSWORD_CHECKS = 2;

  /** Nobody's name is longer; of a longer one, this much is kept. */
  private static final int MAX_NAME_LENGTH = 128;

  private static final AttributeKey<KeyQuestions> QUESTIONS = new AttributeKey<>();
  private static final AttributeKey<Boolean> SIGNED = new AttributeKey<>();
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
      Decision decision = gatekeeper.password(named(user), password, host(client));
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
    Decision decision = gatekeeper.publicKey(named(user), key);
    String fingerprint = AuthorizedKeys.fingerprint(key);
    if (client.getAttribute(SIGNED) != null) {
      return settle(user, client, decision, "publickey", fingerprint);
    }
    KeyQuestions questions =
        client.computeAttributeIfAbsent(QUESTIONS, _ -> new KeyQuestions(user));
    if (questions != null) {
      questions.add(fingerprint, decision.enters());
    }
    return decision.enters();
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
      refused(user, client, method, fingerprint);
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
      if (signed) {
        client.setAttribute(SIGNED, true);
      } else {
        client.removeAttribute(SIGNED);
      }
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
        refused(getUsername(), client, proof.method, proof.fingerprint);
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
    client.removeAttribute(QUESTIONS);
    report(client.getUsername(), client, proof.method, outcome, proof.fingerprint, session);
    return proof.fingerprint == null
        ? Map.of("login", proof.honeypot ? "honeypot" : proof.method)
        : Map.of("login", proof.method, "key", proof.fingerprint);
  }

  /** The client is gone: what it asked and came to nothing is on record, too. */
  void left(ServerSession client) {
    KeyQuestions asked = client.removeAttribute(QUESTIONS);
    if (asked != null) {
      LoginAttempt attempt =
          attempt(
              asked.user(),
              client,
              asked.first(),
              "publickey",
              LoginAttempt.Outcome.REFUSED,
              asked.fingerprint(),
              null);
      log(attempt, asked.count() == 1 ? "" : ", one of " + asked.count() + " keys");
      attempts.accept(attempt);
    }
  }

  /** A refused signature says more than the questions before it. */
  private void refused(
      String user, ServerSession client, String method, @Nullable String fingerprint) {
    if (fingerprint != null) {
      client.removeAttribute(QUESTIONS);
    }
    report(user, client, method, LoginAttempt.Outcome.REFUSED, fingerprint, null);
  }

  private void report(
      String user,
      ServerSession client,
      String method,
      LoginAttempt.Outcome outcome,
      @Nullable String fingerprint,
      @Nullable SessionId session) {
    LoginAttempt attempt =
        attempt(user, client, Instant.now(), method, outcome, fingerprint, session);
    log(attempt, "");
    attempts.accept(attempt);
  }

  private static LoginAttempt attempt(
      String user,
      ServerSession client,
      Instant time,
      String method,
      LoginAttempt.Outcome outcome,
      @Nullable String fingerprint,
      @Nullable SessionId session) {
    return new LoginAttempt(
        time,
        Connection.hostPort(client.getClientAddress()),
        named(user),
        method,
        outcome,
        fingerprint,
        client.getClientVersion(),
        session);
  }

  private static void log(LoginAttempt attempt, String more) {
    LOG.info(
        "Login {} for '{}' from {} by {}{}{}",
        attempt.outcome().name().toLowerCase(Locale.ROOT),
        printable(attempt.user()),
        attempt.source(),
        attempt.method(),
        attempt.fingerprint() == null ? "" : " " + attempt.fingerprint(),
        more);
  }

  /** A name as it is asked for and recorded: nobody has one that had to be cut. */
  private static String named(String user) {
    return user.length() <= MAX_NAME_LENGTH
        ? user
        : user.substring(0, MAX_NAME_LENGTH) + "... (" + user.length() + " characters)";
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
