package io.straightedge.publisher.notify;

import io.straightedge.protocol.codec.Json;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import reactor.core.publisher.Mono;

/** The log: one line of JSON for each. */
record LogSink(Recipient recipient, Consumer<String> log) implements Sink {

    @Override
    public Mono<Reply> tell(List<Telling> tellings, Instant now) {
        return Mono.fromSupplier(() -> {
            tellings.forEach(telling -> log.accept(line(telling)));
            return Reply.OK;
        });
    }

    static String line(Telling telling) {
        Map<String, Object> line = new TreeMap<>(Words.details(telling));
        line.put("alert", Inert.text(telling.alert().id(), Inert.SENTENCE));
        line.put("headline", Words.headline(telling));
        line.put("severity", Labels.severity(telling.severity()));
        line.put("state", Words.state(telling.state()));
        if (telling.alert().changed() != null) {
            line.put("changed", telling.alert().changed());
        }
        return new String(Json.write(line), StandardCharsets.UTF_8);
    }
}
