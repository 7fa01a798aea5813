package io.straightedge.ingest.tensorboard;

import java.util.zip.CRC32C;

/** The checksum of event files: CRC-32C, rotated and shifted so that checksums of checksums do not cancel. */
final class MaskedChecksum {

    private static final int SHIFT = 0xa282ead8;

    private MaskedChecksum() {}

    static int of(byte[] bytes, int begin, int length) {
        CRC32C checksum = new CRC32C();
        checksum.update(bytes, begin, length);
        return Integer.rotateRight((int) checksum.getValue(), 15) + SHIFT;
    }
}
