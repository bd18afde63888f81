/**
 * Whole processes: the API gateway with recording against no gateway, nginx and mitmproxy, between
 * an upstream and a client of its own.
 */
@NullMarked
package dev.tapedeck.bench.api;

import org.jspecify.annotations.NullMarked;
