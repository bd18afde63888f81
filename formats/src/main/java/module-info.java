/** Codecs for recordings. */
@org.jspecify.annotations.NullMarked
module dev.tapedeck.formats {
  requires static transitive org.jspecify;
  requires transitive tools.jackson.core;

  exports dev.tapedeck.formats.bytes;
  exports dev.tapedeck.formats.cast;
  exports dev.tapedeck.formats.coding;
  exports dev.tapedeck.formats.har;
  exports dev.tapedeck.formats.json;
  exports dev.tapedeck.formats.llm;
  exports dev.tapedeck.formats.sse;

  uses dev.tapedeck.formats.coding.Codecs;
}
