package io.straightedge.ingest.watch;

import io.straightedge.ingest.source.Format;
import io.straightedge.ingest.source.SourceOptions;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is followed, and how.
 *
 * @param roots directories, or single files
 * @param study the study of all runs; the name of each root's directory when null
 * @param run name of the only run, when a single file or directory of event files is followed; from the files when null
 * @param formats those that are tried, in this order
 * @param forced the format of all files; recognised when null
 * @param source what the user says of the files
 * @param includes globs on the path below the root or on the file's name; all files when empty
 * @param excludes the same; wins over {@code includes}
 * @param mostFiles files that are looked at at most
 * @param derived reads the runs' configuration
 * @param given what the user says of the runs
 */
public record FollowOptions(
        List<Path> roots,
        @Nullable String study,
        @Nullable String run,
        List<Format> formats,
        @Nullable Format forced,
        SourceOptions source,
        List<String> includes,
        List<String> excludes,
        int mostFiles,
        ManifestSource derived,
        GivenManifests given) {

    /** Files that are looked at at most unless told otherwise. */
    public static final int DEFAULT_MOST_FILES = 10_000;

    public FollowOptions {
        roots = roots.stream().map(root -> root.toAbsolutePath().normalize()).toList();
        formats = List.copyOf(formats);
        includes = List.copyOf(includes);
        excludes = List.copyOf(excludes);
    }

    /** Everything under the roots, with nothing said. */
    public static FollowOptions of(List<Path> roots, List<Format> formats) {
        return new FollowOptions(
                roots,
                null,
                null,
                formats,
                null,
                SourceOptions.NONE,
                List.of(),
                List.of(),
                DEFAULT_MOST_FILES,
                ManifestSource.NONE,
                GivenManifests.NONE);
    }
}
