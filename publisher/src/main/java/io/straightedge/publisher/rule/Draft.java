package io.straightedge.publisher.rule;

import io.straightedge.protocol.signal.Alert;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** An alert in the making: what it was, with what has changed. Not thread-safe. */
final class Draft {

    final String id;
    final String study;
    final String run;
    final int attempt;
    final String rule;
    final long onsetStep;
    final @Nullable Instant since;
    final @Nullable String split;
    final @Nullable String owner;
    Alert.Severity severity = Alert.Severity.INFO;
    Alert.State state = Alert.State.PENDING;
    double sizeNats = Double.NaN;
    String summary = "";

    @Nullable
    String reason;

    Map<String, String> labels = Map.of();

    @Nullable
    Long step;

    @Nullable
    Double sizeSigmas;

    @Nullable
    Instant changed;

    Alert.@Nullable Cost cost;

    @Nullable
    String acknowledgedBy;

    @Nullable
    Instant silencedUntil;

    List<String> runs = List.of();

    Draft(
            String id,
            String study,
            String run,
            int attempt,
            String rule,
            long onsetStep,
            @Nullable Instant since,
            @Nullable String split,
            @Nullable String owner) {
        this.id = id;
        this.study = study;
        this.run = run;
        this.attempt = attempt;
        this.rule = rule;
        this.onsetStep = onsetStep;
        this.since = since;
        this.split = split;
        this.owner = owner;
    }

    static Draft of(Alert alert) {
        Draft draft = new Draft(
                alert.id(),
                alert.study(),
                alert.run(),
                alert.attempt(),
                alert.rule(),
                alert.onsetStep(),
                alert.since(),
                alert.split(),
                alert.owner());
        draft.severity = alert.severity();
        draft.state = alert.state();
        draft.sizeNats = alert.sizeNats();
        draft.summary = alert.summary();
        draft.reason = alert.reason();
        draft.labels = alert.labels();
        draft.step = alert.step();
        draft.sizeSigmas = alert.sizeSigmas();
        draft.changed = alert.changed();
        draft.cost = alert.cost();
        draft.acknowledgedBy = alert.acknowledgedBy();
        draft.silencedUntil = alert.silencedUntil();
        draft.runs = alert.runs();
        return draft;
    }

    /** In another state since {@code time}; no change where it is in it already. */
    Draft enter(Alert.State next, @Nullable Instant time) {
        if (state != next) {
            state = next;
            changed = time;
        }
        return this;
    }

    /** Over; what nobody was told of says so. */
    Draft resolve(String why, @Nullable Instant time) {
        boolean spokenFor = labels.containsKey(AlertBook.FLEET_LABEL) || labels.containsKey(AlertBook.PART_LABEL);
        if (state == Alert.State.PENDING && !spokenFor) {
            label(AlertBook.UNTOLD_LABEL, "true");
        }
        reason = why;
        return enter(Alert.State.RESOLVED, time);
    }

    Draft label(String name, @Nullable String value) {
        TreeMap<String, String> with = new TreeMap<>(labels);
        if (value == null) {
            with.remove(name);
        } else {
            with.put(name, value);
        }
        labels = with;
        return this;
    }

    /** Severity that never falls. */
    Draft atLeast(Alert.Severity least) {
        if (least.compareTo(severity) > 0) {
            severity = least;
        }
        return this;
    }

    Alert alert() {
        return new Alert(
                id,
                study,
                run,
                attempt,
                rule,
                severity,
                state,
                onsetStep,
                sizeNats,
                since,
                summary,
                reason,
                labels,
                split,
                step,
                sizeSigmas,
                changed,
                cost,
                owner,
                acknowledgedBy,
                silencedUntil,
                runs);
    }
}
