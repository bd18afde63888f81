/**
 * The configuration: the YAML file, the command line over it, the defaults under it.
 *
 * <p>Knows of the other rooms only {@code auth}, for what a user may be; the wiring makes of {@link
 * dev.tapedeck.cli.config.Config} what each room wants. Every error names file, line and column,
 * and what is allowed; no error ever holds a password.
 */
@NullMarked
package dev.tapedeck.cli.config;

import org.jspecify.annotations.NullMarked;
