package dev.tapedeck.coding;

import com.aayushatharva.brotli4j.decoder.DecoderJNI;
import dev.tapedeck.formats.coding.DecodeException;
import dev.tapedeck.formats.coding.Output;
import dev.tapedeck.formats.coding.Stage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Brotli (RFC 7932) by Google's decoder, which gives out at once whatever the sender has flushed.
 * Windows are at most 16 MiB: the extension for larger ones is off.
 */
final class BrotliStage implements Stage {

  /**
   * So much is decoded at a time. When data is corrupt, the decoder gives nothing of the slice in
   * which the fault is.
   */
  static final int SLICE_BYTES = 256;

  private final Output output;
  private final byte[] taken = new byte[8192];
  private DecoderJNI.@Nullable Wrapper decoder;
  private boolean ended;

  BrotliStage(Output output) {
    this.output = output;
    try {
      this.decoder = new DecoderJNI.Wrapper(SLICE_BYTES);
    } catch (IOException e) {
      throw new UncheckedIOException("no memory for a brotli decoder", e);
    }
  }

  @Override
  public void feed(byte[] bytes, int offset, int length) throws DecodeException {
    DecoderJNI.Wrapper open = decoder;
    if (open == null) {
      throw new IllegalStateException("closed");
    }
    int end = offset + length;
    for (int at = offset; at < end; ) {
      if (ended) {
        throw DecodeException.corrupt("bytes follow the end of the brotli data");
      }
      int count = Math.min(SLICE_BYTES, end - at);
      ByteBuffer input = open.getInputBuffer();
      input.clear();
      input.put(bytes, at, count);
      open.push(count);
      at += count;
      drain(open);
    }
  }

  private void drain(DecoderJNI.Wrapper open) throws DecodeException {
    boolean any = false;
    boolean more = false;
    while (true) {
      switch (open.getStatus()) {
        case NEEDS_MORE_OUTPUT -> {
          any = true;
          more = true;
          write(open.pull());
        }
        case NEEDS_MORE_INPUT -> {
          if (open.hasOutput()) {
            any = true;
            more = true;
            write(open.pull());
          } else if (more) {
            // After a pull it says so as well where its own buffer has more to decode.
            more = false;
            open.push(0);
          } else {
            return;
          }
        }
        case OK -> open.push(0);
        case DONE -> {
          ended = true;
          return;
        }
        case ERROR ->
            throw DecodeException.corrupt(
                any
                    ? "bytes follow the end of the brotli data, or are not brotli data"
                    : "not brotli data");
      }
    }
  }

  private void write(ByteBuffer decoded) throws DecodeException {
    while (decoded.hasRemaining()) {
      int count = Math.min(taken.length, decoded.remaining());
      decoded.get(taken, 0, count);
      output.write(taken, 0, count);
    }
  }

  @Override
  public void finish() throws DecodeException {
    if (!ended) {
      throw DecodeException.truncated("ends inside brotli data");
    }
  }

  @Override
  public void close() {
    if (decoder != null) {
      decoder.destroy();
      decoder = null;
    }
  }
}
