package dev.tapedeck.api;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFactory;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.ServerChannel;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.InternetProtocolFamily;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.vertx.core.net.SocketAddress;
import io.vertx.core.transport.Transport;
import java.util.List;

/**
 * Vert.x's own network, where {@link Connections} is asked about each TCP client as it is accepted:
 * Vert.x itself tells of a client only when it has sent something.
 */
final class CountingTransport implements Transport {

  private final Connections connections;

  CountingTransport(Connections connections) {
    this.connections = connections;
  }

  @Override
  public String name() {
    return "nio, counted";
  }

  @Override
  public boolean available() {
    return true;
  }

  @Override
  @SuppressWarnings("NullAway") // Vert.x wants null where nothing is wrong
  public Throwable unavailabilityCause() {
    return null;
  }

  @Override
  public io.vertx.core.spi.transport.Transport implementation() {
    return new Counting(Transport.NIO.implementation());
  }

  private final class Counting implements io.vertx.core.spi.transport.Transport {

    private final io.vertx.core.spi.transport.Transport nio;

    Counting(io.vertx.core.spi.transport.Transport nio) {
      this.nio = nio;
    }

    @Override
    public boolean supportsDomainSockets() {
      return nio.supportsDomainSockets();
    }

    @Override
    public java.net.SocketAddress convert(SocketAddress address) {
      return nio.convert(address);
    }

    @Override
    public SocketAddress convert(java.net.SocketAddress address) {
      return nio.convert(address);
    }

    @Override
    public IoHandlerFactory ioHandlerFactory() {
      return nio.ioHandlerFactory();
    }

    @Override
    @SuppressWarnings("deprecation") // as the interface has it
    public DatagramChannel datagramChannel(InternetProtocolFamily family) {
      return nio.datagramChannel(family);
    }

    @Override
    public ChannelFactory<? extends DatagramChannel> datagramChannelFactory() {
      return nio.datagramChannelFactory();
    }

    @Override
    public ChannelFactory<? extends Channel> channelFactory(boolean domainSocket) {
      return nio.channelFactory(domainSocket);
    }

    @Override
    public ChannelFactory<? extends ServerChannel> serverChannelFactory(boolean domainSocket) {
      return domainSocket ? nio.serverChannelFactory(true) : Counted::new;
    }
  }

  /** A listener that closes what it may not keep. */
  private final class Counted extends NioServerSocketChannel {
    @Override
    protected int doReadMessages(List<Object> accepted) throws Exception {
      int before = accepted.size(); // those that it has accepted already and not handed on yet
      int read = super.doReadMessages(accepted);
      accepted.subList(before, accepted.size()).removeIf(this::turnedAway);
      return read;
    }

    private boolean turnedAway(Object accepted) {
      if (accepted instanceof SocketChannel client && !connections.accept(client)) {
        client.unsafe().closeForcibly();
        return true;
      }
      return false;
    }
  }
}
