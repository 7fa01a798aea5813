package io.straightedge.ingest.watch;

import io.straightedge.ingest.metric.MetricNames;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Whose event files a directory has: Keras and T5X write those of one run into {@code train} and {@code validation}, or
 * {@code training_eval/TASK}, below the run's directory, all with the same tags.
 *
 * <p>{@code train} is always part of the directory above it. Others are where that has events of its training: a run may
 * well be called {@code test}.
 *
 * @param run directory of the run
 * @param split of losses that are named as if they were of the training; null where they are
 */
record EventFolder(Path run, @Nullable String split) {

    private static final Set<String> TRAINING = Set.of("train", "training");
    private static final Set<String> VALIDATION =
            Set.of("validation", "valid", "val", "eval", "evaluation", "training_eval", "inference_eval", "test");
    private static final String TEST = "test";

    /**
     * What the folder is.
     *
     * @param root what is followed: nothing above it is looked at
     * @param training whether a directory has events of its training, in it or in {@code train} below it
     */
    static EventFolder of(Path root, Path folder, Predicate<Path> training) {
        EventFolder itself = new EventFolder(folder, null);
        Path above = folder.equals(root) || !folder.startsWith(root) ? null : folder.getParent();
        if (above == null) {
            return itself;
        }
        if (isTraining(folder)) {
            return new EventFolder(above, null);
        }
        if (VALIDATION.contains(lowerName(folder))) {
            return training.test(above) ? new EventFolder(above, split(folder)) : itself;
        }
        Path higher = above.equals(root) ? null : above.getParent();
        if (higher != null && VALIDATION.contains(lowerName(above)) && training.test(higher)) {
            return new EventFolder(higher, split(above) + "/" + Discovery.name(folder));
        }
        return itself;
    }

    /** Whether it is named after the training. */
    static boolean isTraining(Path folder) {
        return TRAINING.contains(lowerName(folder));
    }

    private static String split(Path folder) {
        return lowerName(folder).equals(TEST) ? TEST : MetricNames.VALIDATION;
    }

    private static String lowerName(Path folder) {
        return Discovery.name(folder).toLowerCase(Locale.ROOT);
    }
}
