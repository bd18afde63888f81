package dev.tapedeck.testing;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** Signs certificates that only those trust who are told to. */
public final class Authority {

  private static final AtomicLong SERIAL = new AtomicLong(1);
  private static final Duration DAY = Duration.ofDays(1);

  private final KeyPair keys;
  private final X500Principal name;
  private final X509Certificate certificate;

  /** One with a key of its own. */
  public Authority(String name) {
    this.keys = keys();
    this.name = new X500Principal("CN=" + name);
    this.certificate = sign(keys, this.name, Instant.now().plus(DAY), true);
  }

  /** What a server shows, first its own certificate, and its key. */
  public record Identity(PrivateKey key, List<X509Certificate> chain) {

    public Identity {
      chain = List.copyOf(chain);
    }

    /** For servers of the JDK. */
    public SSLContext context() {
      try {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setKeyEntry("server", key, new char[0], chain.toArray(X509Certificate[]::new));
        KeyManagerFactory managers = KeyManagerFactory.getInstance("PKIX");
        managers.init(store, new char[0]);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(managers.getKeyManagers(), null, null);
        return context;
      } catch (GeneralSecurityException | IOException e) {
        throw new IllegalStateException(e);
      }
    }

    public String keyPem() {
      return pem("PRIVATE KEY", key.getEncoded());
    }

    public String chainPem() {
      StringBuilder text = new StringBuilder();
      chain.forEach(each -> text.append(pem(each)));
      return text.toString();
    }
  }

  /** A server's identity, good for a day. */
  public Identity identity(String... hosts) {
    return identity(Instant.now().plus(DAY), hosts);
  }

  /** A server's identity, good until then. */
  public Identity identity(Instant until, String... hosts) {
    KeyPair mine = keys();
    X500Principal subject = new X500Principal("CN=server");
    return new Identity(mine.getPrivate(), List.of(sign(mine, subject, until, false, hosts)));
  }

  /** A server's identity that nobody else signed. */
  public static Identity selfSigned(Instant until, String... hosts) {
    Authority self = new Authority("server");
    return new Identity(
        self.keys.getPrivate(), List.of(self.sign(self.keys, self.name, until, false, hosts)));
  }

  public X509Certificate certificate() {
    return certificate;
  }

  /** A file as people have them: with some words around the certificate. */
  public Path write(Path file) throws IOException {
    return Files.writeString(
        file, "The authority \"" + name + "\", for tests:\r\n" + pem(certificate) + "\n");
  }

  static String pem(X509Certificate certificate) {
    try {
      return pem("CERTIFICATE", certificate.getEncoded());
    } catch (CertificateEncodingException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String pem(String label, byte[] der) {
    Base64.Encoder lines = Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII));
    return "-----BEGIN %1$s-----\n%2$s\n-----END %1$s-----\n"
        .formatted(label, lines.encodeToString(der));
  }

  private static KeyPair keys() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"));
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private X509Certificate sign(
      KeyPair of, X500Principal subject, Instant until, boolean authority, String... hosts) {
    JcaX509v3CertificateBuilder builder =
        new JcaX509v3CertificateBuilder(
            name,
            BigInteger.valueOf(SERIAL.getAndIncrement()),
            Date.from(until.minus(DAY.multipliedBy(2))),
            Date.from(until),
            subject,
            of.getPublic());
    try {
      builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(authority));
      if (hosts.length > 0) {
        builder.addExtension(
            Extension.subjectAlternativeName,
            false,
            new GeneralNames(
                Arrays.stream(hosts).map(Authority::generalName).toArray(GeneralName[]::new)));
      }
      return new JcaX509CertificateConverter()
          .getCertificate(
              builder.build(
                  new JcaContentSignerBuilder("SHA256withECDSA").build(keys.getPrivate())));
    } catch (IOException | OperatorCreationException | GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static GeneralName generalName(String host) {
    boolean address = host.matches("[0-9.]+|.*:.*");
    return new GeneralName(address ? GeneralName.iPAddress : GeneralName.dNSName, host);
  }
}
