package io.straightedge.ingest.tensorboard;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.WireFormat;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/**
 * The single element of a tensor, if it has no more: a number or a text. Writers put it into {@code tensor_content} or into
 * the field of its type; both are read.
 */
final class TensorValue {

    private static final int FLOAT = 1;
    private static final int DOUBLE = 2;
    private static final int INT32 = 3;
    private static final int INT64 = 9;
    private static final int BFLOAT16 = 14;
    private static final int HALF = 19;
    private static final int UINT32 = 22;
    private static final int UINT64 = 23;

    private int type;
    private long elements = 1;
    private @Nullable ByteString content;
    private int values;
    private double number;
    private @Nullable ByteString text;

    private TensorValue() {}

    /** Walks a {@code TensorProto}. */
    static TensorValue read(CodedInputStream in) throws IOException {
        TensorValue tensor = new TensorValue();
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            tensor.field(tag, in);
        }
        return tensor;
    }

    /** The number; null when the tensor holds none, or several. */
    @Nullable
    Double number() {
        if (elements != 1) {
            return null;
        }
        if (content == null || content.isEmpty()) {
            return values == 1 ? number : null;
        }
        ByteBuffer bytes = content.asReadOnlyByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
        int width = switch (type) {
            case FLOAT, INT32, UINT32 -> 4;
            case DOUBLE, INT64, UINT64 -> 8;
            case HALF, BFLOAT16 -> 2;
            default -> -1;
        };
        if (bytes.remaining() != width) {
            return null;
        }
        return switch (type) {
            case FLOAT -> (double) bytes.getFloat(0);
            case DOUBLE -> bytes.getDouble(0);
            case INT32 -> (double) bytes.getInt(0);
            case UINT32 -> (double) Integer.toUnsignedLong(bytes.getInt(0));
            case INT64, UINT64 -> (double) bytes.getLong(0);
            case HALF -> half(bytes.getShort(0));
            default -> bfloat16(bytes.getShort(0));
        };
    }

    /** The text; null when the tensor holds none, or several. */
    @Nullable
    String text() {
        return elements == 1 && values == 1 && text != null ? text.toString(UTF_8) : null;
    }

    private void field(int tag, CodedInputStream in) throws IOException {
        int wire = WireFormat.getTagWireType(tag);
        switch (WireFormat.getTagFieldNumber(tag)) {
            case 1 -> {
                if (wire == WireFormat.WIRETYPE_VARINT) {
                    type = in.readEnum();
                } else {
                    in.skipField(tag);
                }
            }
            case 2 -> within(in, tag, this::shape);
            case 4 -> {
                if (wire == WireFormat.WIRETYPE_LENGTH_DELIMITED) {
                    content = in.readBytes();
                } else {
                    in.skipField(tag);
                }
            }
            case 5 -> numbers(in, tag, WireFormat.WIRETYPE_FIXED32, fields -> fields.readFloat());
            case 6 -> numbers(in, tag, WireFormat.WIRETYPE_FIXED64, fields -> fields.readDouble());
            case 7, 10 -> numbers(in, tag, WireFormat.WIRETYPE_VARINT, fields -> (double) fields.readInt64());
            case 8 -> {
                if (wire == WireFormat.WIRETYPE_LENGTH_DELIMITED) {
                    text = in.readBytes();
                    values++;
                } else {
                    in.skipField(tag);
                }
            }
            case 13 ->
                numbers(in, tag, WireFormat.WIRETYPE_VARINT, fields -> {
                    short bits = (short) fields.readInt32();
                    return type == BFLOAT16 ? bfloat16(bits) : half(bits);
                });
            case 16, 17 -> numbers(in, tag, WireFormat.WIRETYPE_VARINT, fields -> (double) fields.readUInt64());
            default -> in.skipField(tag);
        }
    }

    /** {@code TensorShapeProto}: the product of its dimensions. */
    private void shape(CodedInputStream in) throws IOException {
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            if (WireFormat.getTagFieldNumber(tag) == 2) {
                long[] size = {0};
                within(in, tag, dimension -> {
                    for (int inner = dimension.readTag(); inner != 0; inner = dimension.readTag()) {
                        if (inner == WireFormat.WIRETYPE_VARINT + (1 << 3)) {
                            size[0] = dimension.readInt64();
                        } else {
                            dimension.skipField(inner);
                        }
                    }
                });
                elements = size[0] == 1 ? elements : 0;
            } else {
                in.skipField(tag);
            }
        }
    }

    private interface Element {
        double read(CodedInputStream in) throws IOException;
    }

    private interface Fields {
        void read(CodedInputStream in) throws IOException;
    }

    /** Numbers one by one, or packed. */
    private void numbers(CodedInputStream in, int tag, int wire, Element element) throws IOException {
        if (WireFormat.getTagWireType(tag) == WireFormat.WIRETYPE_LENGTH_DELIMITED) {
            within(in, tag, packed -> {
                while (!packed.isAtEnd()) {
                    number = element.read(packed);
                    values++;
                }
            });
        } else if (WireFormat.getTagWireType(tag) == wire) {
            number = element.read(in);
            values++;
        } else {
            in.skipField(tag);
        }
    }

    private static void within(CodedInputStream in, int tag, Fields fields) throws IOException {
        if (WireFormat.getTagWireType(tag) != WireFormat.WIRETYPE_LENGTH_DELIMITED) {
            in.skipField(tag);
            return;
        }
        int outer = in.pushLimit(in.readRawVarint32());
        fields.read(in);
        in.popLimit(outer);
    }

    /** IEEE 754 binary16: 1 sign bit, 5 of exponent with bias 15, 10 of fraction. */
    static double half(short bits) {
        int exponent = (bits >> 10) & 0x1f;
        int fraction = bits & 0x3ff;
        double size = switch (exponent) {
            case 0 -> fraction * 0x1p-24;
            case 0x1f -> fraction == 0 ? Double.POSITIVE_INFINITY : Double.NaN;
            default -> (1 + fraction * 0x1p-10) * Math.scalb(1.0, exponent - 15);
        };
        return bits < 0 ? -size : size;
    }

    /** The upper half of a float. */
    static double bfloat16(short bits) {
        return Float.intBitsToFloat(bits << 16);
    }
}
