/**
 * The built-in engine: sandboxes from Linux namespaces, made with util-linux's own commands and a
 * small shell script, without a container engine.
 */
@NullMarked
package dev.tapedeck.sandbox.namespace;

import org.jspecify.annotations.NullMarked;
