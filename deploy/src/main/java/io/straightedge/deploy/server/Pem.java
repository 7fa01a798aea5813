package io.straightedge.deploy.server;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.ByteArrayInputStream;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Certificates and keys out of PEM files. Pure. */
final class Pem {

    private static final Pattern KEY =
            Pattern.compile("-----BEGIN PRIVATE KEY-----\\s+([A-Za-z0-9+/=\\s]+?)-----END PRIVATE KEY-----");

    private Pem() {}

    /** The chain of certificates, the server's own first. */
    static X509Certificate[] certificates(byte[] pem) throws CertificateException {
        if (!new String(pem, US_ASCII).contains("-----BEGIN CERTIFICATE-----")) {
            throw new CertificateException("there is no certificate in it (BEGIN CERTIFICATE)"
                    + (KEY.matcher(new String(pem, US_ASCII)).find() ? ": it is a key" : ""));
        }
        X509Certificate[] chain = CertificateFactory.getInstance("X.509")
                .generateCertificates(new ByteArrayInputStream(pem))
                .toArray(X509Certificate[]::new);
        if (chain.length == 0) {
            throw new CertificateException("there is no certificate in it");
        }
        return chain;
    }

    /** The key that belongs to a certificate. */
    static PrivateKey key(byte[] pem, X509Certificate certificate) throws GeneralSecurityException {
        Matcher found = KEY.matcher(new String(pem, US_ASCII));
        if (!found.find()) {
            throw new InvalidKeyException("there is no unencrypted PKCS#8 key in it (BEGIN PRIVATE KEY):"
                    + " openssl pkcs8 -topk8 -nocrypt makes one of other keys");
        }
        byte[] encoded = Base64.getMimeDecoder().decode(found.group(1));
        String algorithm = certificate.getPublicKey().getAlgorithm();
        PrivateKey key = KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(encoded));
        if (!belong(key, certificate)) {
            throw new InvalidKeyException("it is the key of another certificate");
        }
        return key;
    }

    /** Whether what the key signs is what the certificate verifies: nothing else says so before a client complains. */
    private static boolean belong(PrivateKey key, X509Certificate certificate) throws GeneralSecurityException {
        String algorithm = key.getAlgorithm();
        Signature signature = Signature.getInstance(
                switch (algorithm) {
                    case "RSA" -> "SHA256withRSA";
                    case "EC" -> "SHA256withECDSA";
                    default -> algorithm;
                });
        byte[] text = "straightedge".getBytes(US_ASCII);
        signature.initSign(key);
        signature.update(text);
        byte[] signed = signature.sign();
        signature.initVerify(certificate.getPublicKey());
        signature.update(text);
        return signature.verify(signed);
    }
}
