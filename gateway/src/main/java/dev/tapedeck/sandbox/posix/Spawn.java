package dev.tapedeck.sandbox.posix;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import dev.tapedeck.event.Bytes;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Starts a program by posix_spawn(3): in a session of its own, so that a Ctrl-C meant for the
 * gateway does not reach it, with all signals as by default, and with no file of the gateway's but
 * those it is given.
 */
final class Spawn {

  /** Has closefrom since glibc 2.34; without it the gateway's files would leak into sandboxes. */
  private static final @Nullable MethodHandle CLOSE_FROM =
      Libc.function(
              "posix_spawn_file_actions_addclosefrom_np",
              FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT))
          .orElse(null);

  private static final MethodHandle SPAWN =
      handle(
          "posix_spawn",
          FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, ADDRESS, ADDRESS, ADDRESS, ADDRESS));
  private static final MethodHandle ACTIONS_INIT =
      handle("posix_spawn_file_actions_init", FunctionDescriptor.of(JAVA_INT, ADDRESS));
  private static final MethodHandle ACTIONS_DESTROY =
      handle("posix_spawn_file_actions_destroy", FunctionDescriptor.of(JAVA_INT, ADDRESS));
  private static final MethodHandle ADD_DUP2 =
      handle(
          "posix_spawn_file_actions_adddup2",
          FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT));
  private static final MethodHandle ADD_OPEN =
      handle(
          "posix_spawn_file_actions_addopen",
          FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT));
  private static final MethodHandle ATTR_INIT =
      handle("posix_spawnattr_init", FunctionDescriptor.of(JAVA_INT, ADDRESS));
  private static final MethodHandle ATTR_DESTROY =
      handle("posix_spawnattr_destroy", FunctionDescriptor.of(JAVA_INT, ADDRESS));
  private static final MethodHandle ATTR_FLAGS =
      handle("posix_spawnattr_setflags", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_SHORT));
  private static final MethodHandle ATTR_DEFAULTS =
      handle("posix_spawnattr_setsigdefault", FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS));
  private static final MethodHandle ATTR_MASK =
      handle("posix_spawnattr_setsigmask", FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS));

  /** Where a launcher says that it becomes the program; the program itself does not have it. */
  static final int BEGUN = 3;

  /** In place of a descriptor: the program's terminal. */
  static final int TERMINAL = -1;

  private static final short SETSIGDEF_SETSIGMASK_SETSID = 0x4 | 0x8 | 0x80;

  /** glibc's structures take 80 and 336 bytes on x86_64; room to spare. */
  private static final long STRUCTURE_BYTES = 1024;

  private static final long SIGSET_BYTES = 128;

  private Spawn() {}

  static boolean supported() {
    return CLOSE_FROM != null;
  }

  /**
   * Starts a program.
   *
   * @param command an absolute path and its arguments
   * @param environment {@code NAME=value} each
   * @param files the descriptors that become its 0, 1 and 2, or {@link #TERMINAL}; perhaps {@link
   *     #BEGUN}
   * @param terminal the path of the terminal that becomes its own, or null
   * @return the process id
   */
  static int spawn(
      List<String> command, List<Bytes> environment, int[] files, @Nullable String terminal)
      throws IOException {
    MethodHandle closeFrom = CLOSE_FROM;
    if (closeFrom == null) {
      throw new IOException("the C library is older than glibc 2.34");
    }
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment actions = arena.allocate(STRUCTURE_BYTES, 16);
      MemorySegment attributes = attributes(arena);
      int _ = (int) ACTIONS_INIT.invokeExact(actions);
      try {
        // The first terminal that a session's leader opens becomes the session's own.
        MemorySegment tty = arena.allocateFrom(terminal == null ? "/dev/null" : terminal);
        for (int target = 0; target < files.length; target++) {
          int error =
              files[target] == TERMINAL
                  ? (int) ADD_OPEN.invokeExact(actions, target, tty, Libc.O_RDWR, 0)
                  : (int) ADD_DUP2.invokeExact(actions, files[target], target);
          check("a standard file", error);
        }
        check("closefrom", (int) closeFrom.invokeExact(actions, files.length));
        MemorySegment pid = arena.allocate(JAVA_INT);
        MemorySegment path = arena.allocateFrom(command.getFirst());
        MemorySegment argv = strings(arena, command.stream().map(Bytes::of).toList());
        MemorySegment envp = strings(arena, environment);
        int error = (int) SPAWN.invokeExact(pid, path, actions, attributes, argv, envp);
        check("cannot start " + command.getFirst(), error);
        return pid.get(JAVA_INT, 0);
      } finally {
        int _ = (int) ACTIONS_DESTROY.invokeExact(actions);
        int _ = (int) ATTR_DESTROY.invokeExact(attributes);
      }
    } catch (IOException | RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }

  private static MemorySegment attributes(Arena arena) throws Throwable {
    MemorySegment attributes = arena.allocate(STRUCTURE_BYTES, 16);
    MemorySegment none = arena.allocate(SIGSET_BYTES, 8);
    MemorySegment all = arena.allocate(SIGSET_BYTES, 8).fill((byte) 0xff);
    int _ = (int) ATTR_INIT.invokeExact(attributes);
    check("flags", (int) ATTR_FLAGS.invokeExact(attributes, SETSIGDEF_SETSIGMASK_SETSID));
    check("signals", (int) ATTR_DEFAULTS.invokeExact(attributes, all));
    check("signal mask", (int) ATTR_MASK.invokeExact(attributes, none));
    return attributes;
  }

  private static void check(String what, int error) throws IOException {
    if (error != 0) {
      throw Errors.of(what, -error);
    }
  }

  /** An array of C strings with a null at its end. */
  private static MemorySegment strings(Arena arena, List<Bytes> texts) {
    MemorySegment array = arena.allocate(ADDRESS, texts.size() + 1L);
    for (int i = 0; i < texts.size(); i++) {
      Bytes text = texts.get(i);
      // Zeroed, so that the last byte ends it.
      MemorySegment string = arena.allocate(text.length() + 1L);
      MemorySegment.copy(text.array(), text.offset(), string, JAVA_BYTE, 0, text.length());
      array.setAtIndex(ADDRESS, i, string);
    }
    array.setAtIndex(ADDRESS, texts.size(), MemorySegment.NULL);
    return array;
  }

  private static MethodHandle handle(String name, FunctionDescriptor descriptor) {
    return Libc.function(name, descriptor)
        .orElseThrow(() -> new UnsatisfiedLinkError("the C library has no " + name));
  }
}
