package io.straightedge.publisher.http;

import io.straightedge.protocol.fit.LawEstimate;
import io.straightedge.protocol.fit.RunStatus;
import io.straightedge.protocol.fit.TrackRecord;
import io.straightedge.publisher.view.StudyView;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A study in one line.
 *
 * @param hasLaw whether a law has been fitted
 * @param lawId of the latest law estimate, with or without a law
 * @param recommendationId of the recommendation for the largest budget
 * @param trackRecordId of the latest track record of any split
 */
record StudyRow(
        String study,
        long runs,
        long running,
        long finished,
        boolean hasLaw,
        @Nullable String lawId,
        @Nullable String recommendationId,
        @Nullable String trackRecordId) {

    static StudyRow of(StudyView study, List<RunRow> runs) {
        LawEstimate law = study.law();
        return new StudyRow(
                study.study(),
                runs.size(),
                runs.stream().filter(run -> run.status() == RunStatus.RUNNING).count(),
                runs.stream().filter(run -> run.status() == RunStatus.FINISHED).count(),
                law != null && law.law() != null,
                law == null ? null : law.id(),
                study.recommendations().isEmpty()
                        ? null
                        : Objects.requireNonNull(study.recommendations()
                                        .get(study.recommendations().lastKey()))
                                .id(),
                study.trackRecords().values().stream()
                        .max(Comparator.comparingLong(TrackRecord::sequence))
                        .map(TrackRecord::id)
                        .orElse(null));
    }
}
