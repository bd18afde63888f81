package dev.tapedeck.ssh.socket;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.sshd.common.Factory;
import org.apache.sshd.common.FactoryManager;
import org.apache.sshd.common.io.IoAcceptor;
import org.apache.sshd.common.io.IoConnector;
import org.apache.sshd.common.io.IoHandler;
import org.apache.sshd.common.io.IoServiceEventListener;
import org.apache.sshd.common.io.IoServiceFactory;
import org.apache.sshd.common.io.IoServiceFactoryFactory;
import org.apache.sshd.common.util.closeable.AbstractCloseable;
import org.apache.sshd.common.util.threads.CloseableExecutorService;
import org.jspecify.annotations.Nullable;

/** Gives the library an {@link Acceptor}. The gateway calls nobody, so there is no connector. */
public final class ThreadPerConnection implements IoServiceFactoryFactory {

  private final List<Acceptor> acceptors = new CopyOnWriteArrayList<>();

  /** Stops listening; clients that are in stay. */
  public void unbind() {
    acceptors.forEach(Acceptor::unbind);
  }

  @Override
  public IoServiceFactory create(FactoryManager manager) {
    return new Services();
  }

  @Override
  public void setExecutorServiceFactory(Factory<CloseableExecutorService> factory) {
    // No pool is needed: connections bring their own threads.
  }

  private final class Services extends AbstractCloseable implements IoServiceFactory {

    private @Nullable IoServiceEventListener listener;

    @Override
    public IoConnector createConnector(IoHandler handler) {
      throw new UnsupportedOperationException("this gateway opens no connections");
    }

    @Override
    public IoAcceptor createAcceptor(IoHandler handler) {
      Acceptor acceptor = new Acceptor(handler);
      acceptor.setIoServiceEventListener(listener);
      acceptors.add(acceptor);
      return acceptor;
    }

    @Override
    public @Nullable IoServiceEventListener getIoServiceEventListener() {
      return listener;
    }

    @Override
    public void setIoServiceEventListener(@Nullable IoServiceEventListener listener) {
      this.listener = listener;
    }
  }
}
