package io.straightedge.ingest.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.straightedge.protocol.run.LossObservation;
import io.straightedge.protocol.run.RunManifest;
import io.straightedge.protocol.run.TrainingEvent;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.utils.Utils;
import org.jspecify.annotations.Nullable;

/**
 * Holds back runs and splits beyond what a study and a run may have: a job that names its runs or splits after the step
 * would fill the fitter's memory. Thread-safe.
 *
 * <p>Counted is what has come by since the process started, by hashes of the names, some 60 bytes a run. Where more runs
 * have come by than are remembered in all, the study that was not heard of for longest is counted anew.
 */
final class Series {

    /** Runs that a study may have. */
    static final int RUNS = 10_000;

    /** Splits that a run may have. */
    static final int SPLITS = 256;

    private static final int REMEMBERED_RUNS = 200_000;

    private final int remembered;
    private final LinkedHashMap<String, Map<Long, Set<Long>>> studies = new LinkedHashMap<>(16, .75f, true);
    private int runs;

    Series() {
        this(REMEMBERED_RUNS);
    }

    Series(int remembered) {
        this.remembered = remembered;
    }

    /** Why the event may not come in; null when it may, and is counted. */
    synchronized @Nullable String objection(TrainingEvent event) {
        if (event instanceof LossObservation loss) {
            return objection(loss.study(), loss.run(), loss.split());
        }
        return event instanceof RunManifest manifest ? objection(manifest.study(), manifest.run(), null) : null;
    }

    private @Nullable String objection(String study, String run, @Nullable String split) {
        Map<Long, Set<Long>> known = studies.computeIfAbsent(study, unused -> new HashMap<>());
        Set<Long> splits = known.get(hash(run));
        if (splits == null) {
            if (known.size() >= RUNS) {
                return "the study has " + RUNS + " runs: at most so many are allowed";
            }
            splits = new HashSet<>(2);
            known.put(hash(run), splits);
            runs++;
            forget();
        }
        if (split != null && !splits.contains(hash(split))) {
            if (splits.size() >= SPLITS) {
                return "the run has " + SPLITS + " splits: at most so many are allowed";
            }
            splits.add(hash(split));
        }
        return null;
    }

    /** The study that was just used is the last in the order. */
    private void forget() {
        Iterator<Map<Long, Set<Long>>> oldest = studies.values().iterator();
        while (runs > remembered && studies.size() > 1) {
            runs -= oldest.next().size();
            oldest.remove();
        }
    }

    private static long hash(String name) {
        return ((long) name.hashCode() << 32) ^ (Utils.murmur2(name.getBytes(UTF_8)) & 0xffffffffL);
    }
}
