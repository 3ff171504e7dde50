package io.etastar.report;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.StdSerializer;
import java.io.IOException;

/**
 * Records as JSON, in snake case. JSON has no NaN and no infinity: numbers that are not finite become null here, and nowhere
 * else.
 */
public final class FiniteJson {
    /** Writes and reads; shared, never reconfigured. */
    public static final ObjectMapper MAPPER = JsonMapper.builder()
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .addModule(new SimpleModule()
                    .addSerializer(double.class, new NumberSerializer())
                    .addSerializer(Double.class, new NumberSerializer())
                    .addSerializer(double[].class, new ArraySerializer()))
            .build();

    private FiniteJson() {}

    private static void write(double value, JsonGenerator out) throws IOException {
        if (Double.isFinite(value)) {
            out.writeNumber(value);
        } else {
            out.writeNull();
        }
    }

    private static final class NumberSerializer extends StdSerializer<Double> {
        private static final long serialVersionUID = 1L;

        NumberSerializer() {
            super(Double.class);
        }

        @Override
        public void serialize(Double value, JsonGenerator out, SerializerProvider provider) throws IOException {
            write(value, out);
        }
    }

    private static final class ArraySerializer extends StdSerializer<double[]> {
        private static final long serialVersionUID = 1L;

        ArraySerializer() {
            super(double[].class);
        }

        @Override
        public void serialize(double[] values, JsonGenerator out, SerializerProvider provider) throws IOException {
            out.writeStartArray(values, values.length);
            for (double value : values) {
                write(value, out);
            }
            out.writeEndArray();
        }
    }
}
