package io.straightedge.ingest.mlflow;

import io.straightedge.ingest.metric.Metric;
import io.straightedge.ingest.metric.Metric.Role;
import io.straightedge.protocol.run.LossObservation;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * The values of a metric over a run. Of losses, and of learning rate and gradient norm that came with them, all that
 * {@code training-events} still keeps; of any other metric the latest. One page is held in memory at a time.
 */
final class Histories {

    private final Runs runs;
    private final LossHistory history;

    Histories(Runs runs, LossHistory history) {
        this.runs = runs;
        this.history = history;
    }

    Mono<Map<String, Object>> get(Call call) {
        String key = call.fields().text("metric_key");
        Page.Asked asked = Page.asked(call.fields());
        return runs.visible(call, call.fields().runId())
                .flatMapMany(run -> points(run, key))
                .skip(asked.from())
                .take(asked.most() + 1L)
                .collectList()
                .map(points -> {
                    Page page = Page.of(asked, points);
                    Map<String, Object> json = new LinkedHashMap<>(page.json("metrics"));
                    json.put("next_page_token", page.next());
                    return json;
                });
    }

    private Flux<Map<String, Object>> points(TrackedRun run, String key) {
        Metric metric = metric(run, key);
        RunInfo info = Objects.requireNonNull(run.info());
        MetricPoint latest = Objects.requireNonNull(run.view()).metrics().get(key);
        if (latest == null) {
            return Flux.empty();
        }
        if (metric == null
                || (metric.role() != Role.LOSS && metric.role() != Role.LR && metric.role() != Role.GRAD_NORM)) {
            return Flux.just(latest.json());
        }
        return history.losses(info.study(), info.run())
                .mapNotNull(loss -> point(loss, metric, key))
                .distinctUntilChanged()
                .map(MetricPoint::json);
    }

    private static @Nullable Metric metric(TrackedRun run, String key) {
        for (Map.Entry<String, String> column : run.columns().entrySet()) {
            if (column.getValue().equals(key)) {
                String what = column.getKey();
                return what.startsWith("loss:")
                        ? new Metric(Role.LOSS, what.substring("loss:".length()))
                        : new Metric(Role.valueOf(what.toUpperCase(Locale.ROOT)), LossObservation.TRAIN);
            }
        }
        // Of several names for the same thing one is read; of the others the latest value is known.
        return null;
    }

    private static @Nullable MetricPoint point(LossObservation loss, Metric metric, String key) {
        Double value = switch (metric.role()) {
            case LOSS -> loss.split().equals(metric.split()) ? loss.loss() : null;
            case LR -> loss.lr();
            case GRAD_NORM -> loss.gradNorm();
            default -> null;
        };
        long time = loss.time() == null ? 0 : loss.time().toEpochMilli();
        return value == null ? null : new MetricPoint(key, value, time, loss.step());
    }
}
