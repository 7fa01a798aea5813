package io.straightedge.deploy.server;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where the server listens, and whom it lets in.
 *
 * @param insecure whether the rules below may be broken
 * @param tokens file of tokens; null to let everyone do everything
 * @param tls null for plain HTTP
 * @param behindProxy whether all connections come from a proxy that does TLS and says in {@code X-Forwarded-For} for whom
 * @param allowedHosts names under which the server may be called, besides addresses and its own; {@code *} for any
 */
public record DoorOptions(
        Address address,
        boolean insecure,
        @Nullable Path tokens,
        @Nullable TlsFiles tls,
        boolean behindProxy,
        List<String> allowedHosts,
        DoorLimits limits) {

    /**
     * Refuses what would give away more than its user means to.
     *
     * @throws IllegalArgumentException which says what to do
     */
    public DoorOptions {
        allowedHosts = List.copyOf(allowedHosts);
        if (!insecure && tokens == null && !address.loopback()) {
            throw new IllegalArgumentException("refusing to listen on " + address.host()
                    + ": everyone who reaches it could read and write everything; give --tokens FILE (straightedge token"
                    + " new makes one), or listen on 127.0.0.1, or say --insecure");
        }
        if (!insecure && tls == null && !behindProxy && !address.loopback()) {
            throw new IllegalArgumentException("refusing to listen on " + address.host()
                    + " without TLS: tokens would cross the network for all to read; give --tls-cert and --tls-key, or"
                    + " --behind-proxy when a proxy does TLS, or say --insecure");
        }
        if (behindProxy && tls == null && tokens == null && !insecure) {
            throw new IllegalArgumentException(
                    "--behind-proxy needs --tokens FILE: everyone who reaches the proxy could read and write everything;"
                            + " say --insecure when the proxy itself asks who they are");
        }
    }

    /** At that address, for this machine alone: without tokens and TLS. */
    public static DoorOptions at(Address address) {
        return new DoorOptions(address, false, null, null, false, List.of(), DoorLimits.DEFAULT);
    }

    /** Whether browsers reach it by https. */
    boolean encrypted() {
        return tls != null || behindProxy;
    }

    /** Whether browsers shall never try http again; said on the loopback, it would hold for all servers of this machine. */
    boolean strict() {
        return behindProxy || (tls != null && !address.loopback());
    }

    /** The limits as they apply. */
    DoorLimits applied() {
        return behindProxy ? limits.behindProxy() : limits;
    }
}
