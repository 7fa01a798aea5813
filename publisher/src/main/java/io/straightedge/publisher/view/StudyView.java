package io.straightedge.publisher.view;

import io.straightedge.protocol.fit.LawEstimate;
import io.straightedge.protocol.fit.TrackRecord;
import io.straightedge.protocol.signal.Recommendation;
import io.straightedge.publisher.predict.Recommendations;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A study as last heard of, its runs aside.
 *
 * @param laws estimates by name
 * @param recommendations by budget in FLOPs
 * @param trackRecords what its forecasts have been worth, by split
 */
public record StudyView(
        String study,
        SortedMap<String, LawEstimate> laws,
        SortedMap<Double, Recommendation> recommendations,
        SortedMap<String, TrackRecord> trackRecords) {

    public StudyView {
        laws = Collections.unmodifiableSortedMap(new TreeMap<>(laws));
        recommendations = Collections.unmodifiableSortedMap(new TreeMap<>(recommendations));
        trackRecords = Collections.unmodifiableSortedMap(new TreeMap<>(trackRecords));
    }

    static StudyView empty(String study) {
        return new StudyView(study, new TreeMap<>(), new TreeMap<>(), new TreeMap<>());
    }

    /** The law that speaks for the study, or else any estimate, which then says why there is no law; null when none. */
    public @Nullable LawEstimate law() {
        LawEstimate spokesman = Recommendations.spokesman(laws);
        return spokesman != null || laws.isEmpty() ? spokesman : laws.get(laws.firstKey());
    }

    StudyView with(String name, @Nullable LawEstimate estimate) {
        TreeMap<String, LawEstimate> changed = new TreeMap<>(laws);
        if (estimate == null) {
            changed.remove(name);
        } else {
            changed.put(name, estimate);
        }
        return new StudyView(study, changed, recommendations, trackRecords);
    }

    StudyView with(double budgetFlops, @Nullable Recommendation recommendation) {
        TreeMap<Double, Recommendation> changed = new TreeMap<>(recommendations);
        if (recommendation == null) {
            changed.remove(budgetFlops);
        } else {
            changed.put(budgetFlops, recommendation);
        }
        return new StudyView(study, laws, changed, trackRecords);
    }

    StudyView withTrackRecord(String split, @Nullable TrackRecord record) {
        TreeMap<String, TrackRecord> changed = new TreeMap<>(trackRecords);
        if (record == null) {
            changed.remove(split);
        } else {
            changed.put(split, record);
        }
        return new StudyView(study, laws, recommendations, changed);
    }

    boolean empty() {
        return laws.isEmpty() && recommendations.isEmpty() && trackRecords.isEmpty();
    }
}
