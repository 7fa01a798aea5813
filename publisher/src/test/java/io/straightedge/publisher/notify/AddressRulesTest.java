package io.straightedge.publisher.notify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class AddressRulesTest {

    @ParameterizedTest
    @CsvSource({
        "8.8.8.8,                true",
        "1.1.1.1,                true",
        "11.0.0.0,               true",
        "100.63.255.255,         true",
        "100.128.0.0,            true",
        "172.15.255.255,         true",
        "172.32.0.0,             true",
        "192.167.255.255,        true",
        "223.255.255.255,        true",
        "2606:4700:4700::1111,   true",
        "2a00:1450:4001:80b::1,  true",
        "64:ff9b::808:808,       true",
        "2002:808:808::1,        true",
        "::ffff:8.8.8.8,         true",
        "0.0.0.0,                false",
        "0.1.2.3,                false",
        "10.0.0.1,               false",
        "100.64.0.1,             false",
        "100.127.255.255,        false",
        "127.0.0.1,              false",
        "127.255.0.1,            false",
        "169.254.169.254,        false",
        "172.16.0.1,             false",
        "172.31.255.255,         false",
        "192.0.0.8,              false",
        "192.168.1.1,            false",
        "198.18.0.1,             false",
        "224.0.0.1,              false",
        "239.255.255.250,        false",
        "240.0.0.1,              false",
        "255.255.255.255,        false",
        "::,                     false",
        "::1,                    false",
        "::127.0.0.1,            false",
        "::8.8.8.8,              false",
        "::ffff:127.0.0.1,       false",
        "::ffff:a9fe:a9fe,       false",
        "::ffff:0:10.0.0.1,      false",
        "64:ff9b::7f00:1,        false",
        "64:ff9b::a9fe:a9fe,     false",
        "64:ff9b:1::808:808,     false",
        "2002:7f00:1::1,         false",
        "2002:a9fe:a9fe::1,      false",
        "2002:c0a8:101::1,       false",
        "2001::1,                false",
        "2001:db8::1,            false",
        "fc00::1,                false",
        "fd12:3456::1,           false",
        "fe80::1,                false",
        "fec0::1,                false",
        "ff02::1,                false",
        "100::1,                 false",
    })
    void allow_withoutExceptions_publicAddressesOnly(String address, boolean allowed) throws Exception {
        assertThat(AddressRules.allowing(List.of())
                        .allow(InetAddress.getByName(address).getAddress()))
                .isEqualTo(allowed);
    }

    /** Java unwraps a mapped address by itself; the rules must not rely on that. */
    @Test
    void allow_mappedBytes_areJudgedAsVersion4() throws Exception {
        byte[] mapped = new byte[16];
        mapped[10] = -1;
        mapped[11] = -1;
        System.arraycopy(new byte[] {127, 0, 0, 1}, 0, mapped, 12, 4);
        assertThat(AddressRules.allowing(List.of()).allow(mapped)).isFalse();
        assertThat(AddressRules.allowing(List.of("127.0.0.0/8")).allow(mapped)).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "10.1.0.0/16,   10.1.255.1,   true",
        "10.1.0.0/16,   10.2.0.1,     false",
        "10.1.2.3,      10.1.2.3,     true",
        "10.1.2.3,      10.1.2.4,     false",
        "127.0.0.0/31,  127.0.0.1,    true",
        "127.0.0.0/31,  127.0.0.2,    false",
        "fd00:1::/33,   fd00:1::5,    true",
        "fd00:1::/33,   fd00:1:8000::5, false",
        "10.0.0.0/8,    2002:a00:1::, false",
        "0.0.0.0/0,     169.254.1.1,  true",
    })
    void allow_namedNetwork_isAllowed(String network, String address, boolean allowed) throws Exception {
        assertThat(AddressRules.allowing(List.of(network))
                        .allow(InetAddress.getByName(address).getAddress()))
                .isEqualTo(allowed);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "/8", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/x", "localhost", "fc00::/129", "999.1.1.1/8"})
    void network_thatIsNone_isRefused(String text) {
        assertThatThrownBy(() -> Network.of(text)).isInstanceOf(IllegalArgumentException.class);
    }
}
