/**
 * The commands, one class each, and what they share. They write to {@link
 * dev.tapedeck.cli.commands.Console} only.
 */
@NullMarked
package dev.tapedeck.cli.commands;

import org.jspecify.annotations.NullMarked;
