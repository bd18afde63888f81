package dev.tapedeck.formats.cast;

import org.jspecify.annotations.Nullable;

/**
 * The colours of the terminal that was recorded, as the header of an asciicast names them.
 *
 * @param fg the text's colour, {@code #rrggbb}
 * @param bg the background's colour, {@code #rrggbb}
 * @param palette 8 or 16 colours {@code #rrggbb}, separated by colons
 */
public record CastTheme(@Nullable String fg, @Nullable String bg, @Nullable String palette) {}
