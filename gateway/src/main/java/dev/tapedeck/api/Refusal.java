package dev.tapedeck.api;

import dev.tapedeck.event.HttpHeader;
import dev.tapedeck.formats.json.Json.Null;
import dev.tapedeck.formats.json.Json.Obj;
import dev.tapedeck.formats.json.Json.Str;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An answer that the gateway gives in an upstream's place, in the shape in which that API writes
 * its errors, so that its clients understand it.
 *
 * @param type the kind of error in Anthropic's and OpenAI's words
 * @param code what OpenAI says beside the type, or null
 * @param retry whether it may go better soon
 */
record Refusal(
    int status, String reason, String type, String message, @Nullable String code, boolean retry) {

  /** How much of what a client calls something is repeated to it. */
  private static final int MAX_NAME_CHARS = 200;

  private static final int TOO_MANY = 429;

  /** In OpenAI's words, what goes no better by trying again. */
  private static final String QUOTA = "insufficient_quota";

  Refusal(int status, String reason, String type, String message) {
    this(status, reason, type, message, null, status >= 500);
  }

  /** As an API says that there is too much at once. */
  private static Refusal tooMany(String message) {
    return new Refusal(
        TOO_MANY, "Too Many Requests", "rate_limit_error", message, "rate_limit_exceeded", true);
  }

  static Refusal tooManyExchanges(String key, int most) {
    return tooMany(
        "tapedeck: "
            + most
            + " requests are under way, as many as "
            + key
            + " allows; wait for one of them to end");
  }

  /**
   * What somebody may use is used up.
   *
   * @param what the sentence's begin
   * @param left after which there is more, or null
   */
  static Refusal overBudget(String what, @Nullable Duration left) {
    String more =
        left == null
            ? "; another session has a budget of its own"
            : "; there is more in " + Math.ceilDiv(Math.max(1, left.toSeconds()), 60) + " min";
    return new Refusal(
        TOO_MANY,
        "Too Many Requests",
        "rate_limit_error",
        "tapedeck: " + what + more,
        QUOTA,
        false);
  }

  static Refusal tooManySessions(ApiLimits limits) {
    return tooMany(
        "tapedeck: too many conversations are under way at once (api.max_sessions is "
            + limits.maxSessions()
            + ", api.max_sessions_per_source "
            + limits.maxSessionsPerSource()
            + "); wait for one of them to rest");
  }

  static Refusal unreachable(Upstream upstream, String why) {
    return new Refusal(
        502,
        "Bad Gateway",
        "api_error",
        "tapedeck cannot reach " + upstream.name() + " at " + upstream.place() + ": " + why);
  }

  /** It was there, so that whoever looks for the fault looks there and not on the way to it. */
  static Refusal badAnswer(Upstream upstream, String why) {
    return new Refusal(
        502,
        "Bad Gateway",
        "api_error",
        "tapedeck: "
            + upstream.name()
            + " at "
            + upstream.place()
            + " gave no valid answer: "
            + why);
  }

  static Refusal timedOut(Upstream upstream, String why) {
    return new Refusal(
        504,
        "Gateway Timeout",
        "timeout_error",
        "tapedeck, upstream " + upstream.name() + ": " + why);
  }

  static Refusal noSession() {
    return new Refusal(
        404,
        "Not Found",
        "not_found_error",
        "tapedeck: no session has this address; it has ended, or the address is mistyped");
  }

  /** Through a sandbox's door comes what is of a session in that sandbox, and nothing else. */
  static Refusal anotherSession() {
    return new Refusal(
        403,
        "Forbidden",
        "permission_error",
        "tapedeck: this is another session's address, or that of one that has ended; in this sandbox"
            + " use the one in ANTHROPIC_BASE_URL or OPENAI_BASE_URL");
  }

  static Refusal severalThere() {
    return new Refusal(
        400,
        "Bad Request",
        "invalid_request_error",
        "tapedeck: several sessions share this sandbox, and the address does not say whose request"
            + " this is; use the one in ANTHROPIC_BASE_URL or OPENAI_BASE_URL");
  }

  static Refusal nobodyThere() {
    return new Refusal(
        403,
        "Forbidden",
        "permission_error",
        "tapedeck: nobody is logged in to this sandbox, so there is no session for this request");
  }

  /** Without a token nobody knows who it is. */
  static Refusal needsToken(String from) {
    return new Refusal(
        403,
        "Forbidden",
        "permission_error",
        "tapedeck: who calls from another machine or from a container needs a session's address,"
            + " http://HOST:PORT/s/TOKEN; the gateway's owner can let "
            + clipped(from)
            + " in without one, in api.open_to");
  }

  static Refusal noKey(String why) {
    return new Refusal(502, "Bad Gateway", "api_error", "tapedeck has no key to add: " + why);
  }

  /** What an account keeps belongs to more than one session. */
  static Refusal noKeyForThis(Upstream upstream, String method) {
    return new Refusal(
        403,
        "Forbidden",
        "permission_error",
        "tapedeck adds its key only to requests for models, and this "
            + clipped(method)
            + " is none that it knows; the gateway's owner can allow it in api.upstreams."
            + upstream.name()
            + ".key.paths");
  }

  static Refusal noWebSockets() {
    return new Refusal(
        426,
        "Upgrade Required",
        "invalid_request_error",
        "tapedeck passes HTTP and server-sent events, no WebSockets");
  }

  /** The gateway is no proxy: what would go to a host that a client names is refused. */
  static Refusal noProxy(String what) {
    return new Refusal(
        421,
        "Misdirected Request",
        "invalid_request_error",
        "tapedeck is no proxy and does not pass on "
            + what
            + "; make it the client's base address instead of its proxy");
  }

  static Refusal noPath() {
    return new Refusal(
        400,
        "Bad Request",
        "invalid_request_error",
        "tapedeck: a request is for a path that begins with a slash and has neither blanks nor #;"
            + " write them, and whatever is not ASCII, in percent encoding");
  }

  static Refusal noSteps() {
    return new Refusal(
        400,
        "Bad Request",
        "invalid_request_error",
        "tapedeck does not pass on paths with steps such as .. in them; write the path without");
  }

  /** Only a browser is led here by a name that is not known: see {@link AllowedSites}. */
  static Refusal foreignHost(String host) {
    return new Refusal(
        403,
        "Forbidden",
        "permission_error",
        "tapedeck does not answer to the name \""
            + clipped(host)
            + "\"; use its address, or add the name to api.allowed_hosts");
  }

  static Refusal foreignOrigin(String origin) {
    return new Refusal(
        403,
        "Forbidden",
        "permission_error",
        "tapedeck does not answer web pages of "
            + clipped(origin)
            + "; if they may use it, add their origin to api.allowed_origins");
  }

  /** What a client wrote, for the log and for screens: no controls, and no more than a line. */
  private static String clipped(String name) {
    String shown =
        name.length() <= MAX_NAME_CHARS ? name : name.substring(0, MAX_NAME_CHARS) + "...";
    return shown.replaceAll("[^ -~]", "?");
  }

  static Refusal undecided() {
    return new Refusal(
        404,
        "Not Found",
        "not_found_error",
        "tapedeck cannot tell which model API this path is for, and sends a key nowhere by guess;"
            + " put the upstream's name before the path, such as /openai/v1/models");
  }

  static Refusal noUpstream(String name) {
    return new Refusal(
        404,
        "Not Found",
        "not_found_error",
        "tapedeck: this path is one of the API "
            + name
            + ", and there is no upstream of that name; add api.upstreams."
            + name
            + ", or put another upstream's name before the path");
  }

  static Refusal notRecorded(String why) {
    return new Refusal(
        503,
        "Service Unavailable",
        "api_error",
        "tapedeck cannot record this, and recording.policy is strict: " + why);
  }

  /** The answer's header fields. */
  List<HttpHeader> headers(byte[] body) {
    return List.of(
        new HttpHeader("content-type", "application/json"),
        new HttpHeader("content-length", Integer.toString(body.length)),
        new HttpHeader("x-should-retry", Boolean.toString(retry)));
  }

  /** Sends the answer. */
  void send(HttpServerResponse to, byte[] body) {
    to.setStatusCode(status).setStatusMessage(reason);
    Headers.put(headers(body), to.headers());
    to.end(Buffer.buffer(body));
  }

  private String openAiType() {
    return status == TOO_MANY ? QUOTA.equals(code) ? QUOTA : "requests" : type;
  }

  private String inGooglesWords() {
    return switch (status) {
      case 400 -> "INVALID_ARGUMENT";
      case 403 -> "PERMISSION_DENIED";
      case 404 -> "NOT_FOUND";
      case TOO_MANY -> "RESOURCE_EXHAUSTED";
      default -> "UNAVAILABLE";
    };
  }

  /**
   * The body.
   *
   * @param api in whose shape: see {@link Routes.Route#api}
   */
  byte[] body(Provider api) {
    return (switch (api) {
          case OLLAMA -> new Obj().put("error", message);
          case OPENAI, AZURE ->
              new Obj()
                  .put(
                      "error",
                      new Obj()
                          .put("message", message)
                          .put("type", openAiType())
                          .put("param", Null.NULL)
                          .put("code", code == null ? Null.NULL : new Str(code)));
          case GEMINI ->
              new Obj()
                  .put(
                      "error",
                      new Obj()
                          .put("code", status)
                          .put("message", message)
                          .put("status", inGooglesWords()));
          // Anthropic's, which is as clear as any to clients of others.
          case ANTHROPIC, OTHER ->
              new Obj()
                  .put("type", "error")
                  .put("error", new Obj().put("type", type).put("message", message));
        })
        .bytes();
  }
}
