package io.straightedge.ingest.mlflow;

import java.time.Clock;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** What is asked about experiments. */
final class Experiments {

    private final TrackingStore store;
    private final Outbox outbox;
    private final Clock clock;

    Experiments(TrackingStore store, Outbox outbox, Clock clock) {
        this.store = store;
        this.outbox = outbox;
        this.clock = clock;
    }

    Mono<Map<String, Object>> create(Call call) {
        Fields fields = call.fields();
        String name = fields.text("name");
        call.requireIngest(name);
        Experiment asked = Experiment.named(name, clock.millis(), fields.pairs("tags", Fields.TAG_CHARACTERS));
        if (store.experiment(asked.id()) != null) {
            throw new Refused(
                    ErrorCode.RESOURCE_ALREADY_EXISTS, "Experiment(name=" + Fields.excerpt(name) + ") already exists.");
        }
        return stored(asked).thenReturn(Map.of("experiment_id", asked.id()));
    }

    Mono<Map<String, Object>> byName(Call call) {
        String name = call.fields().text("experiment_name");
        call.requireSight(name);
        Experiment found = store.experimentNamed(name);
        if (found == null) {
            throw Refused.unknown("Could not find experiment with name '" + Fields.excerpt(name) + "'");
        }
        return Mono.just(Map.of("experiment", found.json()));
    }

    Mono<Map<String, Object>> get(Call call) {
        return visible(call, call.fields().text("experiment_id")).map(found -> Map.of("experiment", found.json()));
    }

    Mono<Map<String, Object>> setTag(Call call) {
        String key = call.fields().key();
        String value = call.fields().value(Fields.TAG_CHARACTERS);
        return visible(call, call.fields().text("experiment_id"))
                .flatMap(found -> {
                    call.requireIngest(found.name());
                    return stored(found.with(key, value));
                })
                .thenReturn(Map.of());
    }

    Mono<Map<String, Object>> search(Call call) {
        Fields fields = call.fields();
        Filter filter = new Filter(fields.textOr("filter", ""));
        boolean active = !fields.textOr("view_type", "ACTIVE_ONLY").equals("DELETED_ONLY");
        List<Map<String, Object>> found = store.experiments().stream()
                .filter(experiment -> active && call.sees(experiment.name()))
                .filter(experiment -> filter.matches(source(experiment)))
                .sorted(Comparator.comparing(Experiment::created).reversed().thenComparing(Experiment::id))
                .map(Experiment::json)
                .toList();
        return Mono.just(Page.of(fields, found).json("experiments"));
    }

    /** The experiment of that id, which another gateway may just have created; 404 when the caller may not see it. */
    Mono<Experiment> visible(Call call, String id) {
        return Waiting.forA(() -> store.experiment(id))
                .filter(found -> found.id().equals(Experiment.DEFAULT.id()) || call.sees(found.name()))
                .switchIfEmpty(
                        Mono.error(() -> Refused.unknown("No Experiment with id=" + Fields.excerpt(id) + " exists")));
    }

    private Mono<Void> stored(Experiment experiment) {
        return outbox.awaited(
                outbox.write(List.of(outbox.records().experiment(experiment))).thenRun(() -> store.put(experiment)));
    }

    private static Filter.Source source(Experiment experiment) {
        Map<String, String> attributes = new LinkedHashMap<>();
        attributes.put("name", experiment.name());
        attributes.put("experiment_id", experiment.id());
        attributes.put("creation_time", Long.toString(experiment.created()));
        attributes.put("last_update_time", Long.toString(experiment.created()));
        return new Filter.Source() {
            @Override
            public @Nullable String attribute(String name) {
                return attributes.get(name);
            }

            @Override
            public @Nullable String tag(String key) {
                return experiment.tags().get(key);
            }

            @Override
            public @Nullable String param(String key) {
                return null;
            }

            @Override
            public @Nullable Double metric(String key) {
                return null;
            }
        };
    }
}
