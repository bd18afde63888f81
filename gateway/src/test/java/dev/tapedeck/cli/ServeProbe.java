package dev.tapedeck.cli;

import dev.tapedeck.cli.commands.Console;
import dev.tapedeck.cli.commands.Gateways;
import dev.tapedeck.cli.config.Config;
import dev.tapedeck.cli.config.Environment;
import dev.tapedeck.cli.config.Listen;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/**
 * The program with a gateway that only listens. When it ends it writes the file {@code sealed} into
 * the data folder; where there is a file {@code hang} it never ends.
 */
public final class ServeProbe {

  private ServeProbe() {}

  public static void main(String[] args) {
    Console console = Console.ofProcess();
    System.exit(
        new RootCommand(
                Environment.ofProcess(), console, ServeProbe::open, RunWiring::run, _ -> List.of())
            .run(args));
  }

  private static Gateways open(Config config) throws IOException {
    if (!(config.ssh().listen() instanceof Listen.At(String host, int port))) {
      throw new IOException("the probe listens");
    }
    ServerSocket socket = new ServerSocket();
    socket.bind(new InetSocketAddress(InetAddress.getByName(host), port));
    Path data = config.data();
    return new Gateways() {
      @Override
      public Addresses addresses() {
        return new Addresses(new Listen.At(host, socket.getLocalPort()), null, null);
      }

      @Override
      public void close() throws IOException {
        Files.createFile(data.resolve("closing"));
        if (Files.exists(data.resolve("hang"))) {
          hang();
        }
        socket.close();
        Files.createFile(data.resolve("sealed"));
      }
    };
  }

  private static void hang() throws IOException {
    try {
      new CountDownLatch(1).await();
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }
}
