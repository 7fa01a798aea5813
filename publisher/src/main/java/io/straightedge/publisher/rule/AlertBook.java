package io.straightedge.publisher.rule;

import io.straightedge.protocol.fit.CurveEstimate;
import io.straightedge.protocol.fit.Deviation;
import io.straightedge.protocol.fit.LawEstimate;
import io.straightedge.protocol.signal.Alert;
import io.straightedge.protocol.signal.Alert.State;
import io.straightedge.protocol.signal.AlertCommand;
import io.straightedge.publisher.predict.Recommendations;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The alerts of one study: deviations, commands and estimates in, alerts that have changed out.
 *
 * <p>A deviation begins a pending alert, which fires when its rule is content, may be acknowledged, and is resolved once
 * and for all. Its severity never falls while somebody knows of it. It is pending again while the alert of a fleet
 * speaks for it, and still while another alert of its run does. What is held is what the alerts themselves say, so a
 * book that was restored from them goes on as the lost one would have, and a replay of deviations that it has seen changes
 * nothing. Not thread-safe.
 */
public final class AlertBook {

    /** The label of an alert that another one speaks for, with its id. */
    public static final String FLEET_LABEL = "straightedge_fleet";

    /** The label of an alert for which another one of its run speaks, with the id of that. */
    public static final String PART_LABEL = "straightedge_part_of";

    /** The label of an alert whose own finding is over while one that it speaks for goes on, with the id of that. */
    static final String FOLLOWED_LABEL = "straightedge_followed_by";

    /** The label of an alert that was over before it was worth telling. */
    public static final String UNTOLD_LABEL = "straightedge_untold";

    static final String RUN_ENDED = "the run has ended";

    private static final String FORGOTTEN = "the run was forgotten";

    private final RuleBook book;
    private final Runs runs = new Runs();
    private final Fleet fleet;
    private final OneEvent event;
    private final TreeMap<String, LawEstimate> laws = new TreeMap<>();
    private final Silences silences = new Silences();
    private final Known alerts = new Known(silences);

    public AlertBook(RuleBook book) {
        this.book = book;
        this.fleet = new Fleet(book.fleet(), runs);
        this.event = new OneEvent(book.routes());
    }

    /** An alert as it was when a book before this one was lost. */
    public void restore(Alert alert) {
        alerts.restore(alert);
    }

    /** An alert that a lost book had forgotten. */
    public void restoreForgotten(String alertId) {
        alerts.remove(alertId);
    }

    /** What was known of a run, without what follows from it. */
    public void restore(CurveEstimate estimate) {
        runs.keep(estimate);
    }

    /** What a person had said, without what follows from it. */
    public void restore(AlertCommand command) {
        if (command.action() == AlertCommand.Action.SILENCE) {
            silences.keep(command);
        }
    }

    /** A split of a run that had been forgotten, without what follows from it. */
    public void restoreForgotten(String run, String split) {
        runs.forget(run, split);
    }

    /** All that are known, resolved ones too. */
    public Collection<Alert> alerts() {
        return alerts.all();
    }

    /** Whether nothing at all is held. */
    public boolean empty() {
        return alerts.isEmpty() && runs.empty() && laws.isEmpty() && silences.empty();
    }

    /** Days that runs have been watched for. */
    public double runDays() {
        return runs.days();
    }

    /** A detector says something. */
    public List<Alert> apply(Deviation deviation) {
        RuleSettings settings = book.of(deviation.detector());
        if (deviation.perDay() != null && deviation.perDay() > 0) {
            runs.paced(deviation.run(), deviation.perDay());
        }
        if (!settings.enabled()) {
            return List.of();
        }
        Alert held = Same.find(deviation, alerts.of(deviation.run()), fleet);
        if (deviation.phase() == Deviation.Phase.ENDED) {
            end(deviation, held);
        } else if (held == null || (held.state() != State.RESOLVED && !old(deviation, held))) {
            find(deviation, held, settings);
        }
        return alerts.changes();
    }

