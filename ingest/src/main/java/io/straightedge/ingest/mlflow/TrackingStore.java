package io.straightedge.ingest.mlflow;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import io.straightedge.protocol.codec.Json;
import io.straightedge.protocol.codec.MessageException;
import io.straightedge.protocol.kafka.Tail;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * All experiments and runs, rebuilt from {@code tracking} when the process starts and kept up with what other gateways
 * write. Thread-safe; one thread applies records.
 */
final class TrackingStore {

    private static final Logger LOG = LoggerFactory.getLogger(TrackingStore.class);

    private final Map<String, Experiment> experiments = new ConcurrentHashMap<>();
    private final Map<String, TrackedRun> runs = new ConcurrentHashMap<>();
    /** Which run has a name, for each study. */
    private final Map<String, Map<String, String>> names = new HashMap<>();

    private final TrackingRecords records;
    private volatile boolean ready;

    TrackingStore(TrackingRecords records) {
        this.records = records;
        experiments.put(Experiment.DEFAULT.id(), Experiment.DEFAULT);
    }

    /** Follows the topic for as long as it is subscribed. */
    Mono<Void> follow(Flux<Tail.Chunk> tracking) {
        return tracking.doOnNext(chunk -> {
                    chunk.records().forEach(this::apply);
                    ready |= chunk.caughtUp();
                })
                .then();
    }

    /** Whether everything has been read that was stored before the start. */
    boolean ready() {
        return ready;
    }

    @Nullable
    Experiment experiment(String id) {
        return experiments.get(id);
    }

    @Nullable
    Experiment experimentNamed(String name) {
        return name.equals(Experiment.DEFAULT.name())
                ? experiments.get(Experiment.DEFAULT.id())
                : experiments.get(Experiment.named(name, 0, Map.of()).id());
    }

    Collection<Experiment> experiments() {
        return experiments.values();
    }

    void put(Experiment experiment) {
        experiments.put(experiment.id(), experiment);
    }

    @Nullable
    TrackedRun run(String id) {
        TrackedRun run = runs.get(id);
        return run == null || run.info() == null ? null : run;
    }

    Collection<TrackedRun> runs() {
        return runs.values();
    }

    void put(String id, TrackedRun run) {
        runs.put(id, run);
    }

    /** A name that no other run of the study has: the wanted one, or that with the beginning of the id behind it. */
    synchronized String name(String study, String wanted, String id) {
        Map<String, String> taken = names.computeIfAbsent(study, unused -> new HashMap<>());
        String holder = taken.putIfAbsent(wanted, id);
        if (holder == null || holder.equals(id)) {
            return wanted;
        }
        String longer = wanted.substring(0, Math.min(wanted.length(), 200)) + "-" + id.substring(0, 8);
        taken.put(longer, id);
        return longer;
    }

    /** Runs of a study, deleted ones too. */
    synchronized int runsOf(String study) {
        return names.getOrDefault(study, Map.of()).size();
    }

    private synchronized void taken(String study, String name, String id) {
        String holder = names.computeIfAbsent(study, unused -> new HashMap<>()).put(name, id);
        if (holder != null && !holder.equals(id)) {
            LOG.warn(
                    "Two gateways created a run {} in study {} at the same time: {} and {} are taken for one run",
                    name,
                    study,
                    holder,
                    id);
        }
    }

    /** Gives a name back whose run was not stored. */
    synchronized void release(String study, String name) {
        names.getOrDefault(study, new HashMap<>()).remove(name);
    }

    private void apply(ConsumerRecord<byte[], byte[]> record) {
        if (records.own(record.headers()) || record.key() == null) {
            return;
        }
        String[] key = new String(record.key(), UTF_8).split("/", 3);
        try {
            if (key.length >= 2) {
                apply(key, record.value());
            }
        } catch (MessageException e) {
            LOG.warn(
                    "Record {} of {} partition {} is not understood and passed over: {}",
                    record.offset(),
                    record.topic(),
                    record.partition(),
                    e.getMessage());
        }
    }

    private void apply(String[] key, byte @Nullable [] value) throws MessageException {
        String id = key[1];
        switch (key[0]) {
            case TrackingRecords.EXPERIMENT -> {
                if (value != null) {
                    put(Json.read(value, Experiment.class));
                }
            }
            case TrackingRecords.RUN -> {
                if (value != null) {
                    RunInfo info = Json.read(value, RunInfo.class);
                    taken(info.study(), info.run(), id);
                    of(id).takeOver(info);
                }
            }
            case TrackingRecords.PARAM -> {
                if (value != null && key.length == 3) {
                    of(id).takeOverParam(key[2], Json.tree(value).path("value").asText());
                }
            }
            case TrackingRecords.TAG -> {
                if (key.length == 3) {
                    of(id).takeOverTag(
                                    key[2],
                                    value == null
                                            ? null
                                            : Json.tree(value).path("value").asText());
                }
            }
            case TrackingRecords.METRICS -> {
                if (value != null) {
                    JsonNode tree = Json.tree(value);
                    Map<String, String> columns = new HashMap<>();
                    tree.path("columns")
                            .properties()
                            .forEach(column -> columns.put(
                                    column.getKey(), column.getValue().asText()));
                    of(id).takeOverMetrics(
                                    new Fields(tree)
                                            .list("metrics").stream()
                                                    .map(Fields::metric)
                                                    .toList(),
                                    columns);
                }
            }
            default -> LOG.debug("A record of another kind: {}", key[0]);
        }
    }

    /** Parts of a run may come before the run itself, once its topic has been compacted. */
    private TrackedRun of(String id) {
        return runs.computeIfAbsent(id, TrackedRun::new);
    }
}
