@org.jspecify.annotations.NullMarked
package dev.tapedeck.formats.coding;
