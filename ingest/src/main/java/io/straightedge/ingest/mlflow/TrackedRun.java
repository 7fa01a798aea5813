package io.straightedge.ingest.mlflow;

import io.straightedge.ingest.manifest.ManifestFacts;
import io.straightedge.protocol.run.LossObservation;
import io.straightedge.protocol.run.Outcome;
import io.straightedge.protocol.run.RunEnd;
import io.straightedge.protocol.run.RunManifest;
import io.straightedge.protocol.run.TrainingEvent;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One run: what is stored of it, and what was asked of it. Thread-safe; its lock is never held for longer than one
 * request takes to be worked out, and the order in which requests take it is the order of their records.
 *
 * <p>Readers see what Kafka has stored. Requests are held against what was asked before, stored or not.
 */
final class TrackedRun {

    private static final Logger LOG = LoggerFactory.getLogger(TrackedRun.class);

    /** Different metrics that a run may have. */
    static final int SERIES = 2000;

    private static final long SNAPSHOT_MILLIS = 10_000;

    private final String id;
    private final RunState stored = new RunState();
    private final RunState wanted = new RunState();
    private final Pending pending = new Pending();
    private final Telling telling = new Telling();
    private final Attempts attempts = new Attempts();

    private Map<String, String> snapshotMet = Map.of();
    private long lastSnapshotMillis;

    TrackedRun(String id) {
        this.id = id;
    }

    /** What a reader sees. */
    record View(RunInfo info, Map<String, String> params, Map<String, String> tags, Map<String, MetricPoint> metrics) {}

    synchronized @Nullable RunInfo info() {
        return stored.info;
    }

    /** What is stored; null while only parts of the run are known. */
    synchronized @Nullable View view() {
        RunInfo info = stored.info;
        return info == null
                ? null
                : new View(info, Map.copyOf(stored.params), Map.copyOf(stored.tags), Map.copyOf(stored.metrics));
    }

    /** Takes over what was stored by another gateway, or before a restart. */
    synchronized void takeOver(RunInfo info) {
        stored.info = info;
        wanted.info = info;
    }

    synchronized void takeOverParam(String key, String value) {
        stored.params.put(key, value);
        wanted.params.put(key, value);
        telling.forgetFacts();
    }

    synchronized void takeOverTag(String key, @Nullable String value) {
        stored.tag(key, value);
        wanted.tag(key, value);
        telling.forgetFacts();
    }

    /** @param met what a number is to the name under which it has come */
    synchronized void takeOverMetrics(List<MetricPoint> points, Map<String, String> met) {
        attempts.logged();
        points.forEach(stored::metric);
        points.forEach(wanted::metric);
        telling.takeOver(met);
    }

    /** What a number is to its name, of those that are read. */
    synchronized Map<String, String> columns() {
        return telling.columns(wanted);
    }

    /**
     * Creates the run.
     *
     * @throws Refused when its tags cannot be
     */
    synchronized CompletableFuture<Void> create(RunInfo newInfo, Map<String, String> newTags, Outbox outbox) {
        ManifestFacts facts = Telling.strict(newTags);
        RunManifest manifest = facts.manifest(newInfo.study(), newInfo.run(), null);
        List<ProducerRecord<byte[], byte[]>> written = new ArrayList<>();
        written.add(outbox.records().event(manifest));
        written.add(outbox.records().run(newInfo));
        newTags.forEach((key, value) -> written.add(outbox.records().tag(id, key, value)));
        wanted.info = newInfo;
        wanted.tags.putAll(newTags);
        telling.tell(manifest, facts);
        return outbox.write(written).thenRun(() -> created(newInfo, newTags));
    }

    private synchronized void created(RunInfo newInfo, Map<String, String> newTags) {
        stored.info = newInfo;
        stored.tags.putAll(newTags);
    }

    /** What one change comes to, to be kept or taken back. */
    private record Asked(
            Map<String, String> params,
            Map<String, String> tags,
            Change change,
            List<MetricPoint> points,
            RunInfo before,
            RunInfo after,
            boolean told) {}

