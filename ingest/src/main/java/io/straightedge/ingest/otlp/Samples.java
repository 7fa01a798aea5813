package io.straightedge.ingest.otlp;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What a request holds: the numbers that could be losses or belong to one, and how much of what else. */
final class Samples {

    /** Most data points of one request; the limits of OpenTelemetry's own collectors are far below. */
    static final int MAX_POINTS = 20_000;

    /** Set on a data point that says only that there is none. */
    static final int NO_RECORDED_VALUE = 1;

    /** Cumulative, as against the increments since the last export, which mean nothing once one is lost. */
    static final int CUMULATIVE = 2;

    /** Prometheus' mark of a series that has ended: a NaN, and no loss. */
    private static final long STALE = 0x7ff0000000000002L;

    final List<Sample> numbers = new ArrayList<>();
    final Map<String, Integer> ignored = new TreeMap<>();

    /** Adds a data point, unless it says that there is no value. */
    void add(Sample sample, int flags) throws OtlpException {
        if (numbers.size() >= MAX_POINTS) {
            throw new OtlpException("the request has more than " + MAX_POINTS + " data points: send smaller batches");
        }
        if ((flags & NO_RECORDED_VALUE) != 0 || Double.doubleToRawLongBits(sample.value()) == STALE) {
            ignore("stale", 1);
        } else {
            numbers.add(sample);
        }
    }

    /** Counts data points that are not looked at. */
    void ignore(String reason, int points) {
        if (points > 0) {
            ignored.merge(reason, points, Integer::sum);
        }
    }
}
