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

    /** Whether only this machine can reach it. */
    public boolean loopback() {
        try {
            return InetAddress.getByName(host).isLoopbackAddress();
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException("host " + host + " is not known", e);
        }
    }
}
