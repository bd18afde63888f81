package dev.tapedeck.api.redaction;

import org.jspecify.annotations.Nullable;

/** Takes out of a body, while it passes, what the names of its fields tell to be credentials. */
sealed interface FieldRedaction permits CredentialFields, FormFields, MultipartFields {

  /** A longer name is none that is looked for. */
  int MAX_NAME_BYTES = 128;

  /** So much of a credential is kept, for its mark. */
  int MAX_VALUE_BYTES = 64 * 1024;

  /** The next piece of the body without credentials, or null if there are none in it. */
  byte @Nullable [] clean(byte[] bytes, int offset, int length);

  /** Whether anything was taken out so far. */
  boolean altered();

  /** No more comes: what stands for a credential that was cut off. */
  byte[] end();
}
