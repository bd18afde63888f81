package dev.tapedeck.catalog;

import dev.tapedeck.session.BackgroundThreads;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The catalog's one writer: a platform thread, since SQLite's native calls would pin a virtual one,
 * behind a bounded queue, since no session waits for the catalog.
 *
 * <p>What waits is written in batches of one transaction. Where somebody else holds the database
 * for long, as {@code reindex} does, the writer keeps trying; what fails for any other reason is
 * logged and counted, and {@code reindex} makes up for it.
 */
final class WriteQueue {

  /** How many changes go into one transaction. */
  private static final int BATCH = 256;

  /** How long a locked database is waited for before a batch is given up. */
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  /** How long {@link #close} waits for what is queued. */
  private static final Duration CLOSE_LIMIT = Duration.ofSeconds(10);

  /** One in so many losses is logged, after the first. */
  private static final int LOG_EVERY = 1000;

  private static final Logger log = LoggerFactory.getLogger(WriteQueue.class);

  private final Jdbi jdbi;
  private final Path file;
  private final BlockingQueue<Item> queue;
  private final Thread thread;
  private final AtomicLong dropped = new AtomicLong();
  private final AtomicLong failed = new AtomicLong();
  private volatile boolean closing;
  private @Nullable Handle handle;

  private sealed interface Item {}

  /**
   * @param alone in a transaction of its own, because it takes long: others wait for the lock
   */
  private record Change(Consumer<Handle> statements, boolean alone) implements Item {}

  /**
   * A change of the kind that comes often: several of one table are written at once.
   *
   * @param alone as of a {@link Change}
   */
  private record Row<T>(Table<T> table, T row, boolean alone) implements Item {

    void lost() {
      table.lost(row);
    }
  }

  /** Takes rows of one kind. */
  interface Table<T> {

    /** Writes them; more than once, if a transaction is tried again. */
    void put(Handle handle, List<T> rows);

    /** This one is given up. */
    void lost(T row);
  }

  private record Mark(CountDownLatch reached) implements Item {}

  private record End() implements Item {}

  WriteQueue(Jdbi jdbi, Path file, int limit) {
    this.jdbi = jdbi;
    this.file = file;
    this.queue = new ArrayBlockingQueue<>(limit);
    this.thread = Thread.ofPlatform().name("catalog-writer").daemon().unstarted(this::run);
  }

  void start() {
    thread.start();
  }

  /** Queues a change; never waits. False if there is no room for it. */
  boolean add(Consumer<Handle> change) {
    return add(new Change(change, false));
  }

  /** As {@link #add}, for a change that takes long. */
  boolean addLong(Consumer<Handle> change) {
    return add(new Change(change, true));
  }

  /** As {@link #add}, for one row of many. */
  <T> boolean addRow(Table<T> table, T row, boolean alone) {
    return add(new Row<>(table, row, alone));
  }

  private boolean add(Item change) {
    if (closing || !queue.offer(change)) {
      long count = dropped.incrementAndGet();
      if (count == 1 || count % LOG_EVERY == 0) {
        log.warn(
            "the catalog {} does not keep up: {} changes are lost to it until 'tapedeck reindex'",
            file,
            count);
      }
      return false;
    }
    return true;
  }

  long dropped() {
    return dropped.get();
  }

  long failed() {
    return failed.get();
  }

  int waiting() {
    return queue.size();
  }

