package io.straightedge.deploy.command;

import io.straightedge.deploy.access.Token;
import io.straightedge.deploy.access.Tokens;
import io.straightedge.protocol.access.Scope;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Lists tokens: what they allow, never what they are. */
@Command(
        name = "list",
        mixinStandardHelpOptions = true,
        description = {"Lists the tokens of a file: who holds them and what they allow.", ""})
final class TokenListCommand implements Callable<Integer> {

    @Option(names = "--file", paramLabel = "FILE", required = true, description = "The file of tokens.")
    private Path file;

    @Override
    public Integer call() throws IOException {
        Instant now = Instant.now();
        for (Token token : Tokens.parse(Files.readString(file)).all()) {
            StringBuilder line = new StringBuilder(token.name());
            for (Scope scope : Scope.values()) {
                Set<String> patterns = token.projects().getOrDefault(scope, Set.of());
                if (!patterns.isEmpty()) {
                    line.append("  ")
                            .append(scope.name().toLowerCase(Locale.ROOT))
                            .append(' ')
                            .append(String.join(",", patterns.stream().sorted().toList()));
                }
            }
            System.out.println(line.append("  ").append(ending(token.expires(), now)));
        }
        System.out.flush();
        return 0;
    }

    private static String ending(@Nullable Instant expires, Instant now) {
        if (expires == null) {
            return "never ends";
        }
        return (now.isBefore(expires) ? "ends " : "ended ") + expires;
    }
}
