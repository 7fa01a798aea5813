package io.straightedge.publisher.view;

import io.straightedge.protocol.fit.CurveEstimate;
import io.straightedge.protocol.fit.ForecastScore;
import io.straightedge.protocol.signal.Prediction;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One split of a run as last heard of. Any part may be missing: the topics are read in no particular order.
 *
 * @param track how the forecast of the final loss developed, oldest first, the last {@value #MAX_TRACK}; begins with
 *     what compaction has left when the reader began
 */
public record SplitView(
        @Nullable CurveEstimate estimate,
        @Nullable Prediction prediction,
        @Nullable ForecastScore score,
        List<TrackPoint> track) {

    /** Most revisions kept in a track. */
    public static final int MAX_TRACK = 200;

    static final SplitView EMPTY = new SplitView(null, null, null, List.of());

    public SplitView {
        track = List.copyOf(track);
    }

    /** With a newer estimate; one that is older than the one held changes nothing. */
    SplitView with(CurveEstimate fresh) {
        if (estimate != null && fresh.revision() < estimate.revision() && fresh.sequence() < estimate.sequence()) {
            return this;
        }
        return new SplitView(fresh, prediction, score, extended(track, TrackPoint.of(fresh)));
    }

    SplitView with(@Nullable Prediction fresh) {
        return new SplitView(estimate, fresh, score, track);
    }

    SplitView with(@Nullable ForecastScore fresh) {
        return new SplitView(estimate, prediction, fresh, track);
    }

    SplitView withoutEstimate() {
        return new SplitView(null, prediction, score, List.of());
    }

    boolean empty() {
        return estimate == null && prediction == null && score == null;
    }

    private static List<TrackPoint> extended(List<TrackPoint> track, @Nullable TrackPoint point) {
        if (point == null) {
            return track;
        }
        List<TrackPoint> longer = new ArrayList<>(track);
        longer.removeIf(old -> old.revision() >= point.revision());
        longer.add(point);
        return longer.size() > MAX_TRACK ? longer.subList(longer.size() - MAX_TRACK, longer.size()) : longer;
    }
}
