package io.straightedge.deploy.server;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/** A self-signed certificate with its key, made by the keytool of this Java, and what a client makes of it. */
final class Certificates {

    private static final char[] PASSWORD = "changeit".toCharArray();

    final Path pem;
    final Path key;
    private final KeyStore store;

    private Certificates(Path pem, Path key, KeyStore store) {
        this.pem = pem;
        this.key = key;
        this.store = store;
    }

    static Certificates make(Path folder, String name) throws Exception {
        Path file = folder.resolve(name + ".p12");
        Process process = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-alias",
                        "it",
                        "-keyalg",
                        "EC",
                        "-groupname",
                        "secp256r1",
                        "-validity",
                        "2",
                        "-dname",
                        "CN=" + name,
                        "-ext",
                        "SAN=dns:localhost,ip:127.0.0.1",
                        "-storetype",
                        "PKCS12",
                        "-keystore",
                        file.toString(),
                        "-storepass",
                        new String(PASSWORD)))
                .redirectErrorStream(true)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (!process.waitFor(60, TimeUnit.SECONDS) || process.exitValue() != 0) {
            throw new IllegalStateException("keytool said: " + said);
        }
        KeyStore store = KeyStore.getInstance(file.toFile(), PASSWORD);
        Path pem = folder.resolve(name + ".pem");
        Path key = folder.resolve(name + ".key");
        write(pem, "CERTIFICATE", store.getCertificate("it").getEncoded());
        write(key, "PRIVATE KEY", store.getKey("it", PASSWORD).getEncoded());
        return new Certificates(pem, key, store);
    }

    TlsFiles files(@Nullable Path clientCa) {
        return new TlsFiles(pem, key, clientCa);
    }

    /** A client that trusts this certificate and shows another, if one is given. */
    SSLContext client(@Nullable Certificates shown, String protocol) throws GeneralSecurityException, IOException {
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        Certificate certificate = store.getCertificate("it");
        trusted.setCertificateEntry("it", certificate);
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(trusted);
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        if (shown != null) {
            keys.init(shown.store, PASSWORD);
        }
        SSLContext context = SSLContext.getInstance(protocol);
        context.init(shown == null ? null : keys.getKeyManagers(), trust.getTrustManagers(), null);
        return context;
    }

    String subject() throws GeneralSecurityException {
        return ((X509Certificate) store.getCertificate("it"))
                .getSubjectX500Principal()
                .getName();
    }

    private static void write(Path file, String label, byte[] content) throws IOException {
        String body = Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII))
                .encodeToString(content);
        Files.writeString(file, "-----BEGIN " + label + "-----\n" + body + "\n-----END " + label + "-----\n");
    }
}