  /** Waits until everything that was queued before is written, or has failed; false if not so. */
  boolean flush(Duration limit) {
    CountDownLatch reached = new CountDownLatch(1);
    long deadline = System.nanoTime() + limit.toNanos();
    try {
      return thread.isAlive()
          && queue.offer(new Mark(reached), limit.toNanos(), TimeUnit.NANOSECONDS)
          && reached.await(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** Writes what is queued, as far as that goes within the limit, and ends the thread. */
  void close() {
    closing = true;
    try {
      if (queue.offer(new End(), CLOSE_LIMIT.toMillis(), TimeUnit.MILLISECONDS)) {
        thread.join(CLOSE_LIMIT);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (thread.isAlive()) {
      log.warn("{} changes did not reach the catalog {}: run 'tapedeck reindex'", waiting(), file);
    }
  }

  private void run() {
    List<Item> items = new ArrayList<>(BATCH);
    boolean ended = false;
    boolean first = true;
    while (!ended) {
      try {
        items.add(queue.take());
        if (first) {
          // Not before there is work: a command that only reads has no use for it.
          BackgroundThreads.yieldMore(BackgroundThreads.PASSED);
          first = false;
        }
        queue.drainTo(items, BATCH - 1);
        ended = work(items);
        items.clear();
      } catch (InterruptedException e) {
        // Nobody has reason to interrupt this thread; whoever does wants it to end.
        log.warn("the catalog's writer was interrupted and ends");
        ended = true;
      }
    }
    closeHandle();
  }

  /** Writes a batch and tells those who wait for it; true at the end of all. */
  private boolean work(List<Item> items) {
    List<Item> changes = new ArrayList<>(items.size());
    List<CountDownLatch> marks = new ArrayList<>();
    boolean ended = false;
    for (Item item : items) {
      switch (item) {
        case Change(_, boolean alone) when alone -> writeAlone(item, changes);
        case Row<?>(_, _, boolean alone) when alone -> writeAlone(item, changes);
        case Change _, Row<?> _ -> changes.add(item);
        case Mark mark -> marks.add(mark.reached);
        case End _ -> ended = true;
      }
    }
    writeAll(changes);
    marks.forEach(CountDownLatch::countDown);
    return ended;
  }

  private void writeAlone(Item change, List<Item> before) {
    writeAll(before);
    before.clear();
    writeAll(List.of(change));
  }

  private void writeAll(List<Item> changes) {
    if (!changes.isEmpty()) {
      write(changes);
    }
  }

  private void write(List<Item> changes) {
    try {
      transact(changes);
    } catch (RuntimeException | Error e) {
      if (changes.size() == 1) {
        lose(changes.getFirst(), e);
        return;
      }
      // One bad change must not take the others with it.
      for (Item change : changes) {
        write(List.of(change));
      }
    }
  }

  private void transact(List<Item> changes) {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (true) {
      try {
        handle().useTransaction(open -> put(open, changes));
        return;
      } catch (RuntimeException e) {
        closeHandle();
        // Each try has itself waited for the lock as long as the options say.
        if (!CatalogException.isBusy(e) || closing || System.nanoTime() > deadline) {
          throw e;
        }
      }
    }
  }

  private static void put(Handle open, List<Item> changes) {
    for (int i = 0; i < changes.size(); ) {
      switch (changes.get(i)) {
        case Row<?> first -> i += put(open, first, changes.subList(i, changes.size()));
        case Change change -> {
          change.statements.accept(open);
          i++;
        }
        case Mark _, End _ -> throw new IllegalStateException("no change");
      }
    }
  }

  /** Writes those rows at the beginning that are of one table; how many they are. */
  private static <T> int put(Handle open, Row<T> first, List<Item> changes) {
    List<T> rows = new ArrayList<>();
    for (Item item : changes) {
      if (!(item instanceof Row<?> row) || !row.table.equals(first.table)) {
        break;
      }
      @SuppressWarnings("unchecked") // of one table
      T next = (T) row.row;
      rows.add(next);
    }
    first.table.put(open, rows);
    return rows.size();
  }

  private void lose(Item change, Throwable e) {
    if (change instanceof Row<?> row) {
      row.lost();
    }
    long count = failed.incrementAndGet();
    if (count == 1 || count % LOG_EVERY == 0) {
      String reason =
          e instanceof RuntimeException failed
              ? CatalogException.of(file, failed).getMessage()
              : "the catalog " + file + " takes no change: " + e;
      log.warn("{}; {} changes are lost to it until 'tapedeck reindex'", reason, count);
    }
  }

  private Handle handle() {
    Handle open = handle;
    if (open == null) {
      open = jdbi.open();
      handle = open;
    }
    return open;
  }

  private void closeHandle() {
    Handle open = handle;
    handle = null;
    if (open != null) {
      try {
        open.close();
      } catch (RuntimeException e) {
        log.debug("a connection to the catalog did not close: {}", e.getMessage());
      }
    }
  }
}
