package dev.tapedeck.catalog;

import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.jdbi.v3.core.Handle;

/**
 * Exchanges on their way to the writer, with no more of what they said than a limit. Safe for use
 * by many threads.
 */
final class ExchangeQueue {

  /** More said in one exchange is written alone, for others wait for the lock. */
  private static final int LONG_CHARS = 64 * 1024;

  private final WriteQueue queue;
  private final long textLimit;
  private final AtomicLong chars = new AtomicLong();
  private final WriteQueue.Table<Waiting> table = new Rows();

  /**
   * One of them.
   *
   * @param counted whether {@link #chars} has what it said
   */
  private record Waiting(Exchange exchange, AtomicBoolean counted) {}

  ExchangeQueue(WriteQueue queue, long textLimit) {
    this.queue = queue;
    this.textLimit = textLimit;
  }

  /**
   * Queues an exchange with what was said in it.
   *
   * @return false if there is no room for what was said
   */
  boolean add(Exchange exchange) {
    long said = exchange.said().size();
    if (chars.addAndGet(said) > textLimit) {
      chars.addAndGet(-said);
      queue.add(handle -> ExchangeRows.put(handle, List.of(exchange)));
      return false;
    }
    Waiting waiting = new Waiting(exchange, new AtomicBoolean(true));
    boolean taken = queue.addRow(table, waiting, said > LONG_CHARS);
    if (!taken) {
      waitsNoLonger(waiting);
    }
    return taken;
  }

  private final class Rows implements WriteQueue.Table<Waiting> {

    @Override
    public void put(Handle handle, List<Waiting> rows) {
      rows.forEach(ExchangeQueue.this::waitsNoLonger);
      SessionIndexer.exchanges(handle, rows.stream().map(Waiting::exchange).toList());
    }

    @Override
    public void lost(Waiting row) {
      waitsNoLonger(row);
    }
  }

  private void waitsNoLonger(Waiting waiting) {
    // Only once: what fails is tried again.
    if (waiting.counted.getAndSet(false)) {
      chars.addAndGet(-waiting.exchange.said().size());
    }
  }
}
