package io.straightedge.ingest.mlflow;

import io.straightedge.ingest.mlflow.TrackedRun.View;
import io.straightedge.protocol.run.Names;
import java.time.Clock;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** What is asked about runs. */
final class Runs {

    private static final Set<String> STATUSES = Set.of("RUNNING", "SCHEDULED", "FINISHED", "FAILED", "KILLED");
    private static final int MOST_METRICS = 1000;
    private static final int MOST_PARAMS = 100;
    private static final int MOST_TAGS = 100;
    private static final int MOST_IN_ALL = 1000;
    private static final int MOST_RUNS = 10_000;

    private final TrackingStore store;
    private final Experiments experiments;
    private final Outbox outbox;
    private final Clock clock;
    private final Creations creations = new Creations();

    Runs(TrackingStore store, Experiments experiments, Outbox outbox, Clock clock) {
        this.store = store;
        this.experiments = experiments;
        this.outbox = outbox;
        this.clock = clock;
    }

    /** Creates a run; a request that is sent again, as its answer was lost, gets the run that it has made already. */
    Mono<Map<String, Object>> create(Call call) {
        Fields fields = call.fields();
        String experimentId = fields.textOr("experiment_id", Experiment.DEFAULT.id());
        Map<String, String> tags = fields.pairs("tags", Fields.TAG_CHARACTERS);
        return experiments.visible(call, experimentId).flatMap(experiment -> {
            String study = tags.getOrDefault(RunState.STUDY_TAG, experiment.name());
            requireName(study, RunState.STUDY_TAG);
            call.requireIngest(study);
            Creations.Asked asked = new Creations.Asked(
                    call.caller().name(),
                    experiment.id(),
                    fields.whole("start_time", 0),
                    fields.textOr("user_id", ""),
                    fields.textOr("run_name", ""),
                    tags);
            CompletableFuture<String> created = creations.of(asked, () -> begin(asked, study));
            return outbox.awaited(created.thenAccept(id -> {})).then(Mono.fromSupplier(() -> view(created.join())));
        });
    }

    private CompletableFuture<String> begin(Creations.Asked asked, String study) {
        String id = UUID.randomUUID().toString().replace("-", "");
        String given = asked.runName().isEmpty() ? asked.tags().get(RunState.NAME_TAG) : asked.runName();
        String name = given == null || given.isBlank() ? "run-" + id.substring(0, 8) : given;
        requireName(name, "the run's name");
        if (store.runsOf(study) >= MOST_RUNS) {
            throw Refused.invalid(
                    "The study " + Fields.excerpt(study) + " has " + MOST_RUNS + " runs: at most so many are allowed.");
        }
        String inStudy = store.name(study, name, id);
        Map<String, String> tags = new LinkedHashMap<>(asked.tags());
        tags.put(RunState.NAME_TAG, name);
        long start = asked.startTime() == 0 ? clock.millis() : asked.startTime();
        RunInfo info = new RunInfo(
                id, asked.experimentId(), study, inStudy, name, asked.userId(), RunInfo.RUNNING, start, null, false, 0);
        TrackedRun run = new TrackedRun(id);
        try {
            return run.create(info, tags, outbox)
                    .whenComplete((nothing, failure) -> {
                        if (failure == null) {
                            store.put(id, run);
                        } else {
                            store.release(study, inStudy);
                        }
                    })
                    .thenApply(nothing -> id);
        } catch (Refused e) {
            store.release(study, inStudy);
            throw e;
        }
    }

    private Map<String, Object> view(String id) {
        TrackedRun run = Objects.requireNonNull(store.run(id));
        return Map.of("run", json(Objects.requireNonNull(run.view())));
    }

    private static void requireName(String name, String what) {
        try {
            Names.require(name, what);
        } catch (IllegalArgumentException e) {
            throw Refused.invalid(String.valueOf(e.getMessage()));
        }
    }

