/**
 * The content codings that the JDK does not have, by the libraries of their makers: brotli by
 * brotli4j, zstd by zstd-jni. Found by formats as a service; uses nothing but formats.
 */
@NullMarked
package dev.tapedeck.coding;

import org.jspecify.annotations.NullMarked;
