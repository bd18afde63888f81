package dev.tapedeck.ssh;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 30, unit = TimeUnit.SECONDS)
class InputQueueTest {

  @Test
  void whatWasPutAndThenTheEnd() throws Exception {
    InputQueue queue = new InputQueue();
    queue.put("hello world".getBytes(US_ASCII), 0, 5);
    queue.put(" again".getBytes(US_ASCII), 0, 6);
    queue.end();
    queue.put(new byte[5], 0, 5);
    byte[] buffer = new byte[4];
    StringBuilder all = new StringBuilder();
    int count;
    while ((count = queue.read(buffer)) >= 0) {
      all.append(new String(buffer, 0, count, US_ASCII));
    }
    assertThat(all.toString()).isEqualTo("hello again");
  }
}
