package io.straightedge.deploy.server;

import java.net.InetAddress;
import java.net.UnknownHostException;

/**
 * Where the server listens.
 *
 * @param port 0 for any free one
 */
public record Address(String host, int port) {

    public Address {
        if (port < 0 || port > 65_535) {
            throw new IllegalArgumentException("port " + port + " is not a port: give 0 to 65535");
        }
    }

    /**
     * Refuses to listen where others can reach it, since there is no authentication yet.
     *
     * @throws IllegalArgumentException which says what to do
     */
    public void requireSafe(boolean insecure) {
        if (!insecure && !loopback()) {
            throw new IllegalArgumentException("refusing to listen on " + host
                    + ": everyone who reaches it could read and write everything; listen on 127.0.0.1 behind a proxy that"
                    + " authenticates, or say --insecure");
        }
    }

    /** Whether only this machine can reach it. */
    public boolean loopback() {
        try {
            return InetAddress.getByName(host).isLoopbackAddress();
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException("host " + host + " is not known", e);
        }
    }
}
