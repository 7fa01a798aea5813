package io.straightedge.ingest.watch;

import java.util.Map;

/**
 * How much of one file has been sent, with what tells the file from others.
 *
 * <p>A file that is read on begins with the same bytes: {@code checksum} is that of its first {@code bytes} unpacked ones,
 * so that a rotated or packed copy is known again and another file under the same name is not. Of a file that is written
 * anew as a whole, {@code checksum} is that of the losses sent, and {@code headBytes} is 0.
 *
 * @param key the file's identity: stays as the file grows and when it is renamed
 * @param source the name under which the file was written first, without what rotation adds
 * @param headBytes how many first bytes {@code head} is the hash of
 * @param checksum CRC-32C
 * @param losses losses sent
 * @param ends ends of runs sent
 * @param base name of the source's runs
 * @param ordinal which of the source's runs was going on when the file began; 1 is the first
 * @param manifests run to the digest of the manifest sent last
 */
public record Position(
        String key,
        String source,
        String path,
        int headBytes,
        String head,
        long bytes,
        long checksum,
        long losses,
        long ends,
        String base,
        int ordinal,
        Map<String, String> manifests) {
    public Position {
        manifests = manifests == null ? Map.of() : Map.copyOf(manifests);
    }
}
