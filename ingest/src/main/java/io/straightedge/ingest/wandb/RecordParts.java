package io.straightedge.ingest.wandb;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.WireFormat;
import io.straightedge.ingest.source.Json;
import io.straightedge.ingest.source.Numbers;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Walks the messages within a protobuf {@code Record}, as {@code wandb_internal.proto} describes them. */
final class RecordParts {

    /** Longest JSON of a value that is looked into; tables and media are longer. */
    private static final int LONGEST_VALUE = 1 << 16;

    private RecordParts() {}

    /** {@code HistoryRecord}: items, of which those that are of use to the rows, and the step as a message of its own. */
    static Map<String, Double> history(CodedInputStream in, HistoryRows rows) throws IOException {
        Map<String, Double> numbers = new LinkedHashMap<>();
        Double step = null;
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            int field = WireFormat.getTagFieldNumber(tag);
            if (WireFormat.getTagWireType(tag) != WireFormat.WIRETYPE_LENGTH_DELIMITED) {
                in.skipField(tag);
            } else if (field == 1) {
                number(within(in, Entry::read), rows, numbers);
            } else if (field == 2) {
                step = (double) within(in, message -> varint(message, 1));
            } else {
                in.skipField(tag);
            }
        }
        if (step != null) {
            numbers.putIfAbsent(HistoryRows.STEP, step);
        }
        return numbers;
    }

    private static void number(Entry entry, HistoryRows rows, Map<String, Double> numbers) {
        String json = entry.json();
        if (json.startsWith("{")) {
            JsonNode object = json.length() <= LONGEST_VALUE ? Json.parse(json) : null;
            if (object != null) {
                rows.numbers(entry.name(), object, numbers);
            }
        } else if (rows.reads(entry.name())) {
            boolean quoted = json.length() > 1 && json.startsWith("\"") && json.endsWith("\"");
            Double number = Numbers.parse(quoted ? json.substring(1, json.length() - 1) : json);
            if (number != null) {
                numbers.putIfAbsent(entry.name(), number);
            }
        }
    }

    /** {@code ConfigRecord}: what is new or changed; what is removed stays as it was. */
    static Map<String, String> config(CodedInputStream in) throws IOException {
        Map<String, String> values = new LinkedHashMap<>();
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            if (tag == ((1 << 3) | WireFormat.WIRETYPE_LENGTH_DELIMITED)) {
                Entry entry = within(in, Entry::read);
                JsonNode json = entry.json().length() <= LONGEST_VALUE ? Json.parse(entry.json()) : null;
                if (json != null && !entry.name().isEmpty() && !entry.name().startsWith("_wandb")) {
                    values.putAll(flat(entry.name(), json));
                }
            } else {
                in.skipField(tag);
            }
        }
        return values;
    }

    private static Map<String, String> flat(String name, JsonNode json) {
        boolean wrapped = json.has("value") && (json.size() == 1 || (json.size() == 2 && json.has("desc")));
        return Json.flat(name, wrapped ? json.get("value") : json);
    }

    /** {@code RunRecord}: the names, as {@code wandb.*}, and the configuration at the start. */
    static Map<String, String> run(CodedInputStream in) throws IOException {
        Map<String, String> values = new LinkedHashMap<>();
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            int field = WireFormat.getTagFieldNumber(tag);
            String name = switch (field) {
                case 1 -> "wandb.run_id";
                case 2 -> "wandb.entity";
                case 3 -> "wandb.project";
                case 6 -> "wandb.group";
                case 8 -> "wandb.name";
                default -> null;
            };
            if (WireFormat.getTagWireType(tag) != WireFormat.WIRETYPE_LENGTH_DELIMITED) {
                in.skipField(tag);
            } else if (name != null) {
                values.put(name, in.readString());
            } else if (field == 4) {
                values.putAll(within(in, RecordParts::config));
            } else {
                in.skipField(tag);
            }
        }
        values.values().removeIf(String::isEmpty);
        return values;
    }

    static int exitCode(CodedInputStream in) throws IOException {
        return (int) varint(in, 1);
    }

    private static long varint(CodedInputStream in, int field) throws IOException {
        long found = 0;
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            if (tag == ((field << 3) | WireFormat.WIRETYPE_VARINT)) {
                found = in.readInt64();
            } else {
                in.skipField(tag);
            }
        }
        return found;
    }

    /** A {@code HistoryItem} or {@code ConfigItem}. */
    private record Entry(String name, String json) {

        static Entry read(CodedInputStream in) throws IOException {
            String key = "";
            List<String> nested = new ArrayList<>();
            String json = "";
            for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
                int field = WireFormat.getTagFieldNumber(tag);
                if (WireFormat.getTagWireType(tag) != WireFormat.WIRETYPE_LENGTH_DELIMITED) {
                    in.skipField(tag);
                } else if (field == 1) {
                    key = in.readString();
                } else if (field == 2) {
                    nested.add(in.readString());
                } else if (field == 16) {
                    json = in.readString().strip();
                } else {
                    in.skipField(tag);
                }
            }
            return new Entry(nested.isEmpty() ? key : String.join(".", nested), json);
        }
    }

    /** Walks a message to its end. */
    interface Message<T> {
        T read(CodedInputStream in) throws IOException;
    }

    static <T> T within(CodedInputStream in, Message<T> message) throws IOException {
        int outer = in.pushLimit(in.readRawVarint32());
        T read = message.read(in);
        in.popLimit(outer);
        return read;
    }
}
