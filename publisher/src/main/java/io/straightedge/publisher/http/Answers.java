package io.straightedge.publisher.http;

import io.straightedge.protocol.fit.CurveEstimate;
import io.straightedge.protocol.fit.Deviation;
import io.straightedge.protocol.fit.Forecast;
import io.straightedge.protocol.fit.LawEstimate;
import io.straightedge.protocol.fit.RunStatus;
import io.straightedge.protocol.fit.TrackRecord;
import io.straightedge.protocol.fit.WhatIf;
import io.straightedge.protocol.signal.Alert;
import io.straightedge.protocol.signal.AlertCommand;
import io.straightedge.protocol.signal.Prediction;
import io.straightedge.protocol.signal.Recommendation;
import io.straightedge.publisher.predict.Advice;
import io.straightedge.publisher.predict.Candidate;
import io.straightedge.publisher.predict.Chance;
import io.straightedge.publisher.predict.Circumstances;
import io.straightedge.publisher.predict.LawSummary;
import io.straightedge.publisher.predict.NextRuns;
import io.straightedge.publisher.view.Change;
import io.straightedge.publisher.view.RunId;
import io.straightedge.publisher.view.RunView;
import io.straightedge.publisher.view.SplitView;
import io.straightedge.publisher.view.StudyView;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/** What the API answers one caller, as records; pure functions of what the caller may see of the read model. */
final class Answers {

    record Studies(List<StudyRow> studies) {}

    record Study(
            StudyRow study,
            @Nullable LawEstimate law,
            @Nullable LawSummary summary,
            List<Recommendation> recommendations,
            @Nullable NextRuns nextRuns,
            List<RunRow> runs) {}

    /** By split; empty before a run has been scored. */
    record Track(String study, SortedMap<String, TrackRecord> splits) {}

    record Runs(List<RunRow> runs) {}

    /** {@code chance} is null unless the run is running. */
    record Run(RunRow run, @Nullable Chance chance, SortedMap<String, SplitView> splits, List<Deviation> deviations) {}

    /** Forecasts under other plans beside the run's own: of its main split. */
    record WhatIfs(
            String study,
            String run,
            String split,
            long step,
            @Nullable Long plannedSteps,
            @Nullable Forecast finalLoss,
            List<WhatIf> whatIf) {}

    record Predictions(List<Prediction> predictions) {}

    /** {@code advice} is empty unless a budget was given. */
    record Budgets(List<Recommendation> recommendations, List<Advice> advice, List<String> notes) {}

    record Deviations(List<Deviation> deviations) {}

    record Alerts(List<Alert> alerts) {}

    record Silences(List<AlertCommand> silences) {}

    /** Everything in the tables, for a client that knows nothing yet. */
    record Snapshot(boolean caughtUp, List<StudyRow> studies, List<RunRow> runs) {}

    /** What replaces or removes lines of the tables. */
    record Delta(List<StudyRow> studies, List<RunRow> runs, List<String> goneStudies, List<RunId> goneRuns) {

        /** Whether nothing of it concerns the caller. */
        boolean empty() {
            return studies.isEmpty() && runs.isEmpty() && goneStudies.isEmpty() && goneRuns.isEmpty();
        }
    }

    private final Visible view;

    Answers(Visible view) {
        this.view = view;
    }

    Studies studies() {
        return new Studies(view.studies().stream().map(this::row).toList());
    }

    @Nullable
    Study study(String name) {
        StudyView study = view.study(name);
        if (study == null) {
            return null;
        }
        LawEstimate law = study.law();
        return new Study(
                row(study),
                law,
                law == null ? null : LawSummary.of(law),
                List.copyOf(study.recommendations().values()),
                law == null ? null : NextRuns.of(law, underWay(name)),
                rows(view.runs(name)));
    }

    @Nullable
    Track trackRecord(String name) {
        StudyView study = view.study(name);
        return study == null ? null : new Track(name, study.trackRecords());
    }

    Runs runs(@Nullable String study) {
        return new Runs(rows(study == null ? view.runs() : view.runs(study)));
    }

    @Nullable
    Run run(RunId id) {
        RunView run = view.run(id);
        RunRow row = run == null ? null : RunRow.of(run);
        return run == null || row == null ? null : new Run(row, chance(run), run.splits(), run.deviations());
    }

    @Nullable
    WhatIfs whatIf(RunId id) {
        RunView run = view.run(id);
        CurveEstimate estimate = run == null ? null : run.estimate();
        return estimate == null
                ? null
                : new WhatIfs(
                        estimate.study(),
                        estimate.run(),
                        estimate.split(),
                        estimate.step(),
                        estimate.plannedSteps(),
                        estimate.finalLoss(),
                        estimate.whatIf());
    }

    private @Nullable Chance chance(RunView run) {
        CurveEstimate estimate = run.estimate();
        if (estimate == null) {
            return null;
        }
        StudyView study = view.study(run.id().study());
        List<CurveEstimate> siblings = view.runs(run.id().study()).stream()
                .map(sibling -> sibling.splits().get(estimate.split()))
                .filter(Objects::nonNull)
                .map(SplitView::estimate)
                .filter(Objects::nonNull)
                .toList();
        return Chance.of(estimate, study == null ? null : study.law(), siblings);
    }

