package io.etastar.spark;

import io.etastar.data.Shard;
import io.etastar.partition.ParameterLayout;
import io.etastar.partition.Partition;
import io.etastar.quantity.DerivativeSummary;
import io.etastar.quantity.DerivativeTensor;
import io.etastar.quantity.GradientSum;
import io.etastar.quantity.HessianVectorSum;
import io.etastar.quantity.LossSum;
import io.etastar.quantity.Point;
import io.etastar.quantity.Quantity;
import io.etastar.quantity.Sum;
import io.etastar.quantity.SymmetricIndices;
import io.etastar.spark.engine.Engine;
import io.etastar.spark.engine.EngineFactory;
import io.etastar.tensor.DType;
import io.etastar.tensor.RawArray;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Loss (w x + b - y)^2 / 2 of one sample, with all its derivatives in closed form; feature 0, the row's index, is left out.
 * Parameters: "weight" [features - 1], then "bias" [1].
 */
public final class LeastSquaresEngine implements Engine {
    public static final AtomicInteger CREATED = new AtomicInteger();
    public static final AtomicInteger PREPARED = new AtomicInteger();
    static final AtomicInteger CLOSED = new AtomicInteger();

    /** Makes engines; {@code delays} has each call sleep for a random time. */
    public record Factory(int features, DType type, boolean delays) implements EngineFactory {
        @Override
        public Engine create(Partition partition) {
            CREATED.incrementAndGet();
            return new LeastSquaresEngine(this, partition);
        }

        @Override
        public String key(Partition partition) {
            return this + " " + partition;
        }

        @Override
        public void prepareThread(int cores) {
            PREPARED.incrementAndGet();
        }
    }

    private final Factory factory;
    private final Partition partition;
    private double[] theta;
    private double[] direction;

    private LeastSquaresEngine(Factory factory, Partition partition) {
        this.factory = factory;
        this.partition = partition;
    }

    public static ParameterLayout layout(int features) {
        return new ParameterLayout(List.of("weight", "bias"), List.of(new int[] {features - 1}, new int[] {1}));
    }

    @Override
    public <T extends Sum<T>> T evaluate(Quantity<T> quantity, Shard shard, int[] rows, Point<RawArray> point) {
        theta = point.theta().toDoubles();
        direction = point.direction() == null ? null : point.direction().toDoubles();
        return quantity.accept(new Quantity.Visitor() {
            @Override
            public <U extends Sum<U>> U other(Quantity<U> unknown) {
                throw new UnsupportedOperationException(unknown.title());
            }

            @Override
            public LossSum loss(Quantity.Loss loss) {
                return LeastSquaresEngine.this.loss(shard, rows);
            }

            @Override
            public GradientSum gradient(Quantity.Gradient gradient) {
                return LeastSquaresEngine.this.gradient(shard, rows);
            }

            @Override
            public DerivativeSummary summary(Quantity.Summary summary) {
                return LeastSquaresEngine.this.summary(shard, rows);
            }

            /** Slopes alone. */
            @Override
            public DerivativeTensor derivatives(Quantity.Derivatives derivatives) {
                DerivativeSummary sum = LeastSquaresEngine.this.summary(shard, rows);
                SymmetricIndices indices = new SymmetricIndices(partition.size(), 1);
                return new DerivativeTensor(sum.samples(), sum.loss(), indices, sum.g());
            }

            @Override
            public HessianVectorSum hessianVector(Quantity.HessianVector product) {
                return LeastSquaresEngine.this.hessianVector(shard, rows);
            }
        });
    }

    private LossSum loss(Shard shard, int[] rows) {
        double loss = 0;
        for (int row : rows) {
            double error =
                    dot(theta, shard, row, 0, theta.length) - shard.targets().get(row);
            loss += error * error / 2;
        }
        return new LossSum(rows.length, loss, 0);
    }

    private GradientSum gradient(Shard shard, int[] rows) {
        pause();
        RawArray gradient = RawArray.zeros(factory.type(), theta.length);
        for (int row : rows) {
            double error =
                    dot(theta, shard, row, 0, theta.length) - shard.targets().get(row);
            for (int p = 0; p < theta.length; p++) {
                gradient.set(p, gradient.get(p) + error * input(shard, row, p));
            }
        }
        return new GradientSum(loss(shard, rows), gradient);
    }

    private DerivativeSummary summary(Shard shard, int[] rows) {
        pause();
        int size = partition.size();
        double[] g = new double[size];
        double[][] h = new double[size][size];
        for (int row : rows) {
            double error =
                    dot(theta, shard, row, 0, theta.length) - shard.targets().get(row);
            double[] tangent = tangents(shard, row);
            for (int s = 0; s < size; s++) {
                g[s] += error * tangent[s];
                for (int t = 0; t < size; t++) {
                    h[s][t] += tangent[s] * tangent[t];
                }
            }
        }
        return new DerivativeSummary(rows.length, loss(shard, rows).loss(), g, h, new double[size]);
    }

    private HessianVectorSum hessianVector(Shard shard, int[] rows) {
        pause();
        RawArray product = RawArray.zeros(factory.type(), theta.length);
        for (int row : rows) {
            double slope = dot(direction, shard, row, 0, theta.length);
            for (int p = 0; p < theta.length; p++) {
                product.set(p, product.get(p) + slope * input(shard, row, p));
            }
        }
        return new HessianVectorSum(loss(shard, rows), product);
    }

    private double[] tangents(Shard shard, int row) {
        double[] tangent = new double[partition.size()];
        tangent[partition.subsetOf(0)] += dot(direction, shard, row, 0, theta.length - 1);
        tangent[partition.subsetOf(1)] += dot(direction, shard, row, theta.length - 1, theta.length);
        return tangent;
    }

    private static double dot(double[] with, Shard shard, int row, int from, int to) {
        double sum = 0;
        for (int p = from; p < to; p++) {
            sum += with[p] * input(shard, row, p);
        }
        return sum;
    }

    private static double input(Shard shard, int row, int parameter) {
        int features = shard.featureLength();
        return parameter == features - 1 ? 1 : shard.features().get(row * features + 1 + parameter);
    }

    private void pause() {
        if (factory.delays()) {
            try {
                Thread.sleep(ThreadLocalRandom.current().nextInt(10));
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    @Override
    public void close() {
        CLOSED.incrementAndGet();
    }
}
