package io.straightedge.protocol.kafka;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.apache.kafka.common.utils.Utils;

/**
 * The topics of one installation, and which partition a study lives in.
 *
 * <p>All topics have the same number of partitions, so that everything about a study is in partitions of one number.
 */
public final class Topics {

    public static final String TRAINING_EVENTS = "training-events";
    public static final String CURVE_ESTIMATES = "curve-estimates";
    public static final String LAW_ESTIMATES = "law-estimates";
    public static final String DEVIATIONS = "deviations";
    public static final String FORECAST_SCORES = "forecast-scores";
    public static final String FITTER_STATE = "fitter-state";
    public static final String PREDICTIONS = "predictions";
    public static final String RECOMMENDATIONS = "recommendations";
    public static final String ALERTS = "alerts";
    public static final String ALERT_COMMANDS = "alert-commands";
    public static final String TRACKING = "tracking";
    public static final String DEAD_LETTERS = "dead-letters";

    /** Partitions of every topic unless the installation was created with another number. */
    public static final int DEFAULT_PARTITIONS = 12;

    /** Largest record accepted on {@code training-events} and {@code dead-letters}, bytes. */
    public static final int MAX_RECORD_BYTES = 8 << 20;

    /** Topics whose latest record per key is all that matters. */
    private static final List<String> COMPACTED = List.of(
            CURVE_ESTIMATES,
            LAW_ESTIMATES,
            FORECAST_SCORES,
            FITTER_STATE,
            PREDICTIONS,
            RECOMMENDATIONS,
            ALERTS,
            ALERT_COMMANDS,
            TRACKING);

    private static final List<String> KEPT_BY_TIME = List.of(TRAINING_EVENTS, DEVIATIONS, DEAD_LETTERS);

    private Topics() {}

    /** Every topic's name. */
    public static List<String> all() {
        return Stream.concat(KEPT_BY_TIME.stream(), COMPACTED.stream()).toList();
    }

    /** Whether the topic is compacted. */
    public static boolean compacted(String topic) {
        return COMPACTED.contains(topic);
    }

    /** The partition of a study: murmur2 of its UTF-8 name, as Java's default partitioner has it. */
    public static int partitionOf(String study, int partitions) {
        byte[] key = study.getBytes(StandardCharsets.UTF_8);
        return Utils.toPositive(Utils.murmur2(key)) % partitions;
    }
}
