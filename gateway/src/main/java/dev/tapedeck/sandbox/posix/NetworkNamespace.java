package dev.tapedeck.sandbox.posix;

import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Sockets in the network namespaces of other processes. A socket stays in the namespace in which it
 * was made, whoever holds it (network_namespaces(7)); so one thread goes there, makes it, and ends,
 * and any other may use it.
 */
public final class NetworkNamespace {

  private static final int CLONE_NEWNET = 0x40000000;

  /** Capability numbers, capabilities(7). */
  private static final int CAP_NET_ADMIN = 12;

  private static final int CAP_SYS_ADMIN = 21;

  /** {@code struct ifreq} and its calls, netdevice(7). */
  private static final long IFREQ_BYTES = 40;

  private static final long IFREQ_FLAGS = 16;
  private static final long SIOCGIFFLAGS = 0x8913;
  private static final long SIOCSIFFLAGS = 0x8914;
  private static final short IFF_UP = 1;

  /** It takes a fraction of a millisecond; a busy machine may take longer. */
  private static final long PATIENCE_SECONDS = 10;

  private static final long STACK_BYTES = 256 * 1024;

  private NetworkNamespace() {}

  /** Whether this process has the capabilities to enter the namespaces of others. */
  public static boolean mayEnter() {
    try {
      String effective =
          Files.readAllLines(Path.of("/proc/thread-self/status")).stream()
              .filter(line -> line.startsWith("CapEff:"))
              .findFirst()
              .orElse("CapEff: 0");
      long set = Long.parseUnsignedLong(effective.substring("CapEff:".length()).strip(), 16);
      return (set >> CAP_SYS_ADMIN & 1) == 1 && (set >> CAP_NET_ADMIN & 1) == 1;
    } catch (IOException _) {
      return false; // no /proc: there are no namespaces to be found either
    }
  }

  /**
   * Listens on 127.0.0.1 in the network namespace of a process, and switches its loopback device
   * on.
   *
   * @param port which to take; where it is taken, the system chooses another
   * @param backlog how many connections may wait to be accepted
   */
  public static ServerSocketChannel listen(int pid, int port, int backlog) throws IOException {
    // The JDK looks at the network when it makes its first socket, and shall not look at that one.
    ServerSocketChannel.open(StandardProtocolFamily.INET).close();
    CompletableFuture<ServerSocketChannel> made = new CompletableFuture<>();
    Thread.ofPlatform()
        .name("into-network-" + pid)
        .daemon()
        .stackSize(STACK_BYTES)
        .start(() -> {
          try {
            enter(pid);
            made.complete(listenHere(port, backlog));
          } catch (IOException | RuntimeException | Error e) {
            made.completeExceptionally(e);
          }
        });
    try {
      return made.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      throw new IOException(reason(e), e);
    } catch (TimeoutException e) {
      abandon(made);
      throw new IOException("its network was not entered within " + PATIENCE_SECONDS + " s", e);
    } catch (InterruptedException e) {
      abandon(made);
      Thread.currentThread().interrupt();
      throw new IOException("interrupted on the way into its network", e);
    }
  }

  private static String reason(ExecutionException e) {
    Throwable cause = e.getCause();
    return String.valueOf((cause == null ? e : cause).getMessage());
  }

  private static void abandon(CompletableFuture<ServerSocketChannel> late) {
    var _ =
        late.thenAccept(channel -> {
          try {
            channel.close();
          } catch (IOException e) {
            throw new IllegalStateException("closing a socket that nobody waits for", e);
          }
        });
  }

  /** Only for threads that end afterwards: there is no way back. */
  private static void enter(int pid) throws IOException {
    int namespace =
        Errors.check(
            "cannot open its network", Libc.open("/proc/" + pid + "/ns/net", Libc.O_CLOEXEC));
    try {
      Errors.check("cannot enter its network", Libc.setns(namespace, CLONE_NEWNET));
    } finally {
      Libc.close(namespace);
    }
  }

  private static ServerSocketChannel listenHere(int port, int backlog) throws IOException {
    switchLoopbackOn();
    ServerSocketChannel channel = ServerSocketChannel.open(StandardProtocolFamily.INET);
    InetAddress loopback = InetAddress.ofLiteral("127.0.0.1");
    try {
      try {
        channel.bind(new InetSocketAddress(loopback, port), backlog);
      } catch (BindException _) {
        channel.bind(new InetSocketAddress(loopback, 0), backlog);
      }
      return channel;
    } catch (IOException e) {
      channel.close();
      throw e;
    }
  }

  private static void switchLoopbackOn() throws IOException {
    int datagram = 2 | Libc.O_CLOEXEC; // SOCK_DGRAM; SOCK_CLOEXEC is O_CLOEXEC, socket(2)
    int socket = Errors.check("cannot make a socket in its network", Libc.socket(2, datagram, 0));
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment request = arena.allocate(IFREQ_BYTES, 8);
      request.setString(0, "lo");
      Errors.check("cannot find its loopback", Libc.ioctl(socket, SIOCGIFFLAGS, request));
      short flags = request.get(JAVA_SHORT, IFREQ_FLAGS);
      if ((flags & IFF_UP) == 0) {
        request.set(JAVA_SHORT, IFREQ_FLAGS, (short) (flags | IFF_UP));
        Errors.check("cannot switch its loopback on", Libc.ioctl(socket, SIOCSIFFLAGS, request));
      }
    } finally {
      Libc.close(socket);
    }
  }
}
