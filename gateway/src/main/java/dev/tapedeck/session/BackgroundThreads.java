package dev.tapedeck.session;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.invoke.MethodHandle;
import java.util.concurrent.ThreadFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Platform threads that yield to those that carry bytes: where the processor is short, the system
 * gives them a smaller share of it. They get one all the same, so that nobody who waits for one of
 * them, at a lock, waits for long.
 *
 * <p>Java's own priorities do nothing on Linux, where a thread's nice value is what counts; a
 * thread may raise its own without any right.
 */
public final class BackgroundThreads {

  /** Of work on what passes just now, which must keep up: two thirds of another thread's share. */
  public static final int PASSING = 2;

  /** Of work on what has passed: a tenth of it. */
  public static final int PASSED = 10;

  private static final Logger LOG = LoggerFactory.getLogger(BackgroundThreads.class);

  private static final int PRIO_PROCESS = 0;
  private static final int THIS_THREAD = 0;

  private BackgroundThreads() {}

  /**
   * Makes daemon threads.
   *
   * @param prefix of their names, which a number follows
   * @param nice by how much they yield: {@link #PASSING} or {@link #PASSED}
   */
  public static ThreadFactory factory(String prefix, int nice) {
    ThreadFactory threads = Thread.ofPlatform().daemon().name(prefix, 0).factory();
    return task ->
        threads.newThread(() -> {
          yieldMore(nice);
          task.run();
        });
  }

  /** The calling thread yields from now on. */
  public static void yieldMore(int nice) {
    try {
      int result = (int) Call.SETPRIORITY.invokeExact(PRIO_PROCESS, THIS_THREAD, nice);
      if (result != 0) {
        LOG.debug("{} does not yield", Thread.currentThread().getName());
      }
    } catch (Throwable e) {
      // Without it everything works, and a stream may come a little later.
      LOG.debug("{} does not yield", Thread.currentThread().getName(), e);
    }
  }

  /** Apart, so that it is made by the first thread that needs it and not by whoever names it. */
  private static final class Call {

    @SuppressWarnings("restricted") // the C library's setpriority(2)
    private static final MethodHandle SETPRIORITY =
        Linker.nativeLinker()
            .downcallHandle(
                Linker.nativeLinker().defaultLookup().findOrThrow("setpriority"),
                FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT));

    private Call() {}
  }
}
