package io.etastar.interchange;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;

/** An ONNX file in an ONNX runtime. */
final class OnnxRun implements AutoCloseable {
    private final OrtEnvironment environment = OrtEnvironment.getEnvironment();
    private final OrtSession session;

    OnnxRun(Path file) throws OrtException {
        session = environment.createSession(file.toString(), new OrtSession.SessionOptions());
    }

    OrtSession session() {
        return session;
    }

    /** An output for some rows, flat. */
    double[] output(String name, double[] features, int rows) throws OrtException {
        Map.Entry<String, ai.onnxruntime.NodeInfo> input =
                session.getInputInfo().entrySet().iterator().next();
        TensorInfo info = (TensorInfo) input.getValue().getInfo();
        long[] shape = info.getShape();
        shape[0] = rows;
        try (OnnxTensor x = tensor(info, features, shape);
                OrtSession.Result result = session.run(Map.of(input.getKey(), x))) {
            OnnxValue value = result.get(name).orElseThrow();
            FloatBuffer buffer = ((OnnxTensor) value).getFloatBuffer();
            double[] output = new double[buffer.remaining()];
            Arrays.setAll(output, i -> buffer.get(i));
            return output;
        }
    }

    private OnnxTensor tensor(TensorInfo info, double[] features, long... shape) throws OrtException {
        if (info.type == ai.onnxruntime.OnnxJavaType.INT64) {
            long[] words =
                    Arrays.stream(features).mapToLong(value -> (long) value).toArray();
            return OnnxTensor.createTensor(environment, LongBuffer.wrap(words), shape);
        }
        float[] numbers = new float[features.length];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = (float) features[i];
        }
        return OnnxTensor.createTensor(environment, FloatBuffer.wrap(numbers), shape);
    }

    @Override
    public void close() throws OrtException {
        session.close();
    }
}
