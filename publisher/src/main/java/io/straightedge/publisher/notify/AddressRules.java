package io.straightedge.publisher.notify;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * Which addresses may be connected to: public ones, and those of networks that a user has named. An address of version 6
 * that carries one of version 4 is judged by both. Pure.
 *
 * @param allowed networks that need not be public
 * @see "IANA IPv4 and IPv6 Special-Purpose Address Registries (RFC 6890, 8190)"
 */
record AddressRules(List<Network> allowed) {

    private static final List<Network> NOT_PUBLIC_4 = networks(
            "0.0.0.0/8",
            "10.0.0.0/8",
            "100.64.0.0/10",
            "127.0.0.0/8",
            "169.254.0.0/16",
            "172.16.0.0/12",
            "192.0.0.0/24",
            "192.0.2.0/24",
            "192.88.99.0/24",
            "192.168.0.0/16",
            "198.18.0.0/15",
            "198.51.100.0/24",
            "203.0.113.0/24",
            "224.0.0.0/4",
            "240.0.0.0/4");

    /** All that is given out to be reached from anywhere. */
    private static final Network PUBLIC_6 = Network.of("2000::/3");

    /** Parts of it that are for something else: protocols, Teredo, examples, routing of segments. */
    private static final List<Network> NOT_PUBLIC_6 = networks("2001::/23", "2001:db8::/32", "3fff::/20", "5f00::/16");

    private static final Network SIX_TO_FOUR = Network.of("2002::/16");
    private static final int SIX_TO_FOUR_AT = 2;

    /** Networks whose last four bytes are an address of version 4; Java itself unwraps ::ffff:0:0/96. */
    private static final List<Network> ENDING_IN_4 = networks("64:ff9b::/96");

    private static final byte[] MAPPED = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, -1, -1};

    AddressRules {
        allowed = List.copyOf(allowed);
    }

    static AddressRules allowing(List<String> networks) {
        return new AddressRules(networks(networks.toArray(String[]::new)));
    }

    /** Whether the address, 4 or 16 bytes, may be connected to. */
    boolean allow(byte[] address) {
        byte[] plain = unmapped(address);
        return allowed.stream().anyMatch(network -> network.contains(plain)) || isPublic(plain);
    }

    private static boolean isPublic(byte[] address) {
        if (address.length == 4) {
            return none(NOT_PUBLIC_4, address);
        }
        if (ENDING_IN_4.stream().anyMatch(network -> network.contains(address))) {
            return none(NOT_PUBLIC_4, Arrays.copyOfRange(address, 12, 16));
        }
        if (SIX_TO_FOUR.contains(address)) {
            return none(NOT_PUBLIC_4, Arrays.copyOfRange(address, SIX_TO_FOUR_AT, SIX_TO_FOUR_AT + 4));
        }
        return PUBLIC_6.contains(address) && none(NOT_PUBLIC_6, address);
    }

    private static boolean none(List<Network> networks, byte[] address) {
        return networks.stream().noneMatch(network -> network.contains(address));
    }

    private static byte[] unmapped(byte[] address) {
        boolean mapped = address.length == 16 && Arrays.equals(address, 0, MAPPED.length, MAPPED, 0, MAPPED.length);
        return mapped ? Arrays.copyOfRange(address, MAPPED.length, 16) : address;
    }

    private static List<Network> networks(String... texts) {
        return Stream.of(texts).map(Network::of).toList();
    }
}
