package io.straightedge.deploy.command;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.straightedge.deploy.access.Token;
import io.straightedge.deploy.access.Tokens;
import io.straightedge.protocol.access.Scope;
import io.straightedge.protocol.run.Names;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** Makes a token. */
@Command(
        name = "new",
        mixinStandardHelpOptions = true,
        description = {
            "Makes a token and prints it, once: only its hash is kept.",
            "STUDY is a name, a beginning with * at its end, or * for all; give several as a,b or by repeating.",
            ""
        })
final class TokenNewCommand implements Callable<Integer> {

    @Option(names = "--name", paramLabel = "NAME", required = true, description = "Who will hold it; for logs.")
    private String name;

    @Option(names = "--ingest", paramLabel = "STUDY", split = ",", description = "Studies it may send events to.")
    private List<String> ingest = new ArrayList<>();

    @Option(names = "--read", paramLabel = "STUDY", split = ",", description = "Studies it may read.")
    private List<String> read = new ArrayList<>();

    @Option(names = "--admin", paramLabel = "STUDY", split = ",", description = "Studies it may give commands about.")
    private List<String> admin = new ArrayList<>();

    @Option(
            names = "--expires",
            paramLabel = "TIME",
            converter = Ending.class,
            description = "When it ends, such as 2027-01-31 or 2027-01-31T12:00:00Z. Default: never.")
    private @Nullable Instant expires;

    @Option(
            names = "--file",
            paramLabel = "FILE",
            description = "Append its line to this file, made for its owner alone. Default: print the line.")
    private @Nullable Path file;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        requireUse();
        String text = Token.text();
        String line = Tokens.line(new Token(name, Token.hash(text), projects(), expires));
        PrintWriter err = spec.commandLine().getErr();
        if (file == null) {
            err.println("The line for the file of tokens (straightedge up --tokens FILE):");
            err.println(line);
        } else {
            append(file, name, line);
            err.println("Its line is in " + file + ".");
        }
        err.println("The token; it cannot be shown again:");
        err.flush();
        System.out.println(text);
        System.out.flush();
        return 0;
    }

    /** A time, or the beginning of a day in UTC. */
    static final class Ending implements ITypeConverter<Instant> {

        @Override
        public Instant convert(String text) {
            try {
                return text.indexOf('T') < 0
                        ? LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant()
                        : Instant.parse(text);
            } catch (DateTimeParseException e) {
                throw new TypeConversionException(
                        "'" + Names.plain(text) + "' is no time: give one such as 2027-01-31 or 2027-01-31T12:00:00Z");
            }
        }
    }

    private void requireUse() {
        if (ingest.isEmpty() && read.isEmpty() && admin.isEmpty()) {
            throw new IllegalArgumentException(
                    "token " + name
                            + " would allow nothing: give --ingest STUDY, --read STUDY or --admin STUDY, with '*' for all studies");
        }
        if (expires != null && !expires.isAfter(Instant.now())) {
            throw new IllegalArgumentException("token " + name + " would have ended already, on " + expires);
        }
    }

    private Map<Scope, Set<String>> projects() {
        Map<Scope, Set<String>> projects = new EnumMap<>(Scope.class);
        Map.of(Scope.INGEST, ingest, Scope.READ, read, Scope.ADMIN, admin).forEach((scope, patterns) -> {
            if (!patterns.isEmpty()) {
                projects.put(scope, new TreeSet<>(patterns));
            }
        });
        return projects;
    }

    private static void append(Path file, String name, String line) throws IOException {
        boolean posix = FileSystems.getDefault().supportedFileAttributeViews().contains("posix");
        if (!Files.exists(file)) {
            if (posix) {
                Files.createFile(
                        file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            } else {
                Files.createFile(file);
            }
        }
        String before = Files.readString(file);
        if (parsed(file, before).all().stream().anyMatch(token -> token.name().equals(name))) {
            throw new IllegalArgumentException(
                    file + " holds a token named " + name + " already: remove its line, or choose another name");
        }
        String whole = before + (before.isEmpty() || before.endsWith("\n") ? "" : "\n") + line + "\n";
        // What would be refused by the server is refused here, before anything is written.
        parsed(file, whole);
        Files.write(file, whole.substring(before.length()).getBytes(UTF_8), StandardOpenOption.APPEND);
    }

    private static Tokens parsed(Path file, String text) {
        try {
            return Tokens.parse(text);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(file + ", " + e.getMessage(), e);
        }
    }
}
