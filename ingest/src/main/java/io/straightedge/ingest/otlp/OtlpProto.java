package io.straightedge.ingest.otlp;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.WireFormat;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Walks an {@code ExportMetricsServiceRequest} in protobuf, without building its tree. Field numbers are those of
 * {@code opentelemetry/proto/metrics/v1/metrics.proto} and {@code common/v1/common.proto}.
 */
final class OtlpProto {

    /** Nesting of messages; a request has six levels beside nested attributes, which are not entered. */
    private static final int MAX_DEPTH = 16;

    private final Samples samples = new Samples();
    private int resources;

    /** The data points of a request. */
    static Samples read(byte[] body) throws OtlpException {
        OtlpProto walk = new OtlpProto();
        try {
            CodedInputStream in = CodedInputStream.newInstance(body);
            in.setRecursionLimit(MAX_DEPTH);
            walk.each(in, (field, message) -> {
                if (field == 1) {
                    walk.resourceMetrics(message);
                }
            });
        } catch (IOException e) {
            throw new OtlpException("the body is not an ExportMetricsServiceRequest in protobuf");
        }
        return walk.samples;
    }

    private interface Visitor {
        void visit(int field, CodedInputStream message) throws IOException, OtlpException;
    }

    /** Visits every length-delimited field of the message that the stream is in, and skips the others. */
    private void each(CodedInputStream in, Visitor visitor) throws IOException, OtlpException {
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            if (WireFormat.getTagWireType(tag) == WireFormat.WIRETYPE_LENGTH_DELIMITED) {
                int limit = in.pushLimit(in.readRawVarint32());
                visitor.visit(WireFormat.getTagFieldNumber(tag), in);
                in.skipRawBytes(in.getBytesUntilLimit());
                in.popLimit(limit);
            } else {
                in.skipField(tag);
            }
        }
    }

    private void resourceMetrics(CodedInputStream in) throws IOException, OtlpException {
        int resource = resources++;
        Map<String, String> facts = new TreeMap<>();
        // The order of fields is the sender's choice: points may come before the resource that they are of.
        List<Metric> metrics = new ArrayList<>();
        each(in, (field, message) -> {
            if (field == 1) {
                each(message, (inner, attribute) -> {
                    if (inner == 1) {
                        attribute(attribute, facts);
                    }
                });
            } else if (field == 2) {
                each(message, (inner, metric) -> {
                    if (inner == 2) {
                        metrics.add(metric(metric));
                    }
                });
            }
        });
        for (Metric metric : metrics) {
            for (Point point : metric.points) {
                samples.add(
                        new Sample(resource, facts, metric.name, point.attributes, point.value, point.timeNanos),
                        point.flags);
            }
        }
    }

    private Metric metric(CodedInputStream in) throws IOException, OtlpException {
        Metric metric = new Metric();
        each(in, (field, message) -> {
            switch (field) {
                case 1 -> metric.name = string(message);
                case 5 -> numbers(message, metric, true);
                case 7 -> numbers(message, metric, false);
                case 9, 10, 11 ->
                    each(message, (inner, point) -> {
                        if (inner == 1) {
                            samples.ignore("histogram", 1);
                        }
                    });
                default -> {}
            }
        });
        return metric;
    }

    /** A gauge, or a sum, whose temporality may come after its points. */
    private void numbers(CodedInputStream in, Metric metric, boolean gauge) throws IOException, OtlpException {
        List<Point> points = new ArrayList<>();
        int temporality = gauge ? Samples.CUMULATIVE : 0;
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            int field = WireFormat.getTagFieldNumber(tag);
            if (field == 1 && WireFormat.getTagWireType(tag) == WireFormat.WIRETYPE_LENGTH_DELIMITED) {
                int limit = in.pushLimit(in.readRawVarint32());
                points.add(point(in));
                in.popLimit(limit);
                if (points.size() > Samples.MAX_POINTS) {
                    throw new OtlpException("the request has more than " + Samples.MAX_POINTS + " data points");
                }
            } else if (field == 2 && !gauge && WireFormat.getTagWireType(tag) == WireFormat.WIRETYPE_VARINT) {
                temporality = in.readEnum();
            } else {
                in.skipField(tag);
            }
        }
        for (Point point : points) {
            if (temporality != Samples.CUMULATIVE) {
                samples.ignore("delta", 1);
            } else if (!point.hasValue) {
                samples.ignore("stale", 1);
            } else {
                metric.points.add(point);
            }
        }
    }

    private Point point(CodedInputStream in) throws IOException, OtlpException {
        Point point = new Point();
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            int wire = WireFormat.getTagWireType(tag);
            int field = WireFormat.getTagFieldNumber(tag);
            if (field == 3 && wire == WireFormat.WIRETYPE_FIXED64) {
                point.timeNanos = in.readFixed64();
            } else if (field == 4 && wire == WireFormat.WIRETYPE_FIXED64) {
                point.value(in.readDouble());
            } else if (field == 6 && wire == WireFormat.WIRETYPE_FIXED64) {
                point.value((double) in.readSFixed64());
            } else if (field == 7 && wire == WireFormat.WIRETYPE_LENGTH_DELIMITED) {
                int limit = in.pushLimit(in.readRawVarint32());
                attribute(in, point.attributes);
                in.popLimit(limit);
            } else if (field == 8 && wire == WireFormat.WIRETYPE_VARINT) {
                point.flags = in.readUInt32();
            } else {
                in.skipField(tag);
            }
        }
        return point;
    }

    private void attribute(CodedInputStream in, Map<String, String> into) throws IOException, OtlpException {
        String[] pair = new String[2];
        each(in, (field, message) -> {
            if (field == 1) {
                pair[0] = string(message);
            } else if (field == 2) {
                pair[1] = any(message);
            }
        });
        if (pair[0] != null && pair[1] != null) {
            into.put(pair[0], pair[1]);
        }
    }

    /** An {@code AnyValue} of a simple kind as text; null for arrays, maps and bytes. */
    private static @Nullable String any(CodedInputStream in) throws IOException {
        String value = null;
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            switch (tag) {
                case (1 << 3) | WireFormat.WIRETYPE_LENGTH_DELIMITED -> value = in.readString();
                case (2 << 3) | WireFormat.WIRETYPE_VARINT -> value = Boolean.toString(in.readBool());
                case (3 << 3) | WireFormat.WIRETYPE_VARINT -> value = Long.toString(in.readInt64());
                case (4 << 3) | WireFormat.WIRETYPE_FIXED64 -> value = Double.toString(in.readDouble());
                default -> in.skipField(tag);
            }
        }
        return value;
    }

    /** The rest of the field that the stream is in, as text. */
    private static String string(CodedInputStream in) throws IOException {
        return new String(in.readRawBytes(in.getBytesUntilLimit()), UTF_8);
    }

    private static final class Metric {
        private String name = "";
        private final List<Point> points = new ArrayList<>();
    }

    private static final class Point {
        private final Map<String, String> attributes = new TreeMap<>();
        private double value;
        private boolean hasValue;
        private long timeNanos;
        private int flags;

        void value(double number) {
            value = number;
            hasValue = true;
        }
    }
}
