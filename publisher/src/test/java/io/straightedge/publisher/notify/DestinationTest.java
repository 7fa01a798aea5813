package io.straightedge.publisher.notify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class DestinationTest {

    @ParameterizedTest
    @CsvSource({
        "https://hooks.example.com,                true,  hooks.example.com, 443,  /",
        "HTTPS://hooks.example.com./a%20b?c=d#e,   true,  hooks.example.com, 443,  /a%20b?c=d",
        "http://10.1.2.3:9093/x,                   false, 10.1.2.3,          9093, /x",
        "https://[2606:4700::1]:8443/x,            true,  2606:4700::1,      8443, /x",
        "https://1.2.3.4.example.com/,             true,  1.2.3.4.example.com, 443, /",
        "https://0x7f.example.com/,                true,  0x7f.example.com,  443,  /",
    })
    void of_plainAddress_isTaken(URI url, boolean secure, String host, int port, String path) {
        assertThat(Destination.of(url, true)).isEqualTo(new Destination(secure, host, port, path));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "http://2130706433/             | number in disguise",
                "http://0x7f000001/             | number in disguise",
                "http://0x7f.0.0.1/             | host",
                "http://0177.0.0.1/             | number in disguise",
                "http://127.1/                  | host",
                "http://127.0.0.01/             | number in disguise",
                "http://1.2.3.4.5/              | host",
                "http://127.0.0.1.:80/x         | host",
                "http://127.0.0.0x1/            | host",
                "http://a.0x7f/                 | host",
                "https://user:pass@example.com/ | no user name",
                "https://example.com@10.0.0.1/  | no user name",
                "https://[fe80::1%25eth0]/      | zone",
                "https:///path                  | needs a host",
                "https://exa_mple.com/          | needs a host",
                "https://ex%61mple.com/         | needs a host",
                "ftp://example.com/             | https://",
                "file:///etc/passwd             | https://",
                "//example.com/                 | https://",
                "https://example.com:0/         | not a port",
                "https://example.com:70000/     | not a port",
            })
    void of_anythingElse_isRefused(URI url, String said) {
        assertThatThrownBy(() -> Destination.of(url, true))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(said);
    }

    @ParameterizedTest
    @CsvSource({"http://example.com/, false", "https://example.com/, true"})
    void of_plainHttp_onlyWhereAllowed(URI url, boolean taken) {
        if (taken) {
            assertThat(Destination.of(url, false).secure()).isTrue();
        } else {
            assertThatThrownBy(() -> Destination.of(url, false)).hasMessageContaining("plain http");
        }
    }
}
