package io.straightedge.ingest.tensorboard;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.WireFormat;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is read of a protobuf {@code Event}.
 *
 * @param wallTime seconds since 1970, as it stands
 * @param start whether a session starts here, from this step on
 */
record Event(double wallTime, long step, boolean start, List<Value> values) {

    private static final int SESSION_START = 1;

    /** Longest name of a value; longer ones are of no known metric. */
    private static final int LONGEST_TAG = 1_000;

    private static final int MOST_VALUES = 100_000;

    /**
     * A {@code Summary.Value}.
     *
     * @param simple its {@code simple_value}; null when it has none
     * @param plugin of its metadata; null when it has no metadata, as all values of a tag but the first
     * @param dataClass of its metadata, 0 when it does not say
     */
    record Value(
            String tag,
            @Nullable Double simple,
            @Nullable TensorValue tensor,
            @Nullable String plugin,
            int dataClass) {}

    /** @throws IOException when the bytes are no event */
    static Event read(byte[] data, int length) throws IOException {
        CodedInputStream in = CodedInputStream.newInstance(data, 0, length);
        double wallTime = 0;
        long step = 0;
        boolean start = false;
        List<Value> values = new ArrayList<>();
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            int wire = WireFormat.getTagWireType(tag);
            int field = WireFormat.getTagFieldNumber(tag);
            if (field == 1 && wire == WireFormat.WIRETYPE_FIXED64) {
                wallTime = in.readDouble();
            } else if (field == 2 && wire == WireFormat.WIRETYPE_VARINT) {
                step = in.readInt64();
            } else if (field == 5 && wire == WireFormat.WIRETYPE_LENGTH_DELIMITED) {
                int outer = in.pushLimit(in.readRawVarint32());
                summary(in, values);
                in.popLimit(outer);
            } else if (field == 7 && wire == WireFormat.WIRETYPE_LENGTH_DELIMITED) {
                int outer = in.pushLimit(in.readRawVarint32());
                start |= firstVarint(in, 1) == SESSION_START;
                in.popLimit(outer);
            } else {
                in.skipField(tag);
            }
        }
        return new Event(wallTime, step, start, values);
    }

    private static void summary(CodedInputStream in, List<Value> values) throws IOException {
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            if (WireFormat.getTagFieldNumber(tag) == 1
                    && WireFormat.getTagWireType(tag) == WireFormat.WIRETYPE_LENGTH_DELIMITED) {
                int outer = in.pushLimit(in.readRawVarint32());
                Value value = value(in);
                in.popLimit(outer);
                if (value.tag().length() <= LONGEST_TAG && values.size() < MOST_VALUES) {
                    values.add(value);
                }
            } else {
                in.skipField(tag);
            }
        }
    }

    private static Value value(CodedInputStream in) throws IOException {
        String name = "";
        Double simple = null;
        TensorValue tensor = null;
        String plugin = null;
        int dataClass = 0;
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            int wire = WireFormat.getTagWireType(tag);
            int field = WireFormat.getTagFieldNumber(tag);
            if (field == 1 && wire == WireFormat.WIRETYPE_LENGTH_DELIMITED) {
                name = in.readString();
            } else if (field == 2 && wire == WireFormat.WIRETYPE_FIXED32) {
                simple = (double) in.readFloat();
            } else if (field == 8 && wire == WireFormat.WIRETYPE_LENGTH_DELIMITED) {
                int outer = in.pushLimit(in.readRawVarint32());
                tensor = TensorValue.read(in);
                in.popLimit(outer);
            } else if (field == 9 && wire == WireFormat.WIRETYPE_LENGTH_DELIMITED) {
                int outer = in.pushLimit(in.readRawVarint32());
                Metadata metadata = metadata(in);
                plugin = metadata.plugin();
                dataClass = metadata.dataClass();
                in.popLimit(outer);
            } else {
                in.skipField(tag);
            }
        }
        return new Value(name, simple, tensor, plugin, dataClass);
    }

    private record Metadata(String plugin, int dataClass) {}

    private static Metadata metadata(CodedInputStream in) throws IOException {
        String plugin = "";
        int dataClass = 0;
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            if (tag == ((1 << 3) | WireFormat.WIRETYPE_LENGTH_DELIMITED)) {
                plugin = plugin(in);
            } else if (tag == ((4 << 3) | WireFormat.WIRETYPE_VARINT)) {
                dataClass = in.readEnum();
            } else {
                in.skipField(tag);
            }
        }
        return new Metadata(plugin, dataClass);
    }

    private static String plugin(CodedInputStream in) throws IOException {
        int outer = in.pushLimit(in.readRawVarint32());
        String name = "";
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            if (tag == ((1 << 3) | WireFormat.WIRETYPE_LENGTH_DELIMITED)) {
                name = in.readString();
            } else {
                in.skipField(tag);
            }
        }
        in.popLimit(outer);
        return name;
    }

    private static long firstVarint(CodedInputStream in, int field) throws IOException {
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
}
