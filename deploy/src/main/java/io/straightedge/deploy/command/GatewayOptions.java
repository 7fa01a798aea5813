package io.straightedge.deploy.command;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** A gateway to send to, for those who may not reach Kafka. */
final class GatewayOptions {

    /** Holds the token; a command line can be read by everyone on the machine. */
    private static final String TOKEN = "STRAIGHTEDGE_TOKEN";

    @Option(
            names = "--to",
            paramLabel = "URL",
            description =
                    "Send to this gateway (https://host:port) instead of Kafka; with the token in STRAIGHTEDGE_TOKEN.")
    @Nullable
    URI url;

    @Option(names = "--token-file", paramLabel = "FILE", description = "File that holds the token for --to.")
    private @Nullable Path tokenFile;

    @Option(
            names = "--state",
            paramLabel = "FILE",
            description = "With --to: where to remember how far each file was sent. Default: below"
                    + " ~/.local/state/straightedge.")
    private @Nullable Path state;

    @Nullable
    String token() throws IOException {
        if (tokenFile != null) {
            return Files.readString(tokenFile).strip();
        }
        String token = System.getenv(TOKEN);
        return token == null || token.isBlank() ? null : token.strip();
    }

    Path state(String id) {
        if (state != null) {
            return state;
        }
        String base = System.getenv("XDG_STATE_HOME");
        Path folder = base == null || base.isBlank()
                ? Path.of(System.getProperty("user.home"), ".local", "state")
                : Path.of(base);
        return folder.resolve("straightedge").resolve("watch-" + id + ".jsonl");
    }
}
