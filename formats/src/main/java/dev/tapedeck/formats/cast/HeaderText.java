package dev.tapedeck.formats.cast;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Writes the first line of a recording, in either version. */
final class HeaderText {

  private final LineBuffer out;
  private boolean first = true;

  private HeaderText(LineBuffer out) {
    this.out = out;
  }

  static void append(CastHeader header, LineBuffer out) {
    HeaderText text = new HeaderText(out);
    out.raw('{');
    if (header.version() == 2) {
      text.version2(header.usable());
    } else {
      text.version3(header.usable());
    }
    out.raw("}\n");
  }

  private void version2(CastHeader header) {
    number("version", 2L);
    number("width", (long) header.width());
    number("height", (long) header.height());
    number("timestamp", header.timestamp());
    decimal("duration", header.duration());
    common(header);
    theme(header.theme());
  }

  private void version3(CastHeader header) {
    number("version", 3L);
    name("term").raw('{');
    first = true;
    number("cols", (long) header.width());
    number("rows", (long) header.height());
    text("type", header.termType());
    text("version", header.termVersion());
    theme(header.theme());
    out.raw('}');
    number("timestamp", header.timestamp());
    common(header);
  }

  private void common(CastHeader header) {
    decimal("idle_time_limit", header.idleTimeLimit());
    text("command", header.command());
    text("title", header.title());
    if (!header.env().isEmpty()) {
      name("env").raw('{');
      first = true;
      for (Map.Entry<String, String> entry : header.env().entrySet()) {
        text(entry.getKey(), entry.getValue());
      }
      out.raw('}');
    }
  }

  /** A theme needs both colours and a palette: asciinema refuses a file with half of one. */
  private void theme(@Nullable CastTheme theme) {
    if (theme == null || theme.fg() == null || theme.bg() == null || theme.palette() == null) {
      return;
    }
    name("theme").raw('{');
    first = true;
    text("fg", theme.fg());
    text("bg", theme.bg());
    text("palette", theme.palette());
    out.raw('}');
  }

  private void number(String name, @Nullable Long value) {
    if (value != null) {
      name(name).raw(Long.toString(value));
    }
  }

  private void decimal(String name, @Nullable Double value) {
    if (value != null) {
      name(name).raw(Double.toString(value));
    }
  }

  private void text(String name, @Nullable String value) {
    if (value != null) {
      name(name).text(value);
    }
  }

  private LineBuffer name(String name) {
    if (!first) {
      out.raw(", ");
    }
    first = false;
    return out.text(name).raw(": ");
  }
}