    /**
     * Changes the run: completes once everything that was asked for is stored.
     *
     * @param nowMillis the present time
     * @param admission what the run is to be called in another study; refuses when it may not be there
     * @throws Refused when nothing of it can be taken
     */
    synchronized CompletableFuture<Void> change(
            Change change, long nowMillis, Outbox outbox, UnaryOperator<String> admission) {
        RunInfo before = changeable(change);
        List<CompletableFuture<Void>> waits = new ArrayList<>();
        Map<String, String> params = newParams(change.params(), waits);
        Map<String, String> tags = newTags(change);
        List<MetricPoint> points = newPoints(change.metrics(), waits);
        boolean same =
                params.isEmpty() && tags.isEmpty() && change.deletedTags().isEmpty();
        ManifestFacts facts = same ? telling.facts(wanted) : Telling.strict(wanted.configuration(params, tags, change));
        RunInfo after = inStudy(facts.study(), updated(before, change), tags, admission);
        RunManifest manifest = telling.manifest(facts, wanted, after);
        boolean tell = telling.owes(manifest);

        List<LossObservation> losses = telling.losses(points, after, facts, wanted);
        points.forEach(wanted::metric);
        List<TrainingEvent> events = new ArrayList<>(losses.size() + 2);
        // A run that leaves its study is not forgotten there: of the same name there may be one that came another way,
        // and forgetting is for those who administer. Without a loss it shows nowhere.
        if (tell) {
            events.add(manifest);
        }
        events.addAll(losses);
        if (after.ended() && !after.status().equals(before.status())) {
            events.add(new RunEnd(after.study(), after.run(), Outcome.valueOf(after.status()), null, time(after)));
        }
        Asked asked = new Asked(params, tags, change, points, before, after, tell);
        List<ProducerRecord<byte[], byte[]>> written = records(asked, events, nowMillis, outbox.records());
        if (written.isEmpty()) {
            commit(asked);
            return all(waits);
        }
        attempts.begin(before, after);
        attempts.seen(losses);
        if (!points.isEmpty()) {
            attempts.logged();
        }
        want(asked);
        telling.tell(manifest, facts);
        CompletableFuture<Void> outcome = new CompletableFuture<>();
        pending.add(points, params.keySet(), outcome);
        waits.add(outcome);
        var unused = outbox.write(written).whenComplete((nothing, failure) -> {
            if (failure == null) {
                commit(asked);
                outcome.complete(null);
            } else {
                takeBack(asked);
                outcome.completeExceptionally(failure);
            }
        });
        return all(waits);
    }

    private RunInfo changeable(Change change) {
        RunInfo before = wanted.info;
        if (before == null) {
            throw Refused.unknown("Run with id=" + id + " not found");
        }
        if (before.deleted() && change.deleted() == null) {
            throw Refused.invalid("The run " + id + " must be in the 'active' state. Current state is deleted.");
        }
        return before;
    }

    private Map<String, String> newParams(Map<String, String> asked, List<CompletableFuture<Void>> waits) {
        Map<String, String> fresh = new LinkedHashMap<>();
        asked.forEach((key, value) -> {
            String before = wanted.params.get(key);
            if (before == null) {
                fresh.put(key, value);
            } else if (!before.equals(value)) {
                throw Refused.invalid("Changing param values is not allowed. Param with key='" + Fields.excerpt(key)
                        + "' was already logged with value='" + Fields.excerpt(before) + "' for run ID='" + id
                        + "'. Attempted logging new value '" + Fields.excerpt(value) + "'.");
            } else {
                pending.await(key, waits);
            }
        });
        return fresh;
    }

    /** Tags that are stored with that value already need not be written again. */
    private Map<String, String> newTags(Change change) {
        Map<String, String> fresh = new LinkedHashMap<>();
        change.tags().forEach((key, value) -> {
            if (!value.equals(stored.tags.get(key)) || !value.equals(wanted.tags.get(key))) {
                fresh.put(key, value);
            }
        });
        return fresh;
    }

    private List<MetricPoint> newPoints(List<MetricPoint> asked, List<CompletableFuture<Void>> waits) {
        List<MetricPoint> fresh = pending.fresh(asked, waits);
        int known = wanted.metrics.size();
        long unknown = fresh.stream()
                .map(MetricPoint::key)
                .filter(key -> !wanted.metrics.containsKey(key))
                .distinct()
                .count();
        if (unknown > 0 && known + unknown > SERIES) {
            throw Refused.invalid("The run " + id + " has " + known + " metrics: at most " + SERIES + " are allowed.");
        }
        return fresh;
    }

