package io.straightedge.deploy.server;

import java.time.Duration;

/**
 * What the door lets happen at once, and for how long.
 *
 * @param connections at once, from everywhere
 * @param connectionsPerAddress at once, from one address
 * @param head from the connection, or the first byte of a later request, to the end of the headers; TLS included
 * @param body from the end of the headers to the end of the body
 * @param bodyBytesPerSecond at least, looked at every five seconds while a body is awaited
 * @param idle without a request, or with a client that takes nothing of what is written
 * @param requestsPerSecond of one token
 * @param requestsBurst of one token, at once
 * @param pointsPerSecond of one token
 * @param pointsBurst of one token, at once
 * @param failuresPerMinute wrong tokens from one address that are told so; those beyond are told to wait
 */
public record DoorLimits(
        int connections,
        int connectionsPerAddress,
        Duration head,
        Duration body,
        int bodyBytesPerSecond,
        Duration idle,
        int requestsPerSecond,
        int requestsBurst,
        int pointsPerSecond,
        int pointsBurst,
        int failuresPerMinute) {

    /** Bytes of all headers together. */
    static final int HEADER_BYTES = 16 << 10;

    /** Bytes of the request line. */
    static final int URI_BYTES = 8 << 10;

    /** Bytes of a body that are read at all; how much of it is taken, each route says. */
    static final long BODY_BYTES = 17L << 20;

    /** Of a server whose clients come by themselves. */
    public static final DoorLimits DEFAULT = new DoorLimits(
            4096,
            1024,
            Duration.ofSeconds(10),
            Duration.ofSeconds(35),
            256,
            Duration.ofSeconds(60),
            2_000,
            4_000,
            1_000_000,
            2_000_000,
            10);

    public DoorLimits {
        requirePositive(connections, "the number of connections");
        requirePositive(connectionsPerAddress, "the number of connections of an address");
        requirePositive(requestsPerSecond, "the number of requests per second");
        requirePositive(requestsBurst, "the number of requests at once");
        requirePositive(pointsPerSecond, "the number of points per second");
        requirePositive(pointsBurst, "the number of points at once");
        requirePositive(failuresPerMinute, "the number of failures per minute");
    }

    /** Behind a proxy every connection is the proxy's. */
    DoorLimits behindProxy() {
        return withConnections(connections, connections);
    }

    /** With other numbers of connections. */
    public DoorLimits withConnections(int all, int perAddress) {
        return new DoorLimits(
                all,
                perAddress,
                head,
                body,
                bodyBytesPerSecond,
                idle,
                requestsPerSecond,
                requestsBurst,
                pointsPerSecond,
                pointsBurst,
                failuresPerMinute);
    }

    /** With other rates of one token, and twice as much at once. */
    public DoorLimits withRates(int requests, int points) {
        return new DoorLimits(
                connections,
                connectionsPerAddress,
                head,
                body,
                bodyBytesPerSecond,
                idle,
                requests,
                doubled(requests),
                points,
                doubled(points),
                failuresPerMinute);
    }

    private static int doubled(int number) {
        return (int) Math.min(Integer.MAX_VALUE, 2L * number);
    }

    private static void requirePositive(int number, String what) {
        if (number < 1) {
            throw new IllegalArgumentException(what + " is " + number + ": at least 1 is needed");
        }
    }
}