    Mono<Map<String, Object>> update(Call call) {
        Fields fields = call.fields();
        String status = fields.textOrNull("status");
        if (status != null && !STATUSES.contains(status)) {
            throw Refused.invalid("Invalid value for parameter 'status': it must be one of " + STATUSES + ".");
        }
        String name = fields.textOrNull("run_name");
        if (name != null) {
            requireName(name, "run_name");
        }
        Long end = fields.has("end_time") ? Long.valueOf(fields.whole("end_time", 0)) : null;
        return changed(call, Change.updating(status, end, name))
                .map(run ->
                        Map.of("run_info", Objects.requireNonNull(run.info()).json()));
    }

    Mono<Map<String, Object>> logMetric(Call call) {
        return changed(call, Change.ofMetric(call.fields().metric())).thenReturn(Map.of());
    }

    Mono<Map<String, Object>> logParameter(Call call) {
        Fields fields = call.fields();
        Map<String, String> param = Map.of(fields.key(), fields.value(Fields.PARAM_CHARACTERS));
        return changed(call, Change.of(List.of(), param, Map.of())).thenReturn(Map.of());
    }

    Mono<Map<String, Object>> setTag(Call call) {
        Fields fields = call.fields();
        Map<String, String> tag = Map.of(fields.key(), fields.value(Fields.TAG_CHARACTERS));
        return changed(call, Change.of(List.of(), Map.of(), tag)).thenReturn(Map.of());
    }

    Mono<Map<String, Object>> deleteTag(Call call) {
        return changed(call, Change.deletingTag(call.fields().key())).thenReturn(Map.of());
    }

    Mono<Map<String, Object>> delete(Call call) {
        return changed(call, Change.deleting(true)).thenReturn(Map.of());
    }

    Mono<Map<String, Object>> restore(Call call) {
        return changed(call, Change.deleting(false)).thenReturn(Map.of());
    }

    Mono<Map<String, Object>> logBatch(Call call) {
        Fields fields = call.fields();
        List<Fields> metrics = fields.list("metrics");
        List<Fields> params = fields.list("params");
        List<Fields> tags = fields.list("tags");
        requireAtMost(MOST_METRICS, metrics.size(), "metrics");
        requireAtMost(MOST_PARAMS, params.size(), "params");
        requireAtMost(MOST_TAGS, tags.size(), "tags");
        requireAtMost(MOST_IN_ALL, metrics.size() + params.size() + tags.size(), "metrics, params and tags together");
        Map<String, String> written = new LinkedHashMap<>();
        for (Fields param : params) {
            String value = param.value(Fields.PARAM_CHARACTERS);
            String before = written.put(param.key(), value);
            if (before != null && !before.equals(value)) {
                throw Refused.invalid("Duplicate parameter keys have been submitted: " + Fields.excerpt(param.key()));
            }
        }
        return changed(
                        call,
                        Change.of(
                                metrics.stream().map(Fields::metric).toList(),
                                written,
                                fields.pairs("tags", Fields.TAG_CHARACTERS)))
                .thenReturn(Map.of());
    }

    private static void requireAtMost(int most, int number, String what) {
        if (number > most) {
            throw Refused.invalid(
                    "A batch logging request can contain at most " + most + " " + what + ". Got " + number + ".");
        }
    }

    /** For what is taken and thrown away: the run has to be there nevertheless. */
    Mono<Map<String, Object>> ignored(Call call) {
        return visible(call, call.fields().runId())
                .doOnNext(run ->
                        call.requireIngest(Objects.requireNonNull(run.info()).study()))
                .thenReturn(Map.of());
    }

    Mono<Map<String, Object>> get(Call call) {
        return visible(call, call.fields().runId()).map(run -> Map.of("run", json(Objects.requireNonNull(run.view()))));
    }

