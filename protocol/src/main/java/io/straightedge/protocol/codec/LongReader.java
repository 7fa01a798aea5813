package io.straightedge.protocol.codec;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.deser.std.StdScalarDeserializer;
import java.io.IOException;

/**
 * Reads a 64-bit integer from a number or a string.
 *
 * <p>3.0 and 1e3 are whole numbers, as clients that keep their steps in floats write them; 3.7 is refused, where
 * Jackson by itself would cut it to 3, and so is an empty string, which it would read as 0.
 */
final class LongReader extends StdScalarDeserializer<Long> {
    private static final long serialVersionUID = 1;

    /** Above this a double no longer tells neighbouring integers apart. */
    private static final double LARGEST_EXACT = 0x1p53;

    private final boolean primitive;

    LongReader(Class<?> type) {
        super(type);
        this.primitive = type.isPrimitive();
    }

    @Override
    public Long deserialize(JsonParser parser, DeserializationContext context) throws IOException {
        if (parser.currentToken() == JsonToken.VALUE_NUMBER_INT) {
            return parser.getLongValue();
        }
        String text = parser.getText().strip();
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException notAnInteger) {
            return whole(parser, text);
        }
    }

    @Override
    public Long getNullValue(DeserializationContext context) throws JsonMappingException {
        if (primitive) {
            throw JsonMappingException.from(context, "is missing: give a whole number");
        }
        return super.getNullValue(context);
    }

    private static Long whole(JsonParser parser, String text) throws JsonMappingException {
        try {
            double value = Double.parseDouble(text);
            if (value == Math.rint(value) && Math.abs(value) <= LARGEST_EXACT) {
                return (long) value;
            }
        } catch (NumberFormatException e) {
            // Falls through to the refusal that both cases share.
        }
        throw JsonMappingException.from(parser, "not a whole number: " + Reasons.excerpt(text));
    }
}
