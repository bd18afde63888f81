package dev.tapedeck.formats.coding;

public final class BodyDecoder implements AutoCloseable {
  public interface Sink {
    void take(byte[] b, int o, int l);
  }

  public BodyDecoder(String c, long max, Sink sink) {}

  public void feed(byte[] b, int o, int l) {}

  public Object finish() {
    return "";
  }

  public @org.jspecify.annotations.Nullable Object stopped() {
    return null;
  }

  @Override
  public void close() {}
}