    Mono<Map<String, Object>> search(Call call) {
        Fields fields = call.fields();
        Filter filter = new Filter(fields.textOr("filter", ""));
        Set<String> within = new HashSet<>(fields.texts("experiment_ids"));
        String view = fields.textOr("run_view_type", "ACTIVE_ONLY");
        List<Map<String, Object>> found = store.runs().stream()
                .map(TrackedRun::view)
                .filter(Objects::nonNull)
                .filter(run -> within.contains(run.info().experimentId())
                        && call.sees(run.info().study())
                        && (view.equals("ALL") || run.info().deleted() == view.equals("DELETED_ONLY")))
                .filter(run -> filter.matches(source(run)))
                .sorted(order(fields.texts("order_by")))
                .map(Runs::json)
                .toList();
        return Mono.just(Page.of(fields, found).json("runs"));
    }

    private static Comparator<View> order(List<String> orderBy) {
        Comparator<View> last = Comparator.comparing((View run) -> run.info().startTime())
                .reversed()
                .thenComparing(run -> run.info().id());
        if (orderBy.isEmpty()) {
            return last;
        }
        String[] words = orderBy.get(0).strip().split("\\s+", 2);
        String field = words[0].replaceFirst("^(attributes?|attr|run)\\.", "");
        Comparator<View> order = switch (field) {
            case "start_time", "created", "Created" ->
                Comparator.comparing((View run) -> run.info().startTime());
            case "end_time" ->
                Comparator.comparing((View run) -> {
                    Long end = run.info().endTime();
                    return end == null ? Long.MAX_VALUE : end;
                });
            case "run_name" -> Comparator.comparing((View run) -> run.info().runName());
            case "status" -> Comparator.comparing((View run) -> run.info().status());
            default ->
                throw Refused.invalid("Invalid order_by '" + Fields.excerpt(orderBy.get(0))
                        + "': runs can be ordered by start_time, end_time, run_name or status.");
        };
        boolean descending =
                words.length > 1 && words[1].strip().toUpperCase(Locale.ROOT).equals("DESC");
        return (descending ? order.reversed() : order).thenComparing(last);
    }

    private Mono<TrackedRun> changed(Call call, Change change) {
        String id = call.fields().runId();
        return visible(call, id).flatMap(run -> {
            call.requireIngest(Objects.requireNonNull(run.info()).study());
            call.take(change.metrics().size());
            return outbox.awaited(run.change(change, clock.millis(), outbox, study -> admitted(call, id, study, run)))
                    .thenReturn(run);
        });
    }

    /** What the run is called in another study, if the caller may send there. */
    private String admitted(Call call, String id, String study, TrackedRun run) {
        requireName(study, RunState.STUDY_TAG);
        call.requireIngest(study);
        return store.name(study, Objects.requireNonNull(run.info()).runName(), id);
    }

    /** The run of that id, which another gateway may just have created; 404 when the caller may not see it. */
    Mono<TrackedRun> visible(Call call, String id) {
        return Waiting.forA(() -> store.run(id))
                .filter(run -> call.sees(Objects.requireNonNull(run.info()).study()))
                .switchIfEmpty(Mono.error(() -> Refused.unknown("Run with id=" + Fields.excerpt(id) + " not found")));
    }

    private static Map<String, Object> json(View run) {
        Map<String, Object> data = new LinkedHashMap<>();
        data.put(
                "metrics",
                new TreeMap<>(run.metrics())
                        .values().stream().map(MetricPoint::json).toList());
        data.put("params", Wire.pairs(run.params()));
        data.put("tags", Wire.pairs(run.tags()));
        return Wire.object("info", run.info().json(), "data", data);
    }

    private static Filter.Source source(View run) {
        return new Filter.Source() {
            @Override
            public @Nullable String attribute(String name) {
                Object value = run.info().json().get(name.equals("Run Name") ? "run_name" : name);
                return value == null ? null : value.toString();
            }

            @Override
            public @Nullable String tag(String key) {
                return run.tags().get(key);
            }

            @Override
            public @Nullable String param(String key) {
                return run.params().get(key);
            }

            @Override
            public @Nullable Double metric(String key) {
                MetricPoint point = run.metrics().get(key);
                return point == null ? null : Double.valueOf(point.value());
            }
        };
    }
}
