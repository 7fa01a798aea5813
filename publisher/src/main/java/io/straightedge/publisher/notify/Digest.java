package io.straightedge.publisher.notify;

import io.straightedge.protocol.signal.Alert;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Hashes and codes of messages. Pure. */
final class Digest {

    private Digest() {}

    /** SHA-256 of the text in UTF-8, as 64 hexadecimal digits. */
    static String sha256(String text) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    static byte[] hmacSha256(byte[] key, byte[] message) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            return mac.doFinal(message);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has HmacSHA256", e);
        }
    }

    /** The same for every attempt to say the same: of the alert, what is said, how bad it is, and when it came to be so. */
    static String idempotencyKey(Telling telling) {
        Alert alert = telling.alert();
        String said = String.join(
                "\n", alert.id(), telling.state().name(), telling.severity().name(), "" + alert.changed());
        return "msg_" + sha256(said).substring(0, 40);
    }
}