    private static boolean old(Deviation deviation, Alert held) {
        if (held.step() == null || deviation.step() > held.step()) {
            return false;
        }
        // What was spoken for stays so when it is read again, whatever its speaker has become since.
        return deviation.step() < held.step() || held.labels().containsKey(PART_LABEL);
    }

    private void end(Deviation deviation, @Nullable Alert held) {
        boolean over = held != null && held.state() == State.RESOLVED && !RUN_ENDED.equals(held.reason());
        if (held == null || over || held.labels().containsKey(FOLLOWED_LABEL)) {
            return;
        }
        Draft draft = Draft.of(held);
        draft.step = deviation.step();
        Alert next = held.active() ? OneEvent.goesOn(held, alerts.of(held.run()).values()) : null;
        if (next != null) {
            draft.summary = next.summary();
            alerts.put(draft.label(FOLLOWED_LABEL, next.id()).alert());
            return;
        }
        draft.resolve(deviation.message(), deviation.time());
        // What the detector says is better than what the end of the run lets one guess.
        draft.changed = deviation.time();
        alerts.put(draft.alert());
        settle(draft.alert());
    }

    private void find(Deviation deviation, @Nullable Alert held, RuleSettings settings) {
        Alert.Cost cost = Costs.of(deviation.outlook(), Recommendations.spokesman(laws));
        Verdict verdict = Rules.judge(new Finding(deviation, cost, settings, book));
        Draft draft = Drafts.of(deviation, held, cost);
        draft.severity = verdict.severity();
        Alert found = draft.alert();
        Alert whole = wholeFleet(found, deviation.time());
        if (whole != null && fleet.covers(whole, found)) {
            draft.severity = held == null ? verdict.severity() : held.severity();
            draft.label(FLEET_LABEL, whole.id());
            if (draft.state == State.FIRING) {
                draft.enter(State.PENDING, deviation.time());
            }
        } else {
            tell(draft, held, verdict, deviation.time());
        }
        if (verdict.severity() == Alert.Severity.INFO && draft.state == State.FIRING) {
            draft.resolve("for information", deviation.time());
        } else if (runs.ended(deviation.run(), deviation.sequence(), deviation.attempt())) {
            draft.resolve(RUN_ENDED, null);
        }
        alerts.put(draft.alert());
        settle(draft.alert());
    }

    /** Tells of what stands alone, unless another alert of the run speaks for it. */
    private void tell(Draft draft, @Nullable Alert held, Verdict verdict, @Nullable Instant time) {
        draft.label(FLEET_LABEL, null);
        if (held != null && held.active()) {
            draft.atLeast(held.severity());
            draft.label(FOLLOWED_LABEL, held.labels().get(FOLLOWED_LABEL));
        } else if (verdict.tell()) {
            Alert found = draft.alert();
            Alert speaker = event.speaksFor(found, alerts.of(found.run()).values(), time);
            if (speaker == null) {
                draft.enter(State.FIRING, time);
            } else {
                draft.label(PART_LABEL, speaker.id());
            }
        }
    }

    /** The alert of the study that this one belongs to, with it; null where it stands alone. */
    private @Nullable Alert wholeFleet(Alert found, @Nullable Instant time) {
        Alert whole = fleet.speaksFor(found, alerts.of("").values());
        if (whole != null) {
            alerts.put(fleet.with(whole, List.of(found)));
        } else {
            List<Alert> members = fleet.peers(found, alerts.all());
            if (members.isEmpty()) {
                return null;
            }
            alerts.put(fleet.begun(members, time));
            whole = Objects.requireNonNull(fleet.speaksFor(found, alerts.of("").values()));
            String id = whole.id();
            members.stream()
                    .filter(member -> member.state() == State.PENDING || member.state() == State.FIRING)
                    .filter(member -> !member.id().equals(found.id()))
                    .forEach(member -> alerts.put(stepBack(member, id, time)));
        }
        return alerts.of("").get(whole.id());
    }