    /** The sizes of the study's runs that are planned, running or finished. */
    private List<Candidate> underWay(String study) {
        List<Candidate> sizes = new ArrayList<>();
        for (RunView run : view.runs(study)) {
            CurveEstimate estimate = run.estimate();
            if (estimate != null && estimate.status() != RunStatus.FAILED && estimate.status() != RunStatus.KILLED) {
                Double params = estimate.params();
                Double tokens = estimate.plannedTokens();
                if (params != null && tokens != null && Candidate.possible(params, tokens)) {
                    sizes.add(new Candidate(params, tokens));
                }
            }
        }
        return sizes;
    }

    /** Runs whose name, or study and name joined by a slash, is the one given. */
    List<RunId> named(String name) {
        return view.runs().stream()
                .map(RunView::id)
                .filter(id -> id.run().equals(name) || (id.study() + "/" + id.run()).equals(name))
                .toList();
    }

    Predictions predictions(@Nullable String study) {
        return new Predictions((study == null ? view.runs() : view.runs(study))
                .stream()
                        .flatMap(run -> run.splits().values().stream())
                        .map(SplitView::prediction)
                        .filter(Objects::nonNull)
                        .toList());
    }

    Deviations deviations(@Nullable String study) {
        return new Deviations((study == null ? view.runs() : view.runs(study))
                .stream().flatMap(run -> run.deviations().stream()).toList());
    }

    /** The latest onset first; of one study, or in one state, if named. */
    Alerts alerts(@Nullable String study, Alert.@Nullable State state) {
        return new Alerts(view.alerts().stream()
                .filter(alert -> study == null || alert.study().equals(study))
                .filter(alert -> state == null || alert.state() == state)
                .sorted(Comparator.comparing(Answers::when, Comparator.reverseOrder())
                        .thenComparing(Alert::id))
                .toList());
    }

    private static Instant when(Alert alert) {
        Instant since = alert.since() == null ? alert.changed() : alert.since();
        return since == null ? Instant.EPOCH : since;
    }

    @Nullable
    Alert alert(String id) {
        return view.alert(id);
    }

    /** Those that have not ended. */
    Silences silences(@Nullable String study, Instant now) {
        return new Silences(view.silences().stream()
                .filter(silence -> study == null || silence.study().equals(study))
                .filter(silence -> silence.until() != null && silence.until().isAfter(now))
                .toList());
    }

    /** What has been published, or for one budget and what else is known what the law says now. */
    Budgets budgets(@Nullable String study, @Nullable Double budgetFlops, Circumstances known) {
        List<Recommendation> recommendations = new ArrayList<>();
        List<Advice> advice = new ArrayList<>();
        List<String> notes = new ArrayList<>();
        for (StudyView candidate : view.studies()) {
            if (study != null && !study.equals(candidate.study())) {
                continue;
            }
            LawEstimate law = candidate.law();
            if (law == null || law.law() == null) {
                notes.add(candidate.study() + " has no law yet"
                        + (law == null || law.diagnostics().isEmpty()
                                ? ""
                                : ": " + String.join("; ", law.diagnostics())));
            } else if (budgetFlops == null) {
                recommendations.addAll(candidate.recommendations().values());
            } else {
                Advice given = Advice.of(law, budgetFlops, known);
                if (given == null) {
                    notes.add(candidate.study() + ": the law says nothing finite of this budget");
                } else {
                    recommendations.add(given.optimum());
                    advice.add(given);
                }
            }
        }
        return new Budgets(recommendations, advice, notes);
    }

    Snapshot snapshot() {
        return new Snapshot(view.caughtUp(), studies().studies(), rows(view.runs()));
    }

    Delta delta(List<Change> all) {
        List<Change> changes = view.changes(all);
        List<StudyRow> studies = new ArrayList<>();
        List<RunRow> runs = new ArrayList<>();
        List<String> goneStudies = new ArrayList<>();
        List<RunId> goneRuns = new ArrayList<>();
        for (String name : changes.stream().map(Change::study).distinct().toList()) {
            StudyView study = view.study(name);
            if (study == null) {
                goneStudies.add(name);
            } else {
                studies.add(row(study));
            }
        }
        for (Change change : changes) {
            if (change.run() == null) {
                continue;
            }
            RunId id = new RunId(change.study(), change.run());
            RunView run = view.run(id);
            RunRow row = run == null ? null : RunRow.of(run);
            if (row == null) {
                goneRuns.add(id);
            } else {
                runs.add(row);
            }
        }
        return new Delta(studies, runs, goneStudies, goneRuns);
    }

    private StudyRow row(StudyView study) {
        return StudyRow.of(study, rows(view.runs(study.study())));
    }

    private static List<RunRow> rows(List<RunView> runs) {
        return runs.stream().map(RunRow::of).filter(Objects::nonNull).toList();
    }
}
