package dev.tapedeck.formats.har;

/** A header field as it stood on the wire. */
public record HarField(String name, String value) {}
