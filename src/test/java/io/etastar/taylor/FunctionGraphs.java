package io.etastar.taylor;

import io.etastar.graph.Model;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.BiFunction;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ops.impl.controlflow.compat.StopGradient;
import org.nd4j.linalg.api.ops.impl.transforms.strict.Mish;
import org.nd4j.linalg.api.ops.random.impl.DropOutInverted;

/** Elementwise functions and arithmetic, each between two dense layers. */
final class FunctionGraphs {
    private FunctionGraphs() {}

    private static final Map<String, BiFunction<TestGraphs, SDVariable, SDVariable>> FUNCTIONS = new LinkedHashMap<>();

    static {
        arithmetic();
        smooth();
        bounded();
    }

    static void add(Map<String, Model> models) {
        FUNCTIONS.forEach((name, f) -> models.put(name, TestGraphs.between(f)));
    }

    private static void put(String name, BiFunction<TestGraphs, SDVariable, SDVariable> f) {
        FUNCTIONS.put(name, f);
    }

    /** A value above 0.7. */
    private static SDVariable positive(TestGraphs t, SDVariable h) {
        return t.graph.math.square(h).add(0.7);
    }

    private static void arithmetic() {
        put("divide", (t, h) -> h.div(positive(t, h)));
        put("divide by a row", (t, h) -> h.div(positive(t, t.parameter("c", 4))));
        put("reversedivide", (t, h) -> positive(t, h).rdiv(h));
        put("rdiv_scalar", (t, h) -> positive(t, h).rdiv(1.3));
        put("reversesubtract", (t, h) -> t.graph.math.tanh(h).rsub(t.parameter("c", 4)));
        put("pow", (t, h) -> t.graph.math.pow(positive(t, h), 1.7));
        put("pow of a whole number", (t, h) -> t.graph.math.pow(h, 3));
        put("sqrt", (t, h) -> t.graph.math.sqrt(positive(t, h)));
        put("rsqrt", (t, h) -> t.graph.math.rsqrt(positive(t, h)));
        put("reciprocal", (t, h) -> t.graph.math.reciprocal(positive(t, h)));
        put("cube", (t, h) -> t.graph.math.cube(h));
        put("log1p", (t, h) -> t.graph.math.log1p(t.graph.math.square(h)));
        put("expm1", (t, h) -> t.graph.math.expm1(h.mul(0.3)));
        put("sin", (t, h) -> t.graph.math.sin(h));
        put("cos", (t, h) -> t.graph.math.cos(h));
        put("sinh", (t, h) -> t.graph.math.sinh(h.mul(0.3)));
        put("cosh", (t, h) -> t.graph.math.cosh(h.mul(0.3)));
        put("stop gradient", (t, h) -> h.mul(new StopGradient(t.graph, t.graph.math.tanh(h)).outputVariable()));
        put("cast", (t, h) -> t.graph.math.tanh(h.castTo(DataType.FLOAT).castTo(DataType.DOUBLE)));
    }

    private static void smooth() {
        put("gelu", (t, h) -> t.graph.nn.gelu(h));
        put("precise_gelu", (t, h) -> t.graph.nn.preciseGelu(h));
        put("swish", (t, h) -> t.graph.nn.swish(h));
        put("mish", (t, h) -> new Mish(t.graph, h, false).outputVariable());
        put("logsigmoid", (t, h) -> t.graph.nn.logSigmoid(h));
        put("selu", (t, h) -> t.graph.nn.selu(h));
        put("softsign", (t, h) -> t.graph.nn.softsign(h));
        put("softmax", (t, h) -> t.graph.nn.softmax(h));
        put(
                "inverted dropout without a seed",
                (t, h) -> new DropOutInverted(t.graph, t.graph.math.tanh(h), 0.6).outputVariable());
        put("dropout without a seed", (t, h) -> t.graph.nn.dropout(t.graph.math.tanh(h), 0.6));
    }

    private static void bounded() {
        put("abs", (t, h) -> t.graph.math.square(t.graph.math.abs(h)).add(t.graph.math.abs(h)));
        put("leakyrelu", (t, h) -> t.graph.math.tanh(t.graph.nn.leakyRelu(h, 0.1)));
        put("prelu", (t, h) -> t.graph.math.tanh(t.graph.nn.prelu(h, t.parameter("c", 1), 1)));
        put("hardtanh", (t, h) -> t.graph.math.tanh(t.graph.nn.hardTanh(h)));
        put("hard_sigmoid", (t, h) -> t.graph.math.tanh(t.graph.nn.hardSigmoid(h)));
        put("step", (t, h) -> h.mul(t.graph.math.step(h, 0.1)));
        put("floor", (t, h) -> h.mul(t.graph.math.floor(h.mul(3))));
        put("relu6", (t, h) -> t.graph.math.tanh(t.graph.nn.relu6(h, 0)));
        put("rectified_tanh", (t, h) -> t.graph.math.rectifiedTanh(h));
        put("clip", (t, h) -> t.graph.math.tanh(t.graph.math.clipByValue(h, -0.4, 0.9)));
    }
}
