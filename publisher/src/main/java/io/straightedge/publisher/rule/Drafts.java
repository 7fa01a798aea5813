package io.straightedge.publisher.rule;

import io.straightedge.protocol.fit.Deviation;
import io.straightedge.protocol.signal.Alert;
import org.jspecify.annotations.Nullable;

/** What a deviation tells of an alert, without judging it. Pure. */
final class Drafts {

    private Drafts() {}

    static Draft of(Deviation deviation, @Nullable Alert held, Alert.@Nullable Cost cost) {
        Draft draft = held == null ? begun(deviation) : Draft.of(held);
        draft.step = deviation.step();
        draft.sizeNats = deviation.sizeNats();
        draft.sizeSigmas = deviation.sizeSigmas();
        draft.summary = deviation.message();
        draft.labels = deviation.labels();
        if (cost != null) {
            draft.cost = cost;
        }
        return draft;
    }

    private static Draft begun(Deviation deviation) {
        Draft draft = new Draft(
                Same.id(deviation),
                deviation.study(),
                deviation.run(),
                deviation.attempt(),
                Rules.name(deviation.detector()),
                deviation.onsetStep(),
                deviation.since(),
                deviation.split(),
                deviation.owner());
        draft.changed = deviation.time();
        return draft;
    }
}
