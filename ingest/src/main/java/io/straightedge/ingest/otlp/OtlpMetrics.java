package io.straightedge.ingest.otlp;

import io.straightedge.ingest.metric.Metric;
import io.straightedge.ingest.metric.Metric.Role;
import io.straightedge.ingest.metric.MetricNames;
import io.straightedge.protocol.run.LossObservation;
import io.straightedge.protocol.run.Names;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The losses in a request of OTLP metrics, and how many data points were something else.
 *
 * <p>The study is the resource's {@code straightedge.study}, else its {@code service.name}; the run its
 * {@code straightedge.run}, else {@code run.id}, else {@code service.instance.id}. A loss's step is its attribute
 * {@code step}, {@code global_step}, {@code iteration} or {@code training.step}, else the value of a step series of the
 * same resource and time: every reading of a collection has the same time.
 *
 * @param events in the order of the request
 * @param ignored data points that are no concern of ours, by reason; not an error of the sender
 * @param rejected losses that could not be used, by reason
 * @param firstRejection in words for the sender; null when nothing was rejected
 */
public record OtlpMetrics(
        List<LossObservation> events,
        Map<String, Integer> ignored,
        Map<String, Integer> rejected,
        @Nullable String firstRejection) {

    private static final List<String> STEP_ATTRIBUTES = List.of("step", "global_step", "iteration", "training.step");
    private static final List<String> STUDY_ATTRIBUTES = List.of("straightedge.study", "service.name");
    private static final List<String> RUN_ATTRIBUTES = List.of("straightedge.run", "run.id", "service.instance.id");

    /** Steps up to here are exact in a double. */
    private static final double MAX_STEP = 1L << 53;

    public OtlpMetrics {
        events = List.copyOf(events);
        ignored = Map.copyOf(ignored);
        rejected = Map.copyOf(rejected);
    }

    /**
     * Reads a request.
     *
     * @param json whether it is JSON, else protobuf
     * @throws OtlpException when it is not a request at all
     */
    public static OtlpMetrics read(byte[] body, boolean json) throws OtlpException {
        return new Reading(json ? OtlpJson.read(body) : OtlpProto.read(body)).result();
    }

    /**
     * The same without the losses that something speaks against, which are then rejected.
     *
     * @param reason in a word, for counting
     * @param objection what speaks against a loss, for the sender; null when nothing does
     */
    public OtlpMetrics without(String reason, Function<LossObservation, @Nullable String> objection) {
        List<LossObservation> kept = new ArrayList<>();
        String first = firstRejection;
        for (LossObservation event : events) {
            String against = objection.apply(event);
            if (against == null) {
                kept.add(event);
            } else {
                first = first == null ? against : first;
            }
        }
        if (kept.size() == events.size()) {
            return this;
        }
        Map<String, Integer> more = new TreeMap<>(rejected);
        more.merge(reason, events.size() - kept.size(), Integer::sum);
        return new OtlpMetrics(kept, ignored, more, first);
    }

    /** Losses that could not be used. */
    public int rejectedPoints() {
        return rejected.values().stream().mapToInt(Integer::intValue).sum();
    }

    /** What companions of a loss share with it: resource, time, and the point's own step if it has one. */
    private record Moment(
            int resource, long timeNanos, @Nullable Long step) {}

    /** One pass for what belongs to losses, one for the losses. */
    private static final class Reading {
        private final Samples samples;
        private final Map<String, Integer> rejected = new TreeMap<>();
        private final Map<Moment, Map<Role, Double>> company = new HashMap<>();
        /** Study, run, split and step of what is given: a second series of a loss, as one a rank, is no second loss. */
        private final Set<List<Object>> given = new HashSet<>();

        private @Nullable String firstRejection;

        Reading(Samples samples) {
            this.samples = samples;
        }

        OtlpMetrics result() {
            List<Sample> losses = new ArrayList<>();
            for (Sample sample : samples.numbers) {
                Metric metric = metric(sample);
                if (metric == null) {
                    samples.ignore("other", 1);
                } else if (metric.role() == Role.LOSS) {
                    losses.add(sample);
                } else {
                    company.computeIfAbsent(moment(sample), unused -> new HashMap<>())
                            .putIfAbsent(metric.role(), sample.value());
                }
            }
            List<LossObservation> events = new ArrayList<>();
            losses.forEach(loss -> add(loss, events));
            return new OtlpMetrics(events, samples.ignored, rejected, firstRejection);
        }

        private void add(Sample loss, List<LossObservation> events) {
            Moment moment = moment(loss);
            Map<Role, Double> beside = company.getOrDefault(
                    moment, company.getOrDefault(new Moment(moment.resource(), moment.timeNanos(), null), Map.of()));
            Long step = moment.step() != null ? moment.step() : whole(beside.get(Role.STEP));
            String study = first(loss.facts(), STUDY_ATTRIBUTES);
            String run = first(loss.facts(), RUN_ATTRIBUTES);
            if (step == null) {
                reject(
                        "no-step",
                        loss.metric() + " has no step: give the data point an attribute \"step\", or export a"
                                + " gauge \"step\" beside it");
            } else if (study == null || run == null) {
                reject(
                        "no-run",
                        loss.metric() + " is of no known run: set the resource attributes straightedge.study"
                                + " (or service.name) and straightedge.run (or service.instance.id)");
            } else {
                try {
                    LossObservation event = observation(study, run, step, loss, beside);
                    if (given.add(List.of(study, run, event.split(), step))) {
                        events.add(event);
                    } else {
                        samples.ignore("another-series", 1);
                    }
                } catch (IllegalArgumentException e) {
                    reject("invalid", String.valueOf(e.getMessage()));
                }
            }
        }

        private LossObservation observation(
                String study, String run, long step, Sample loss, Map<Role, Double> beside) {
            Metric metric = metric(loss);
            return new LossObservation(
                    Names.require(study, "study"),
                    Names.require(run, "run"),
                    step,
                    tokens(beside.get(Role.TOKENS)),
                    loss.value(),
                    metric == null ? LossObservation.TRAIN : metric.split(),
                    beside.get(Role.LR),
                    beside.get(Role.GRAD_NORM),
                    whole(beside.get(Role.NAN_ITERATIONS)),
                    loss.timeNanos() > 0 ? Instant.EPOCH.plusNanos(loss.timeNanos()) : null,
                    null);
        }

        private void reject(String reason, String message) {
            rejected.merge(reason, 1, Integer::sum);
            firstRejection = firstRejection == null ? message : firstRejection;
        }

        private static Moment moment(Sample sample) {
            String step = first(sample.attributes(), STEP_ATTRIBUTES);
            Long whole = null;
            try {
                whole = step == null ? null : whole(Double.valueOf(step));
            } catch (NumberFormatException e) {
                // A step that is no number is no step.
            }
            return new Moment(sample.resource(), sample.timeNanos(), whole);
        }

        /** A loss's split may be said by an attribute instead of the name. */
        private static @Nullable Metric metric(Sample sample) {
            Metric metric = MetricNames.of(sample.metric());
            String split = sample.attributes().get("split");
            return metric != null && metric.role() == Role.LOSS && split != null && !split.isBlank()
                    ? new Metric(Role.LOSS, split)
                    : metric;
        }

        private static @Nullable String first(Map<String, String> values, List<String> names) {
            return names.stream()
                    .map(values::get)
                    .filter(value -> value != null && !value.isBlank())
                    .findFirst()
                    .orElse(null);
        }

        private static @Nullable Long whole(@Nullable Double value) {
            return value != null && value >= 0 && value < MAX_STEP && value == Math.rint(value)
                    ? Long.valueOf(value.longValue())
                    : null;
        }

        private static @Nullable Double tokens(@Nullable Double value) {
            return value != null && value >= 0 && value < Double.POSITIVE_INFINITY ? value : null;
        }
    }
}
