package dev.tapedeck.api;

import dev.tapedeck.event.SessionId;
import dev.tapedeck.session.BackgroundThreads;
import dev.tapedeck.session.Session;
import dev.tapedeck.session.SessionInfo;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where exchanges are recorded: in the session that they are known to be of, else in one for the
 * conversation that their client names, else in one for each client address. Safe for use by many
 * threads.
 */
final class ApiSessions implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(ApiSessions.class);

  /** How often sessions that rest are looked for. */
  private static final Duration CHECK = Duration.ofSeconds(5);

  /** A client's own name for its conversation is kept as far as it is sane. */
  private static final int MAX_NAME = 128;

  /**
   * How many sessions may be ending to make room, which takes a moment of the disk: so many more
   * than may be there at once.
   */
  static final int MAX_ENDING = 32;

  private final Starter starter;
  private final ApiOptions options;
  private final Consumer<SessionId> ended;
  private final ExecutorService threads;
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("api-sessions").factory());
  private final Coalescer batches = new Coalescer(timer);
  private final Map<SessionId, CaptureQueue> joined = new ConcurrentHashMap<>();

  private final Semaphore ending = new Semaphore(MAX_ENDING);

  /** By what names them; held by itself. */
  private final Map<String, Own> own = new HashMap<>();

  /** Starts a session that is recorded. */
  @FunctionalInterface
  interface Starter {
    Session start(SessionInfo info) throws IOException;
  }

  /** A session that begins with an exchange and ends when none has come for long. */
  private final class Own {
    final SessionInfo info;
    final String host;
    final CaptureQueue feed;
    volatile @Nullable Session session;
    int open;
    long lastUse = System.nanoTime();

    Own(SessionInfo info, String host) {
      this.info = info;
      this.host = host;
      this.feed = new CaptureQueue(threads, batches, this::start, options.queueBytes());
    }

    private Session start() throws IOException {
      Session started = starter.start(info);
      session = started;
      return started;
    }

    void end(String reason) {
      feed.finish();
      ended.accept(info.id());
      Session started = session;
      if (started != null) {
        try {
          started.end(reason);
        } catch (IOException e) {
          LOG.warn("Session {} was not sealed: {}", info.id(), e.getMessage());
        }
      }
    }
  }

  /**
   * Where an exchange is recorded, for as long as it lasts.
   *
   * @param session the session's
   */
  record Place(SessionInfo session, CaptureQueue feed, Runnable release) {

    /** The same, with something else to do at the end. */
    Place andThen(Runnable more) {
      return new Place(
          session,
          feed,
          () -> {
            release.run();
            more.run();
          });
    }
  }

  ApiSessions(Starter starter, ApiOptions options, Consumer<SessionId> ended) {
    this.ended = ended;
    this.starter = starter;
    this.options = options;
    // Under the strict policy a stream waits for its recorder.
    this.threads =
        Executors.newCachedThreadPool(
            options.strict()
                ? Thread.ofPlatform().daemon().name("api-record-", 0).factory()
                : BackgroundThreads.factory("api-record-", BackgroundThreads.PASSING));
    timer.scheduleWithFixedDelay(
        this::endIdle, CHECK.toMillis(), CHECK.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** The place of an exchange of a sandbox's or a run's session. */
  Place of(Session session) {
    return new Place(session.info(), feedOf(session), () -> {});
  }

  private CaptureQueue feedOf(Session session) {
    SessionId id = session.info().id();
    return joined.computeIfAbsent(
        id,
        _ -> {
          CaptureQueue feed =
              new CaptureQueue(threads, batches, () -> session, options.queueBytes());
          session.beforeEnd(() -> {
            feed.finish();
            joined.remove(id);
            ended.accept(id);
          });
          return feed;
        });
  }

  /**
   * The place of any other exchange; none if there are too many sessions that do not rest.
   *
   * @param conversation the client's own name for it, or null
   * @param host the client's address without its port
   * @param source the same with it
   * @param agent what the client calls itself, or null
   * @param clean takes credentials out of either, before it is written anywhere
   */
  Optional<Place> unnamed(
      @Nullable String conversation,
      String host,
      String source,
      @Nullable String agent,
      UnaryOperator<String> clean) {
    String key = conversation == null ? "address " + host : "conversation " + cut(conversation);
    synchronized (own) {
      Own session = own.get(key);
      if (session == null) {
        if (!makeRoom(host)) {
          return Optional.empty();
        }
        session = new Own(info(conversation, source, agent, clean), host);
        own.put(key, session);
      }
      session.open++;
      Own there = session;
      return Optional.of(new Place(session.info, session.feed, () -> release(there)));
    }
  }

  /** Makes room for one more session; the one ends that has rested longest. */
  private boolean makeRoom(String host) {
    ApiLimits limits = options.limits();
    long ofHost = own.values().stream().filter(each -> each.host.equals(host)).count();
    return (ofHost < limits.maxSessionsPerSource() || endResting(host))
        && (own.size() < limits.maxSessions() || endResting(null));
  }

  private boolean endResting(@Nullable String host) {
    Optional<Map.Entry<String, Own>> resting =
        own.entrySet().stream()
            .filter(each -> each.getValue().open == 0)
            .filter(each -> host == null || each.getValue().host.equals(host))
            .min(Comparator.comparingLong(each -> each.getValue().lastUse));
    if (resting.isEmpty() || !ending.tryAcquire()) {
      return false;
    }
    Own over = resting.get().getValue();
    own.remove(resting.get().getKey());
    threads.execute(() -> {
      try {
        over.end("another session needed the room");
      } finally {
        ending.release();
      }
    });
    return true;
  }

  private void release(Own session) {
    synchronized (own) {
      session.open--;
      session.lastUse = System.nanoTime();
    }
  }

  private static SessionInfo info(
      @Nullable String conversation,
      String source,
      @Nullable String agent,
      UnaryOperator<String> clean) {
    Map<String, String> attributes = new HashMap<>();
    if (conversation != null) {
      attributes.put("conversation", cut(clean.apply(conversation)));
    }
    if (agent != null) {
      attributes.put("client_version", cut(clean.apply(agent)));
    }
    return new SessionInfo(SessionId.create(), "api", "api", source, Instant.now(), attributes);
  }

  private static String cut(String text) {
    return text.length() <= MAX_NAME ? text : text.substring(0, MAX_NAME);
  }

  private void endIdle() {
    List<Own> over = new ArrayList<>();
    long now = System.nanoTime();
    synchronized (own) {
      own.values()
          .removeIf(session -> {
            boolean idle =
                session.open == 0
                    && now - session.lastUse > options.limits().sessionIdleTimeout().toNanos();
            return idle && over.add(session);
          });
    }
    String reason = "no exchange for " + options.limits().sessionIdleTimeout().toMinutes() + " min";
    over.forEach(session -> threads.execute(() -> session.end(reason)));
  }

  /** Ends the sessions that began here. */
  @Override
  public void close() {
    timer.shutdownNow();
    List<Own> left;
    synchronized (own) {
      left = List.copyOf(own.values());
      own.clear();
    }
    left.parallelStream().forEach(session -> session.end("the gateway ends"));
    threads.shutdown();
  }
}
