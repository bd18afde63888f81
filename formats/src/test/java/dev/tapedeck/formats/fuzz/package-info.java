/** What the fuzz targets share, here and in the gateway. */
@NullMarked
package dev.tapedeck.formats.fuzz;

import org.jspecify.annotations.NullMarked;
