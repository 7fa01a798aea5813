package io.straightedge.publisher;

import io.straightedge.protocol.fit.Detector;
import io.straightedge.protocol.fit.Deviation;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A deviation as a detector would write it, with what a test wants otherwise. */
public final class Found {

    public static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");

    private String study = "ladder";
    private String run = "a";
    private String split = "train";
    private int attempt;
    private Detector detector = Detector.DRIFT;
    private long onset = 1000;
    private long step = 1004;
    private long sequence = 1;
    private double sizeNats = 0.2;
    private Deviation.Phase phase = Deviation.Phase.BEGAN;
    private String message = "The loss is above its forecast.";
    private @Nullable Long observations = 5L;
    private @Nullable Double oncePer = 1e9;
    private @Nullable Double perDay = 10_000.0;
    private @Nullable Instant since = NOON;
    private @Nullable Instant time = NOON.plusSeconds(60);
    private Deviation.@Nullable Outlook outlook;

    public static Found by(Detector detector) {
        Found found = new Found();
        found.detector = detector;
        return found;
    }

    public Found study(String name) {
        study = name;
        return this;
    }

    public Found run(String name) {
        run = name;
        return this;
    }

    public Found split(String name) {
        split = name;
        return this;
    }

    public Found attempt(int number) {
        attempt = number;
        return this;
    }

    /** Found four steps later. */
    public Found onset(long first) {
        onset = first;
        step = first + 4;
        return this;
    }

    public Found step(long last) {
        step = last;
        return this;
    }

    public Found sequence(long events) {
        sequence = events;
        return this;
    }

    public Found size(double nats) {
        sizeNats = nats;
        return this;
    }

    public Found goesOn() {
        phase = Deviation.Phase.GOES_ON;
        return this;
    }

    public Found ended(String reason) {
        phase = Deviation.Phase.ENDED;
        message = reason;
        return this;
    }

    public Found observations(@Nullable Long count) {
        observations = count;
        return this;
    }

    public Found oncePer(@Nullable Double rarity) {
        oncePer = rarity;
        return this;
    }

    public Found perDay(@Nullable Double pace) {
        perDay = pace;
        return this;
    }

    public Found since(@Nullable Instant onsetTime) {
        since = onsetTime;
        return this;
    }

    public Found time(@Nullable Instant at) {
        time = at;
        return this;
    }

    public Found outlook(Deviation.@Nullable Outlook ahead) {
        outlook = ahead;
        return this;
    }

    public Deviation deviation() {
        return new Deviation(
                study,
                run,
                split,
                study + "/" + run + "/" + split + "/" + attempt + "/" + detector + "/" + onset,
                sequence,
                attempt,
                detector,
                onset,
                step,
                7.5,
                sizeNats,
                phase != Deviation.Phase.ENDED,
                time,
                message,
                phase,
                sizeNats / 0.04,
                observations,
                oncePer,
                perDay,
                since,
                outlook,
                "ada",
                Map.of("team", "x"));
    }
}
