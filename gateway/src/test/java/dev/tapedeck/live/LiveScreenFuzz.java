package dev.tapedeck.live;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tapedeck.formats.cast.CastCode;
import dev.tapedeck.formats.cast.CastEvent;
import dev.tapedeck.formats.fuzz.Input;

/** Whatever a program sends to its terminal and however that is resized: there is a picture. */
final class LiveScreenFuzz {

  private LiveScreenFuzz() {}

  public static void fuzzerTestOneInput(byte[] bytes) {
    Input input = new Input(bytes);
    LiveScreen screen = new LiveScreen(1 + input.choice(200), 1 + input.choice(100));
    for (long time = 0; !input.isEmpty(); time++) {
      boolean resize = input.choice(8) == 0;
      CastEvent event =
          resize
              ? new CastEvent(
                  time, CastCode.Known.RESIZE, input.choice(256) + "x" + input.choice(256))
              : new CastEvent(
                  time, CastCode.Known.OUTPUT, new String(input.take(input.choice(64)), UTF_8));
      screen.take(event);
    }
    Input.check(screen.picture() != null, "no picture");
  }
}
