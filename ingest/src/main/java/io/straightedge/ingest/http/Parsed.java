package io.straightedge.ingest.http;

import com.fasterxml.jackson.databind.JsonNode;
import io.straightedge.ingest.stream.EventRecords;
import io.straightedge.protocol.access.Caller;
import io.straightedge.protocol.access.Scope;
import io.straightedge.protocol.codec.Json;
import io.straightedge.protocol.codec.MessageException;
import io.straightedge.protocol.run.StudyCommand;
import io.straightedge.protocol.run.Tick;
import io.straightedge.protocol.run.TrainingEvent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/**
 * What a body holds: records to write, and what was wrong with the rest. Whether it is one object, an array or NDJSON
 * is decided by content, as senders get content types wrong.
 */
final class Parsed {

    /** Rejections listed in the answer; the rest are only counted. */
    static final int MAX_LISTED = 100;

    /**
     * One bad event.
     *
     * @param line from 1: the line of NDJSON, else the place in the array
     */
    record Rejection(int line, String reason) {}

    final List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
    final List<Rejection> rejections = new ArrayList<>();
    final Map<String, Integer> rejectedByClass = new TreeMap<>();
    private final int partitions;
    private final Limits limits;
    private final Caller caller;
    private final Series series;

    private Parsed(int partitions, Limits limits, Caller caller, Series series) {
        this.partitions = partitions;
        this.limits = limits;
        this.caller = caller;
        this.series = series;
    }

    /**
     * Splits and checks a body.
     *
     * @throws Refusal with 403 when the caller may not send one of the events
     */
    static Parsed of(byte[] body, int partitions, Limits limits, Caller caller, Series series) {
        Parsed parsed = new Parsed(partitions, limits, caller, series);
        int start = skipBlank(body, 0);
        if (start == body.length) {
            throw new Refusal(400, "the body is empty: send one JSON object, an array of them, or one a line");
        }
        if (body[start] == '[') {
            parsed.array(body);
        } else if (isJson(Arrays.copyOfRange(body, start, endOfLine(body, start))) || !isJson(body)) {
            parsed.lines(body);
        } else {
            parsed.line(1, body);
        }
        return parsed;
    }

    int rejected() {
        return rejectedByClass.values().stream().mapToInt(Integer::intValue).sum();
    }

    private void array(byte[] json) {
        try {
            int place = 1;
            for (JsonNode node : Json.split(json)) {
                add(place++, node);
            }
        } catch (MessageException e) {
            reject(1, "json", e.getMessage());
        }
    }

    private void lines(byte[] body) {
        int line = 1;
        for (int begin = 0; begin < body.length; line++) {
            int end = endOfLine(body, begin);
            if (skipBlank(body, begin) < end) {
                line(line, Arrays.copyOfRange(body, begin, end));
            }
            begin = end + 1;
        }
    }

    private void line(int line, byte[] json) {
        try {
            add(line, Json.tree(json));
        } catch (MessageException e) {
            reject(line, "json", e.getMessage());
        }
    }

    private void add(int line, JsonNode node) {
        try {
            TrainingEvent event = Json.event(node);
            if (event instanceof Tick) {
                reject(line, "tick", "ticks are written by the fitter alone");
                return;
            }
            permit(event);
            ProducerRecord<byte[], byte[]> record = EventRecords.of(event, partitions);
            if (record.value().length > limits.eventBytes()) {
                reject(
                        line,
                        "too-large",
                        "the event has " + record.value().length + " bytes: at most " + limits.eventBytes()
                                + " are allowed");
                return;
            }
            String objection = series.objection(event);
            if (objection != null) {
                reject(line, "series", objection);
                return;
            }
            records.add(record);
        } catch (MessageException e) {
            reject(line, "invalid", e.getMessage());
        }
    }

    private void permit(TrainingEvent event) {
        permit(event instanceof StudyCommand ? Scope.ADMIN : Scope.INGEST, event.study());
        if (event instanceof StudyCommand moved) {
            permit(Scope.ADMIN, moved.toStudy());
        }
    }

    private void permit(Scope needed, @Nullable String study) {
        if (study != null && !caller.may(needed, study)) {
            throw new Refusal(
                    403,
                    "this token has no scope " + needed.name().toLowerCase(Locale.ROOT) + " for study " + study
                            + ": nothing of this was taken");
        }
    }

    private void reject(int line, String reasonClass, @Nullable String reason) {
        rejectedByClass.merge(reasonClass, 1, Integer::sum);
        if (rejections.size() < MAX_LISTED) {
            rejections.add(new Rejection(line, reason == null ? reasonClass : reason));
        }
    }

    private static boolean isJson(byte[] text) {
        try {
            Json.tree(text);
            return true;
        } catch (MessageException e) {
            return false;
        }
    }

    private static int skipBlank(byte[] body, int from) {
        int at = from;
        while (at < body.length && (body[at] == ' ' || body[at] == '\n' || body[at] == '\r' || body[at] == '\t')) {
            at++;
        }
        return at;
    }

    private static int endOfLine(byte[] body, int from) {
        int at = from;
        while (at < body.length && body[at] != '\n') {
            at++;
        }
        return at;
    }
}
