/**
 * One exchange as a machine without I/O: events in, commands out. It knows neither sockets nor
 * clocks, so tests can play every order of events against it. May use {@code event} only.
 */
@NullMarked
package dev.tapedeck.api.exchange;

import org.jspecify.annotations.NullMarked;