    /**
     * The run in the study that the user wants it to be in. Trainers set their tags right after they have created a run,
     * so it may move until it has a loss; later that would split its curve, so the tag is kept, the run stays and another
     * tag says why: a training must not die of this.
     */
    private RunInfo inStudy(
            @Nullable String study, RunInfo run, Map<String, String> tags, UnaryOperator<String> admission) {
        if (study == null
                || study.equals(run.study())
                || study.equals(telling.facts(wanted).study())) {
            return run;
        }
        if (!telling.lossMet()) {
            return run.in(study, admission.apply(study));
        }
        String problem = RunState.STUDY_TAG + " " + Fields.excerpt(study)
                + " came after the first loss: the run stays in " + run.study();
        LOG.warn("Run {} ({}): {}", run.run(), id, problem);
        tags.put(RunState.PROBLEM_TAG, problem);
        return run;
    }

    private RunInfo updated(RunInfo before, Change change) {
        RunInfo after = change.runName() == null ? before : before.renamed(change.runName());
        after = change.deleted() == null ? after : after.deleted(change.deleted());
        String status = change.status();
        if (status == null) {
            return after;
        }
        if (status.equals(RunInfo.RUNNING)) {
            return attempts.resumed(before, after);
        }
        return after.with(status, change.endTime() == null ? after.endTime() : change.endTime(), after.attempt());
    }

    private List<ProducerRecord<byte[], byte[]>> records(
            Asked asked, List<TrainingEvent> events, long nowMillis, TrackingRecords records) {
        List<ProducerRecord<byte[], byte[]>> written = new ArrayList<>();
        events.forEach(event -> written.add(records.event(event)));
        asked.params().forEach((key, value) -> written.add(records.param(id, key, value)));
        asked.tags().forEach((key, value) -> written.add(records.tag(id, key, value)));
        asked.change().deletedTags().forEach(key -> written.add(records.tag(id, key, null)));
        if (!asked.after().equals(asked.before())) {
            written.add(records.run(asked.after()));
        }
        boolean changed = !asked.points().isEmpty() || asked.after().ended();
        boolean due = asked.after().ended()
                || nowMillis - lastSnapshotMillis >= SNAPSHOT_MILLIS
                || !snapshotMet.equals(telling.met());
        if (changed && due && !wanted.metrics.isEmpty()) {
            lastSnapshotMillis = nowMillis;
            snapshotMet = Map.copyOf(telling.met());
            written.add(records.metrics(id, wanted.metrics.values(), snapshotMet));
        }
        return written;
    }

    private void want(Asked asked) {
        wanted.info = asked.after();
        wanted.params.putAll(asked.params());
        wanted.tags.putAll(asked.tags());
        wanted.tags.keySet().removeAll(asked.change().deletedTags());
    }

    private synchronized void commit(Asked asked) {
        stored.params.putAll(asked.params());
        stored.tags.putAll(asked.tags());
        stored.tags.keySet().removeAll(asked.change().deletedTags());
        asked.points().forEach(stored::metric);
        pending.stored(asked.params().keySet());
        if (!asked.after().equals(asked.before())) {
            stored.info = asked.after();
        }
        if (asked.after().ended()) {
            pending.shrink();
        }
    }

    private synchronized void takeBack(Asked asked) {
        asked.params().forEach(wanted.params::remove);
        asked.tags().forEach((key, value) -> {
            if (value.equals(wanted.tags.get(key))) {
                wanted.tag(key, stored.tags.get(key));
            }
        });
        asked.change().deletedTags().forEach(key -> wanted.tag(key, stored.tags.get(key)));
        pending.failed(asked.points(), asked.params().keySet());
        attempts.takeBack(asked.before(), asked.after());
        if (asked.after().equals(wanted.info)) {
            wanted.info = stored.info;
        }
        snapshotMet = Map.of();
        telling.takeBack(asked.told());
    }

    private static @Nullable Instant time(RunInfo run) {
        Long end = run.endTime();
        return end == null ? null : Instant.ofEpochMilli(end);
    }

    private static CompletableFuture<Void> all(List<CompletableFuture<Void>> waits) {
        return waits.size() == 1 ? waits.get(0) : CompletableFuture.allOf(waits.toArray(CompletableFuture[]::new));
    }
}
