package dev.tapedeck.sandbox.posix;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.util.Optional;

/**
 * The C library's calls that this room needs, each as a method that returns what C returns, or
 * {@code -errno} where C returns -1. See the calls' own manual pages, section 2 and 3.
 */
@SuppressWarnings("restricted") // calling C is what this class is for
final class Libc {

  static final int EINTR = 4;
  static final int EIO = 5;
  static final int EAGAIN = 11;

  static final int O_RDWR = 2;
  static final int O_NOCTTY = 0x100;
  static final int O_NONBLOCK = 0x800;
  static final int O_CLOEXEC = 0x80000;

  static final short POLLIN = 1;
  static final short POLLOUT = 4;

  private static final Linker LINKER = Linker.nativeLinker();
  private static final SymbolLookup LOOKUP = LINKER.defaultLookup();
  private static final Linker.Option ERRNO_STATE = Linker.Option.captureCallState("errno");
  private static final MemoryLayout STATE = Linker.Option.captureStateLayout();
  private static final VarHandle ERRNO =
      STATE.varHandle(MemoryLayout.PathElement.groupElement("errno"));

  private static final MethodHandle OPEN =
      variadic("open", 2, FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT));
  private static final MethodHandle OPENAT =
      variadic("openat", 3, FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT));
  private static final MethodHandle CLOSE =
      plain("close", FunctionDescriptor.of(JAVA_INT, JAVA_INT));
  private static final MethodHandle READ =
      plain("read", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG));
  private static final MethodHandle WRITE =
      plain("write", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG));
  private static final MethodHandle POLL =
      plain("poll", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT));
  private static final MethodHandle IOCTL =
      variadic("ioctl", 2, FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG, ADDRESS));
  private static final MethodHandle FCNTL =
      variadic("fcntl", 2, FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG));
  private static final MethodHandle PIPE2 =
      plain("pipe2", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT));
  private static final MethodHandle EVENTFD =
      plain("eventfd", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT));
  private static final MethodHandle TCGETATTR =
      plain("tcgetattr", FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS));
  private static final MethodHandle TCSETATTR =
      plain("tcsetattr", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS));
  private static final MethodHandle KILL =
      plain("kill", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT));
  private static final MethodHandle WAITPID =
      plain("waitpid", FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT));
  private static final MethodHandle WAITID =
      plain("waitid", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT));
  private static final MethodHandle SETNS =
      plain("setns", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT));
  private static final MethodHandle SOCKET =
      plain("socket", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT));
  private static final MethodHandle GETEUID = plain("geteuid", FunctionDescriptor.of(JAVA_INT));
  private static final MethodHandle SYSCALL =
      variadic(
          "syscall",
          1,
          FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG));

  private Libc() {}

  /** A function that returns its error instead of setting errno, if the C library has it. */
  static Optional<MethodHandle> function(String name, FunctionDescriptor descriptor) {
    return LOOKUP.find(name).map(symbol -> LINKER.downcallHandle(symbol, descriptor));
  }

  /** Room for the error number of one thread's calls; reused from call to call. */
  static MemorySegment state(Arena arena) {
    return arena.allocate(STATE);
  }

  static int open(String path, int flags) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = state(arena);
      return result((int) OPEN.invokeExact(state, arena.allocateFrom(path), flags, 0), state);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  static int openat(int folder, String path, int flags) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = state(arena);
      return result(
          (int) OPENAT.invokeExact(state, folder, arena.allocateFrom(path), flags, 0), state);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  static int close(int fd) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = state(arena);
      return result((int) CLOSE.invokeExact(state, fd), state);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  static long read(MemorySegment state, int fd, MemorySegment buffer, long length) {
    try {
      long n = (long) READ.invokeExact(state, fd, buffer, length);
      return n < 0 ? -errno(state) : n;
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  static long write(MemorySegment state, int fd, MemorySegment buffer, long length) {
    try {
      long n = (long) WRITE.invokeExact(state, fd, buffer, length);
      return n < 0 ? -errno(state) : n;
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  /** {@code fds} holds {@code count} times int fd, short events, short revents. */
  static int poll(MemorySegment state, MemorySegment fds, long count, int timeoutMillis) {
    try {
      return result((int) POLL.invokeExact(state, fds, count, timeoutMillis), state);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  static int ioctl(int fd, long request, MemorySegment argument) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = state(arena);
      return result((int) IOCTL.invokeExact(state, fd, request, argument), state);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  static int fcntl(int fd, int command, long argument) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = state(arena);
      return result((int) FCNTL.invokeExact(state, fd, command, argument), state);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  /** Writes two ints, the reading and the writing end, into {@code ends}. */
  static int pipe2(MemorySegment ends, int flags) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = state(arena);
      return result((int) PIPE2.invokeExact(state, ends, flags), state);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  static int eventfd(int flags) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = state(arena);
      return result((int) EVENTFD.invokeExact(state, 0, flags), state);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  static int tcgetattr(int fd, MemorySegment termios) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = state(arena);
      return result((int) TCGETATTR.invokeExact(state, fd, termios), state);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  static int tcsetattr(int fd, MemorySegment termios) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = state(arena);
      return result((int) TCSETATTR.invokeExact(state, fd, 0, termios), state);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  static int kill(int pid, int signal) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = state(arena);
      return result((int) KILL.invokeExact(state, pid, signal), state);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  static int waitpid(int pid, MemorySegment status) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = state(arena);
      return result((int) WAITPID.invokeExact(state, pid, status, 0), state);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  /** Waits until the child has ended and leaves it to be reaped by {@link #waitpid}. */
  static int waitEnded(int pid) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = state(arena);
      MemorySegment info = arena.allocate(128, 8);
      int pPid = 1;
      int endedButKept = 4 | 0x01000000; // WEXITED | WNOWAIT
      return result((int) WAITID.invokeExact(state, pPid, pid, info, endedButKept), state);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  /** Waits until the child is stopped; once for each time. */
  static int waitStopped(int pid) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = state(arena);
      MemorySegment info = arena.allocate(128, 8);
      int pPid = 1;
      int stopped = 2; // WSTOPPED
      return result((int) WAITID.invokeExact(state, pPid, pid, info, stopped), state);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  /** Moves the calling thread, for good: only for platform threads that end soon. */
  static int setns(int namespace, int type) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = state(arena);
      return result((int) SETNS.invokeExact(state, namespace, type), state);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  static int socket(int domain, int type, int protocol) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = state(arena);
      return result((int) SOCKET.invokeExact(state, domain, type, protocol), state);
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  static int geteuid() {
    try (Arena arena = Arena.ofConfined()) {
      return (int) GETEUID.invokeExact(state(arena));
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  /** For calls that glibc has no function for. */
  static long syscall(long number, long first, long second, long third, long fourth) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = state(arena);
      long n = (long) SYSCALL.invokeExact(state, number, first, second, third, fourth);
      return n < 0 ? -errno(state) : n;
    } catch (Throwable e) {
      throw unexpected(e);
    }
  }

  private static int result(int returned, MemorySegment state) {
    return returned < 0 ? -errno(state) : returned;
  }

  private static int errno(MemorySegment state) {
    return (int) ERRNO.get(state, 0L);
  }

  private static MethodHandle plain(String name, FunctionDescriptor descriptor) {
    return LINKER.downcallHandle(LOOKUP.findOrThrow(name), descriptor, ERRNO_STATE);
  }

  private static MethodHandle variadic(String name, int fixed, FunctionDescriptor descriptor) {
    return LINKER.downcallHandle(
        LOOKUP.findOrThrow(name), descriptor, ERRNO_STATE, Linker.Option.firstVariadicArg(fixed));
  }

  private static RuntimeException unexpected(Throwable e) {
    if (e instanceof Error error) {
      throw error;
    }
    return e instanceof RuntimeException runtime ? runtime : new IllegalStateException(e);
  }
}
