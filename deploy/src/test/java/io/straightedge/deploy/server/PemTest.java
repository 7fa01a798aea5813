package io.straightedge.deploy.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.InvalidKeyException;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class PemTest {

    @TempDir
    private Path folder;

    @Test
    void key_encryptedOldOrForeign_isRefusedInWords() throws Exception {
        Certificates own = Certificates.make(folder, "own");
        X509Certificate certificate = Pem.certificates(Files.readAllBytes(own.pem))[0];
        String key = Files.readString(own.key);
        assertThat(Pem.key(key.getBytes(StandardCharsets.US_ASCII), certificate).getAlgorithm())
                .isEqualTo("EC");
        for (String label : new String[] {"RSA PRIVATE KEY", "ENCRYPTED PRIVATE KEY", "EC PRIVATE KEY"}) {
            byte[] other = key.replace("PRIVATE KEY", label).getBytes(StandardCharsets.US_ASCII);
            assertThatThrownBy(() -> Pem.key(other, certificate))
                    .isInstanceOf(InvalidKeyException.class)
                    .hasMessageContaining("openssl pkcs8");
        }
        Certificates foreign = Certificates.make(folder, "foreign");
        assertThatThrownBy(() -> Pem.key(Files.readAllBytes(foreign.key), certificate))
                .isInstanceOf(InvalidKeyException.class)
                .hasMessageContaining("another certificate");
    }

    @Test
    void certificates_chainOrNone_areAllOrRefused() throws Exception {
        byte[] one = Files.readAllBytes(Certificates.make(folder, "own").pem);
        byte[] two = (new String(one, StandardCharsets.US_ASCII) + new String(one, StandardCharsets.US_ASCII))
                .getBytes(StandardCharsets.US_ASCII);
        assertThat(Pem.certificates(two)).hasSize(2);
        assertThatThrownBy(() -> Pem.certificates(new byte[0])).isInstanceOf(CertificateException.class);
        byte[] key = Files.readAllBytes(Certificates.make(folder, "other").key);
        assertThatThrownBy(() -> Pem.certificates(key))
                .as("the two files swapped")
                .isInstanceOf(CertificateException.class)
                .hasMessageContaining("it is a key");
    }
}
