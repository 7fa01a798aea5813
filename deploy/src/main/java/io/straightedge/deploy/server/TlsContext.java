package io.straightedge.deploy.server;

import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.ApplicationProtocolNegotiator;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.List;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSessionContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * TLS 1.2 and 1.3 with the certificate that the files hold now: new connections get a renewed one, those that are open keep
 * theirs. Files that cannot be used change nothing, and are told in the log. Thread-safe.
 */
final class TlsContext extends SslContext {

    private static final Logger LOG = LoggerFactory.getLogger(TlsContext.class);
    private static final long MAX_BYTES = 1 << 20;

    private final TlsFiles files;
    private List<byte[]> seen;
    private boolean broken;
    private volatile SslContext current;

    private TlsContext(TlsFiles files, List<byte[]> seen, SslContext current) {
        this.files = files;
        this.seen = seen;
        this.current = current;
    }

    /**
     * Reads the files.
     *
     * @throws IOException when one cannot be read
     * @throws IllegalArgumentException when they do not make a server's context, saying why
     */
    static TlsContext open(TlsFiles files) throws IOException {
        List<byte[]> seen = read(files);
        return new TlsContext(files, seen, context(files, seen));
    }

    /** Looks whether the files have changed. */
    synchronized void refresh() {
        try {
            List<byte[]> found = read(files);
            if (same(found, seen)) {
                return;
            }
            current = context(files, found);
            seen = found;
            broken = false;
            LOG.info("{} has changed: new connections get the new certificate", files.certificate());
        } catch (IOException | IllegalArgumentException e) {
            // A certificate without its key yet is normal while both are being replaced.
            if (!broken) {
                LOG.error("The certificate stays as it was, as the files cannot be used: {}", e.toString());
            }
            broken = true;
        }
    }

    @Override
    public boolean isClient() {
        return false;
    }

    @Override
    public List<String> cipherSuites() {
        return current.cipherSuites();
    }

    @Override
    @SuppressWarnings("deprecation") // Abstract in the class, so it must be there.
    public ApplicationProtocolNegotiator applicationProtocolNegotiator() {
        return current.applicationProtocolNegotiator();
    }

    @Override
    public SSLEngine newEngine(ByteBufAllocator allocator) {
        return current.newEngine(allocator);
    }

    @Override
    public SSLEngine newEngine(ByteBufAllocator allocator, String host, int port) {
        return current.newEngine(allocator, host, port);
    }

    @Override
    public SSLSessionContext sessionContext() {
        return current.sessionContext();
    }

    private static SslContext context(TlsFiles files, List<byte[]> contents) {
        Path at = files.certificate();
        try {
            X509Certificate[] chain = Pem.certificates(contents.get(0));
            at = files.key();
            SslContextBuilder builder = SslContextBuilder.forServer(Pem.key(contents.get(1), chain[0]), chain)
                    .sslProvider(SslProvider.JDK)
                    .protocols("TLSv1.3", "TLSv1.2");
            Path clientCa = files.clientCa();
            if (clientCa != null) {
                at = clientCa;
                builder.trustManager(Pem.certificates(contents.get(2))).clientAuth(ClientAuth.REQUIRE);
            }
            return builder.build();
        } catch (GeneralSecurityException | SSLException | IllegalArgumentException e) {
            throw new IllegalArgumentException(at + " cannot be used for TLS: " + e.getMessage(), e);
        }
    }

    private static List<byte[]> read(TlsFiles files) throws IOException {
        Path clientCa = files.clientCa();
        return clientCa == null
                ? List.of(read(files.certificate()), read(files.key()))
                : List.of(read(files.certificate()), read(files.key()), read(clientCa));
    }

    private static byte[] read(Path path) throws IOException {
        if (Files.isDirectory(path)) {
            throw new IOException(path + " is a folder: give a file");
        }
        if (Files.size(path) > MAX_BYTES) {
            throw new IOException(path + " has more than " + MAX_BYTES + " bytes: it is no PEM file");
        }
        return Files.readAllBytes(path);
    }

    private static boolean same(List<byte[]> some, List<byte[]> others) {
        for (int i = 0; i < some.size(); i++) {
            if (!Arrays.equals(some.get(i), others.get(i))) {
                return false;
            }
        }
        return true;
    }
}
