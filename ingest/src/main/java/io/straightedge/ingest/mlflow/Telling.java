package io.straightedge.ingest.mlflow;

import io.straightedge.ingest.manifest.ManifestFacts;
import io.straightedge.protocol.run.LossObservation;
import io.straightedge.protocol.run.RunManifest;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What is told of one run in {@code training-events}: its manifest whenever that changes, and its losses. Which of
 * several names a loss is read under is settled by the first that comes, also over a restart. Not thread-safe.
 */
final class Telling {

    private static final String OVERRIDES = "straightedge.";

    /** What a number is to the name under which it has come. */
    private final Map<String, String> met = new TreeMap<>();

    private @Nullable ManifestFacts facts;
    private @Nullable RunManifest told;
    private boolean owed;
    private @Nullable Steps steps;

    /** What the run's configuration tells. */
    ManifestFacts facts(RunState run) {
        if (facts == null) {
            facts = lenient(run.configuration());
        }
        return facts;
    }

    /** Of what is stored already nothing is refused any more. */
    private static ManifestFacts lenient(Map<String, String> values) {
        try {
            return ManifestFacts.from(values);
        } catch (IllegalArgumentException e) {
            values.keySet().removeIf(key -> key.startsWith(OVERRIDES));
            return ManifestFacts.from(values);
        }
    }

    /** @throws Refused when something in it that the user says for this program cannot be read */
    static ManifestFacts strict(Map<String, String> values) {
        try {
            return ManifestFacts.from(values);
        } catch (IllegalArgumentException e) {
            throw Refused.invalid(String.valueOf(e.getMessage()));
        }
    }

    /** The configuration has changed, or may have. */
    void forgetFacts() {
        facts = null;
    }

    /** Takes over under which names numbers came before a restart, or to another gateway. */
    void takeOver(Map<String, String> metBefore) {
        if (!met.equals(metBefore)) {
            metBefore.forEach(met::putIfAbsent);
            steps = null;
        }
    }

    /** What a number is to its name: what the user says, else under which name it has come. */
    Map<String, String> columns(RunState run) {
        Map<String, String> columns = new TreeMap<>(met);
        columns.putAll(facts(run).columns());
        return columns;
    }

    /** What a number is to the name under which it has come. */
    Map<String, String> met() {
        return met;
    }

    /** Whether a loss of the run has ever been told. */
    boolean lossMet() {
        return met.keySet().stream().anyMatch(what -> what.startsWith("loss"));
    }

    /** The manifest as it would be with these facts. */
    RunManifest manifest(ManifestFacts now, RunState before, RunInfo run) {
        RunManifest last = told(before);
        boolean same = now == facts
                && last.study().equals(run.study())
                && last.run().equals(run.run())
                && Objects.equals(last.attempt(), attempt(run));
        return same ? last : now.manifest(run.study(), run.run(), attempt(run));
    }

    /** Whether this manifest has still to be told. */
    boolean owes(RunManifest manifest) {
        return owed || !manifest.equals(told);
    }

    /** What has been told so far; before a restart it was what is stored. */
    private RunManifest told(RunState run) {
        if (told == null) {
            RunInfo info = Objects.requireNonNull(run.info);
            told = facts(run).manifest(info.study(), info.run(), attempt(info));
        }
        return told;
    }

    /** The losses among new points, under the names that the facts say. */
    List<LossObservation> losses(List<MetricPoint> points, RunInfo run, ManifestFacts now, RunState before) {
        Map<String, String> columns = now.columns();
        if (now != facts && !columns.equals(facts(before).columns())) {
            met.keySet().removeAll(columns.keySet());
            steps = null;
        }
        if (points.isEmpty()) {
            return List.of();
        }
        if (steps == null) {
            steps = new Steps(columns, met);
        }
        try {
            return steps.take(points, run, run.attempt(), now.sequenceLength());
        } catch (IllegalArgumentException e) {
            throw Refused.invalid(String.valueOf(e.getMessage()));
        }
    }

    /** This is on its way to be told. */
    void tell(RunManifest manifest, ManifestFacts now) {
        facts = now;
        told = manifest;
        owed = false;
    }

    /** What was on its way was not stored, or nobody knows. */
    void takeBack(boolean manifestWasInIt) {
        facts = null;
        if (manifestWasInIt) {
            told = null;
            owed = true;
        }
    }

    private static @Nullable Integer attempt(RunInfo run) {
        return run.attempt() == 0 ? null : Integer.valueOf(run.attempt());
    }
}
