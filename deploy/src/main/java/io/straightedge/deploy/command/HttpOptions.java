package io.straightedge.deploy.command;

import io.straightedge.deploy.server.Address;
import picocli.CommandLine.Option;

/** Where the HTTP server listens. */
final class HttpOptions {

    @Option(
            names = "--http-host",
            paramLabel = "HOST",
            defaultValue = "127.0.0.1",
            description = "Address to listen on. Default: ${DEFAULT-VALUE}.")
    String host;

    @Option(
            names = "--http-port",
            paramLabel = "PORT",
            defaultValue = "8080",
            description = "Port of the page and the API; 0 for any. Default: ${DEFAULT-VALUE}.")
    int port;

    @Option(names = "--insecure", description = "Listen beyond this machine although there is no authentication.")
    boolean insecure;

    Address address() {
        Address address = new Address(host, port);
        address.requireSafe(insecure);
        return address;
    }
}
