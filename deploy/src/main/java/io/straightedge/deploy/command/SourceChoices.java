package io.straightedge.deploy.command;

import io.straightedge.ingest.source.Format;
import io.straightedge.ingest.source.SourceOptions;
import io.straightedge.ingest.watch.FollowOptions;
import io.straightedge.ingest.watch.GivenManifests;
import io.straightedge.ingest.watch.ManifestSource;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Which files are followed, and how they are read. */
final class SourceChoices {

    @Parameters(
            arity = "1..*",
            paramLabel = "DIR|FILE",
            description = "Directories, with all that is below them, or single files.")
    private List<Path> roots = List.of();

    @Option(names = "--study", paramLabel = "NAME", description = "Name of the study. Default: the directory's name.")
    private @Nullable String study;

    @Option(
            names = "--run",
            paramLabel = "NAME",
            description = "Name of the run, where there is one. Default: the path below the directory.")
    private @Nullable String run;

    @Option(
            names = "--format",
            paramLabel = "NAME",
            description = "Read every file as this format; a wrong name lists them. Default: recognised.")
    private @Nullable String format;

    @Option(
            names = "--metric",
            paramLabel = "WHAT=NAME",
            description = "How the files call something: step, loss, loss:SPLIT, lr, grad_norm, tokens, samples or"
                    + " nan_iterations. May be given several times.")
    private Map<String, String> metrics = Map.of();

    @Option(
            names = "--pattern",
            paramLabel = "REGEX",
            description = "Pattern of your own log lines, with the groups (?<step>...) and (?<loss>...) and at will lr,"
                    + " gradnorm, tokens, samples, split.")
    private @Nullable String pattern;

    @Option(
            names = "--include",
            paramLabel = "GLOB",
            description = "Only files whose path or name fits, such as '*.log'.")
    private List<String> includes = List.of();

    @Option(names = "--exclude", paramLabel = "GLOB", description = "No files whose path below DIR or name fits.")
    private List<String> excludes = List.of();

    @Option(
            names = "--max-files",
            paramLabel = "N",
            defaultValue = "" + FollowOptions.DEFAULT_MOST_FILES,
            description = "Look at no more files than this. Default: ${DEFAULT-VALUE}.")
    private int mostFiles;

    FollowOptions options(List<Format> formats, ManifestSource derived, GivenManifests given) {
        for (Path root : roots) {
            if (!Files.exists(root)) {
                throw new IllegalArgumentException("there is no file or directory " + root);
            }
        }
        SourceOptions source = new SourceOptions(metrics, compiled());
        return new FollowOptions(
                roots, study, run, formats, forced(formats), source, includes, excludes, mostFiles, derived, given);
    }

    /** All that decides which losses come out, in a fixed order. */
    List<String> said() {
        List<String> said = new ArrayList<>();
        roots.stream()
                .map(root -> root.toAbsolutePath().normalize().toString())
                .sorted()
                .forEach(said::add);
        said.add("study " + study + " run " + run + " format " + format + " pattern " + pattern);
        new TreeMap<>(metrics).forEach((what, name) -> said.add(what + "=" + name));
        return said;
    }

    private @Nullable Format forced(List<Format> formats) {
        if (format == null) {
            return null;
        }
        return formats.stream()
                .filter(one -> one.name().equals(format))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no format is called " + format + ": there are "
                        + formats.stream().map(Format::name).collect(Collectors.joining(", "))));
    }

    private @Nullable Pattern compiled() {
        if (pattern == null) {
            return null;
        }
        if (!pattern.contains("(?<step>") || !pattern.contains("(?<loss>")) {
            throw new IllegalArgumentException("--pattern needs the groups (?<step>...) and (?<loss>...)");
        }
        try {
            return Pattern.compile(pattern);
        } catch (PatternSyntaxException e) {
            throw new IllegalArgumentException("--pattern is no regular expression: " + e.getMessage(), e);
        }
    }
}
