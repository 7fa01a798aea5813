package io.straightedge.deploy.command;

import io.straightedge.deploy.server.Address;
import io.straightedge.deploy.server.DoorLimits;
import io.straightedge.deploy.server.DoorOptions;
import io.straightedge.deploy.server.TlsFiles;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where the HTTP server listens, and whom it lets in. */
final class HttpOptions {

    @Option(
            names = "--http-host",
            paramLabel = "HOST",
            defaultValue = "127.0.0.1",
            description =
                    "Address to listen on. Default: ${DEFAULT-VALUE}. Others can reach the server on an address that is"
                            + " not this machine's own, so that needs --tokens and TLS.")
    String host;

    @Option(
            names = "--http-port",
            paramLabel = "PORT",
            defaultValue = "8080",
            description = "Port of the page and the API; 0 for any. Default: ${DEFAULT-VALUE}.")
    int port;

    @Option(
            names = "--tokens",
            paramLabel = "FILE",
            description =
                    "Let in only who has a token of this file; straightedge token new makes one. Read again when it"
                            + " changes.")
    private @Nullable Path tokens;

    @Option(
            names = "--tls-cert",
            paramLabel = "PEM",
            description = "Serve https with this certificate, its chain after it. Read again when it changes.")
    private @Nullable Path certificate;

    @Option(names = "--tls-key", paramLabel = "PEM", description = "Key of the certificate: PKCS#8, no password.")
    private @Nullable Path key;

    @Option(
            names = "--tls-client-ca",
            paramLabel = "PEM",
            description = "Let in only clients with a certificate of this authority.")
    private @Nullable Path clientCa;

    @Option(
            names = "--behind-proxy",
            description = "A proxy in front does TLS and sets X-Forwarded-For; nothing else can reach this server.")
    private boolean behindProxy;

    @Option(
            names = "--allowed-host",
            paramLabel = "NAME",
            description =
                    "A name under which clients call this server, besides its addresses; may be repeated. * for any.")
    private List<String> allowedHosts = new ArrayList<>();

    @Option(
            names = "--max-connections",
            paramLabel = "N",
            defaultValue = "4096",
            description = "Connections at once, a quarter of them from one address. Default: ${DEFAULT-VALUE}.")
    private int connections;

    @Option(
            names = "--requests-per-second",
            paramLabel = "N",
            defaultValue = "2000",
            description = "Of one token, and twice as many at once. Default: ${DEFAULT-VALUE}.")
    private int requestsPerSecond;

    @Option(
            names = "--points-per-second",
            paramLabel = "N",
            defaultValue = "1000000",
            description = "Of one token, and twice as many at once. Default: ${DEFAULT-VALUE}.")
    private int pointsPerSecond;

    @Option(names = "--insecure", description = "Listen beyond this machine without tokens, or with tokens but no TLS.")
    boolean insecure;

    DoorOptions door() {
        if ((certificate == null) != (key == null)) {
            throw new IllegalArgumentException("--tls-cert and --tls-key go together");
        }
        if (clientCa != null && certificate == null) {
            throw new IllegalArgumentException("--tls-client-ca needs --tls-cert and --tls-key");
        }
        return new DoorOptions(
                new Address(host, port),
                insecure,
                tokens,
                certificate == null || key == null ? null : new TlsFiles(certificate, key, clientCa),
                behindProxy,
                allowedHosts,
                DoorLimits.DEFAULT
                        .withConnections(connections, Math.max(1, connections / 4))
                        .withRates(requestsPerSecond, pointsPerSecond));
    }
}
