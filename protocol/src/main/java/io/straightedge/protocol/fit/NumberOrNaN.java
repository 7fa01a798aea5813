package io.straightedge.protocol.fit;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.deser.std.StdScalarDeserializer;
import java.io.IOException;

/** Reads a number that older messages do not have: NaN when it is absent or null. */
final class NumberOrNaN extends StdScalarDeserializer<Double> {
    private static final long serialVersionUID = 1;

    NumberOrNaN() {
        super(double.class);
    }

    @Override
    public Double deserialize(JsonParser parser, DeserializationContext context) throws IOException {
        return _parseDoublePrimitive(parser, context);
    }

    @Override
    public Double getNullValue(DeserializationContext context) {
        return Double.NaN;
    }
}
