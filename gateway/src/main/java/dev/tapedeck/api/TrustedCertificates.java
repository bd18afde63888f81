package dev.tapedeck.api;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * Whom to believe that an upstream is who it says, in place of the authorities that the system
 * knows.
 *
 * @param certificates at least one: of authorities, or of the upstream itself
 */
public record TrustedCertificates(List<X509Certificate> certificates) {

  /** What a file of them may be, for errors and help. */
  public static final String ALLOWED =
      "a PEM file with certificates (-----BEGIN CERTIFICATE-----), up to 4 MiB";

  /** Ten times what all authorities of a system take. */
  private static final int MAX_BYTES = 4 << 20;

  /** RFC 7468, section 5; what stands around it is for people. */
  private static final Pattern CERTIFICATE =
      Pattern.compile("-----BEGIN CERTIFICATE-----([A-Za-z0-9+/=\\s]*+)-----END CERTIFICATE-----");

  public TrustedCertificates {
    certificates = List.copyOf(certificates);
    if (certificates.isEmpty()) {
      throw new IllegalArgumentException("who trusts nobody reaches nobody");
    }
  }

  /**
   * Reads a PEM file.
   *
   * @throws IOException with what is wrong with the file, as the end of a sentence about it
   */
  public static TrustedCertificates read(Path file) throws IOException {
    byte[] bytes = bytes(file);
    if (bytes.length > MAX_BYTES) {
      throw new IOException("is larger than 4 MiB");
    }
    List<X509Certificate> found = new ArrayList<>();
    Matcher matcher = CERTIFICATE.matcher(new String(bytes, StandardCharsets.ISO_8859_1));
    while (matcher.find()) {
      found.add(certificate(matcher.group(1), found.size() + 1));
    }
    if (found.isEmpty()) {
      throw new IOException("holds no certificate in PEM");
    }
    return new TrustedCertificates(found);
  }

  private static byte[] bytes(Path file) throws IOException {
    if (Files.isDirectory(file)) {
      throw new IOException("is a folder");
    }
    try (InputStream in = Files.newInputStream(file)) {
      return in.readNBytes(MAX_BYTES + 1);
    } catch (NoSuchFileException e) {
      throw new IOException("is not there", e);
    } catch (AccessDeniedException e) {
      throw new IOException("cannot be read (permission denied)", e);
    } catch (IOException e) {
      throw new IOException("cannot be read (" + e.getMessage() + ")", e);
    }
  }

  private static X509Certificate certificate(String base64, int number) throws IOException {
    try {
      byte[] der = Base64.getMimeDecoder().decode(base64);
      return (X509Certificate)
          CertificateFactory.getInstance("X.509")
              .generateCertificate(new ByteArrayInputStream(der));
    } catch (CertificateException | IllegalArgumentException e) {
      throw new IOException("holds something broken as certificate " + number, e);
    }
  }

  /** What TLS asks. */
  TrustManager check() {
    try {
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(null, null);
      for (int i = 0; i < certificates.size(); i++) {
        store.setCertificateEntry("trusted-" + i, certificates.get(i));
      }
      TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
      factory.init(store);
      return new ValidityCheck((X509ExtendedTrustManager) factory.getTrustManagers()[0]);
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException("every JDK keeps certificates in memory", e);
    }
  }
}
