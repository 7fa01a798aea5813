package io.straightedge.deploy.server;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * What TLS needs, as PEM files.
 *
 * @param certificate the server's, and after it those that vouch for it
 * @param key of the certificate: PKCS#8, not encrypted
 * @param clientCa who vouches for clients; null to ask clients for no certificate
 */
public record TlsFiles(Path certificate, Path key, @Nullable Path clientCa) {}
