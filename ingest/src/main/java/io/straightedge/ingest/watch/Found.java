package io.straightedge.ingest.watch;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A file that is there.
 *
 * @param root the directory that is followed, or the single file
 * @param source under which name the source goes: files of one source are read one after the other, as if they were one
 * @param order place among the files of the source: read from the lowest on
 * @param split of its losses, where its directory says that these are not of the training; else null
 * @param fileKey what the file system tells files apart by, if it does
 */
record Found(
        Path root,
        Path path,
        String source,
        String order,
        @Nullable String split,
        boolean packed,
        @Nullable Object fileKey,
        long size,
        long modifiedMillis) {}
