package io.straightedge.deploy.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.straightedge.protocol.access.Scope;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
final class TlsTest {

    @TempDir
    private static Path folder;

    private static Certificates first;
    private static Certificates second;

    private OpenDoor door;

    @BeforeAll
    static void make() throws Exception {
        first = Certificates.make(folder, "first");
        second = Certificates.make(folder, "second");
    }

    @BeforeEach
    void prepare() throws IOException {
        door = OpenDoor.in(folder).token("reader", Map.of(Scope.READ, Set.of("*")));
    }

    @AfterEach
    void close() {
        door.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void request_overTls_isAnswered(String protocol) throws Exception {
        door.open(DoorLimits.DEFAULT, first.files(null), List.of());
        assertThat(door.door().url()).startsWith("https://");
        try (SSLSocket socket = connect(first.client(null, protocol))) {
            Wire.Answer answer =
                    Wire.get("/v1/runs").bearer(door.text("reader")).over(socket, door.port());
            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.header("strict-transport-security"))
                    .as("on the loopback it would hold for every server of this machine")
                    .isNull();
            assertThat(socket.getSession().getProtocol()).isEqualTo(protocol);
        }
        try (SSLSocket socket = connect(first.client(null, protocol))) {
            Wire.Answer in = Wire.post("/login", "application/x-www-form-urlencoded", "token=" + door.text("reader"))
                    .with("Origin", "https://localhost:" + door.port())
                    .over(socket, door.port());
            assertThat(in.header("set-cookie")).startsWith("__Host-").contains("; Secure");
        }
    }

    @Test
    void request_plainOrOfOldTls_isNotAnswered() throws Exception {
        door.open(DoorLimits.DEFAULT, first.files(null), List.of());
        assertThatThrownBy(() -> door.send(Wire.get("/health/live")))
                .isInstanceOfAny(IOException.class, RuntimeException.class);
        SSLContext context = first.client(null, "TLS");
        try (SSLSocket socket =
                (SSLSocket) context.getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), door.port())) {
            socket.setEnabledProtocols(new String[] {"TLSv1.1"});
            assertThatThrownBy(socket::startHandshake).isInstanceOf(IOException.class);
        }
    }

    @Test
    void files_renewed_areServedToNewConnectionsAlone() throws Exception {
        Path pem = Files.copy(first.pem, folder.resolve("live.pem"), StandardCopyOption.REPLACE_EXISTING);
        Path key = Files.copy(first.key, folder.resolve("live.key"), StandardCopyOption.REPLACE_EXISTING);
        door.open(DoorLimits.DEFAULT, new TlsFiles(pem, key, null), List.of());
        try (SSLSocket open = connect(first.client(null, "TLS"))) {
            assertThat(subject(open)).isEqualTo(first.subject());
            Files.copy(second.pem, pem, StandardCopyOption.REPLACE_EXISTING);
            door.door().refresh();
            try (SSLSocket half = connect(first.client(null, "TLS"))) {
                assertThat(subject(half)).as("without its key yet").isEqualTo(first.subject());
            }
            Files.copy(second.key, key, StandardCopyOption.REPLACE_EXISTING);
            door.door().refresh();
            try (SSLSocket renewed = connect(second.client(null, "TLS"))) {
                assertThat(subject(renewed)).isEqualTo(second.subject());
            }
            assertThat(Wire.get("/health/live").over(open, door.port()).status())
                    .isEqualTo(200);
        }
    }

    @Test
    void clientCertificate_whenDemanded_isNeededBesideTheToken() throws Exception {
        door.open(DoorLimits.DEFAULT, first.files(second.pem), List.of());
        try (SSLSocket socket = connect(first.client(second, "TLS"))) {
            assertThat(Wire.get("/v1/runs").over(socket, door.port()).status()).isEqualTo(401);
        }
        try (SSLSocket socket = connect(first.client(second, "TLS"))) {
            assertThat(Wire.get("/v1/runs")
                            .bearer(door.text("reader"))
                            .over(socket, door.port())
                            .status())
                    .isEqualTo(200);
        }
        assertThatThrownBy(() -> {
                    try (SSLSocket socket = connect(first.client(null, "TLS"))) {
                        Wire.get("/health/live").over(socket, door.port());
                    }
                })
                .isInstanceOfAny(IOException.class, IllegalStateException.class);
        assertThat(door.rejectedSoon("tls")).isGreaterThanOrEqualTo(1);
    }

    @Test
    void open_keyOfAnotherCertificateOrNoPem_saysWhatIsWrong() throws Exception {
        assertThatThrownBy(() -> door.open(DoorLimits.DEFAULT, new TlsFiles(first.pem, second.key, null), List.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("second.key");
        Path text = Files.writeString(folder.resolve("text.pem"), "hello");
        assertThatThrownBy(() -> door.open(DoorLimits.DEFAULT, new TlsFiles(text, first.key, null), List.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("text.pem");
    }

    private SSLSocket connect(SSLContext context) throws IOException {
        SSLSocket socket = (SSLSocket) context.getSocketFactory()
                .createSocket(
                        new Socket(InetAddress.getLoopbackAddress(), door.port()), "localhost", door.port(), true);
        socket.setSoTimeout(20_000);
        socket.startHandshake();
        return socket;
    }

    private static String subject(SSLSocket socket) throws IOException {
        return ((X509Certificate) socket.getSession().getPeerCertificates()[0])
                .getSubjectX500Principal()
                .getName();
    }
}
