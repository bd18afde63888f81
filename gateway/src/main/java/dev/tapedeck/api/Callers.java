package dev.tapedeck.api;

import dev.tapedeck.session.Session;
import dev.tapedeck.session.SessionTokens;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Tells who sent a request.
 *
 * <pre>
 *   through a sandbox's door
 *     token of a session there     that session
 *     any other token              refused
 *     none, one session there      that session
 *     none, several or no session  refused
 *   at the open listener
 *     token of a session           that session
 *     none or an unknown one       who calls from this machine (or from where the owner allows) has
 *                                  a session of the API's own; others are refused
 * </pre>
 */
final class Callers {

  private final ApiSessions sessions;
  private final SessionTokens tokens;
  private final ApiLimits limits;

  Callers(ApiSessions sessions, SessionTokens tokens, ApiLimits limits) {
    this.limits = limits;
    this.sessions = sessions;
    this.tokens = tokens;
  }

  /** Who sent what came through a sandbox's door. */
  Caller through(Door door, @Nullable String token) {
    List<Session> there = door.sessions();
    if (token != null) {
      Optional<Session> named = tokens.find(token).filter(door::admits);
      return named.isPresent()
          ? known(named.get(), null)
          : refused(there, Refusal.anotherSession());
    }
    return there.size() == 1
        ? known(there.getFirst(), null)
        : refused(there, there.isEmpty() ? Refusal.nobodyThere() : Refusal.severalThere());
  }

  /**
   * Who sent what came to the open listener.
   *
   * @param objection to a caller without a session's token, or null; asked only about such
   * @param unnamed the place of such a caller
   */
  Caller open(
      @Nullable String token,
      Supplier<@Nullable Refusal> objection,
      Supplier<Optional<ApiSessions.Place>> unnamed) {
    Optional<Session> named = token == null ? Optional.empty() : tokens.find(token);
    if (named.isPresent()) {
      return known(named.get(), null);
    }
    Refusal refusal = objection.get();
    if (refusal != null) {
      return new Caller.Stranger(refusal);
    }
    return unnamed
        .get()
        .<Caller>map(
            place -> new Caller.Known(place, false, token == null ? null : Refusal.noSession()))
        .orElseGet(() -> new Caller.Stranger(Refusal.tooManySessions(limits)));
  }

  private Caller known(Session session, @Nullable Refusal refusal) {
    return new Caller.Known(sessions.of(session), true, refusal);
  }

  /** A refusal is on record where it is plain whose it is. */
  private Caller refused(List<Session> there, Refusal refusal) {
    return there.size() == 1 ? known(there.getFirst(), refusal) : new Caller.Stranger(refusal);
  }
}
