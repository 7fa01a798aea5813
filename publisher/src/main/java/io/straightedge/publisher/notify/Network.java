package io.straightedge.publisher.notify;

import java.net.InetAddress;
import java.net.UnknownHostException;

/** A block of addresses, as {@code 10.0.0.0/8} or {@code fc00::/7}. Immutable. */
final class Network {

    /** Of its first address, 4 or 16. */
    private final byte[] bytes;

    /** How many of the first bits its addresses share. */
    private final int bits;

    private Network(byte[] bytes, int bits) {
        this.bytes = bytes;
        this.bits = bits;
    }

    /**
     * A block from its text; one address alone is a block of one.
     *
     * @throws IllegalArgumentException when it is none
     */
    static Network of(String text) {
        int slash = text.indexOf('/');
        String address = slash < 0 ? text : text.substring(0, slash);
        // Only what looks like an address, so that no name is looked up.
        if (!address.matches("[0-9]{1,3}(\\.[0-9]{1,3}){3}|[0-9a-fA-F:.]*:[0-9a-fA-F:.]*")) {
            throw new IllegalArgumentException(
                    "'" + text + "' is no network: give one like 10.1.0.0/16 or fd00:1::/32");
        }
        try {
            byte[] bytes = InetAddress.getByName(address).getAddress();
            int bits = slash < 0 ? 8 * bytes.length : Integer.parseInt(text.substring(slash + 1));
            if (bits < 0 || bits > 8 * bytes.length) {
                throw new IllegalArgumentException(
                        "'" + text + "' is no network: its length is not in 0 to " + 8 * bytes.length);
            }
            return new Network(bytes, bits);
        } catch (UnknownHostException | NumberFormatException e) {
            throw new IllegalArgumentException(
                    "'" + text + "' is no network: give one like 10.1.0.0/16 or fd00:1::/32", e);
        }
    }

    boolean contains(byte[] address) {
        if (address.length != bytes.length) {
            return false;
        }
        for (int bit = 0; bit < bits; bit++) {
            int mask = 0x80 >> (bit & 7);
            if ((address[bit >> 3] & mask) != (bytes[bit >> 3] & mask)) {
                return false;
            }
        }
        return true;
    }
}
