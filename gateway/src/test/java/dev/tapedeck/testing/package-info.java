/** What tests of several rooms share. */
package dev.tapedeck.testing;