    private static Alert stepBack(Alert member, String whole, @Nullable Instant time) {
        return Draft.of(member)
                .label(FLEET_LABEL, whole)
                .enter(State.PENDING, time)
                .alert();
    }

    /** Ends what has spoken for others, beyond its own end, and need not any more. */
    private void endFollowed(Alert member) {
        for (Alert speaker : List.copyOf(alerts.of(member.run()).values())) {
            if (speaker.state() != State.RESOLVED
                    && speaker.labels().containsKey(FOLLOWED_LABEL)
                    && OneEvent.goesOn(speaker, alerts.of(member.run()).values()) == null) {
                String why = member.state() == State.RESOLVED && member.reason() != null
                        ? member.reason()
                        : "it is told as " + member.rule() + " from now on";
                Alert over = Draft.of(speaker).resolve(why, member.changed()).alert();
                alerts.put(over);
                settle(over);
            }
        }
    }

    /** Ends the fleets whose last member has come back, and the alert that speaks for others when all are over. */
    private void settle(Alert member) {
        endFollowed(member);
        if (member.state() != State.RESOLVED) {
            return;
        }
        for (Alert whole : List.copyOf(alerts.of("").values())) {
            if (whole.active() && fleet.member(whole, member) && !anyOpen(whole)) {
                alerts.put(fleet.over(whole, member));
            }
        }
    }

    private boolean anyOpen(Alert whole) {
        return whole.runs().stream()
                .flatMap(run -> alerts.of(run).values().stream())
                .anyMatch(alert -> alert.state() != State.RESOLVED && fleet.member(whole, alert));
    }

    /** A run's curve was revised: alerts of a run that has ended are over. */
    public List<Alert> apply(CurveEstimate estimate) {
        runs.keep(estimate);
        if (estimate.status().ended()) {
            for (Alert alert : List.copyOf(alerts.of(estimate.run()).values())) {
                if (alert.state() != State.RESOLVED && alert.attempt() <= estimate.attempt()) {
                    Alert over = Draft.of(alert).resolve(RUN_ENDED, null).alert();
                    alerts.put(over);
                    settle(over);
                }
            }
        }
        return alerts.changes();
    }

    /** A law was revised: it counts the cost of what is found from now on. */
    public List<Alert> apply(LawEstimate estimate) {
        laws.put(estimate.name(), estimate);
        return List.of();
    }

    /** A person says something of alerts. */
    public List<Alert> apply(AlertCommand command) {
        switch (command.action()) {
            case ACKNOWLEDGE -> acknowledge(command);
            case SILENCE -> {
                silences.keep(command);
                stamp();
            }
            case TOLD -> {}
        }
        return alerts.changes();
    }

    private void acknowledge(AlertCommand command) {
        for (Alert alert : alerts.all()) {
            if (alert.id().equals(command.alert())
                    && (alert.state() == State.PENDING || alert.state() == State.FIRING)) {
                Draft draft = Draft.of(alert).enter(State.ACKNOWLEDGED, command.time());
                draft.acknowledgedBy = command.by();
                alerts.put(draft.alert());
            }
        }
    }

    /** A command was taken back. */
    public List<Alert> withdraw(String commandKey) {
        silences.forget(commandKey);
        stamp();
        return alerts.changes();
    }

    private void stamp() {
        alerts.all().stream().filter(alert -> alert.state() != State.RESOLVED).forEach(alerts::put);
    }

    /** The study's law of that name was forgotten. */
    public void forgetLaw(String name) {
        laws.remove(name);
    }

    /** A split of a run was forgotten; with the last one go the run's alerts, which are returned as resolved. */
    public List<Alert> forget(String run, String split) {
        if (!runs.forget(run, split)) {
            return List.of();
        }
        List<Alert> gone = new ArrayList<>(alerts.removeOf(run));
        if (runs.empty()) {
            gone.addAll(alerts.removeOf(""));
        }
        return gone.stream()
                .map(alert -> Draft.of(alert).resolve(FORGOTTEN, null).alert())
                .toList();
    }
}
