package io.etastar.spark.engine;

import io.etastar.data.Shard;
import io.etastar.graph.ConstantValues;
import io.etastar.graph.Model;
import io.etastar.graph.ModelDescription;
import io.etastar.partition.ParameterLayout;
import io.etastar.partition.Partition;
import io.etastar.quantity.Curvature;
import io.etastar.quantity.DerivativeSummary;
import io.etastar.quantity.DerivativeTensor;
import io.etastar.quantity.GradientSum;
import io.etastar.quantity.HessianVectorSum;
import io.etastar.quantity.KroneckerFactors;
import io.etastar.quantity.LossSum;
import io.etastar.quantity.MeanSums;
import io.etastar.quantity.Point;
import io.etastar.quantity.Quantity;
import io.etastar.quantity.Sum;
import io.etastar.quantity.SymmetricIndices;
import io.etastar.quantity.TaylorTerms;
import io.etastar.spark.check.TaskDevice;
import io.etastar.taylor.FactorProgram;
import io.etastar.taylor.HessianProgram;
import io.etastar.taylor.PointProgram;
import io.etastar.taylor.Program;
import io.etastar.taylor.SeriesProgram;
import io.etastar.tensor.BackendChoice;
import io.etastar.tensor.Closing;
import io.etastar.tensor.DType;
import io.etastar.tensor.DeviceFailure;
import io.etastar.tensor.NativeMemoryFailure;
import io.etastar.tensor.RawArray;
import java.util.List;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import org.apache.spark.broadcast.Broadcast;

/**
 * Engines that are compiled programs of a zoo model.
 *
 * @param model recipe of the model; built where the engine is made
 * @param type precision of all arithmetic
 * @param microBatch rows processed at once, 0 for automatic
 * @param gradientRows most rows of a shard in one gradient or loss
 * @param summaryRows most rows of a shard in one summary
 * @param backend what computes
 */
public record ProgramFactory(
        ModelDescription model, DType type, int microBatch, int gradientRows, int summaryRows, BackendChoice backend)
        implements EngineFactory {
    /** On the backend that is installed. */
    public ProgramFactory(ModelDescription model, DType type, int microBatch, int gradientRows, int summaryRows) {
        this(model, type, microBatch, gradientRows, summaryRows, BackendChoice.INSTALLED);
    }

    @Override
    public Engine create(Partition partition) {
        return new ProgramEngine(this, partition);
    }

    /**
     * Constants that executors have.
     *
     * @param array there
     */
    private record Sent(Broadcast<RawArray> array) implements ConstantValues {
        @Override
        public RawArray get() {
            return array.value();
        }
    }

    @Override
    public EngineFactory sent(Function<RawArray, Broadcast<RawArray>> send) {
        RawArray constants = model.constantValues();
        return constants == null
                ? this
                : new ProgramFactory(
                        model.with(new Sent(send.apply(constants))),
                        type,
                        microBatch,
                        gradientRows,
                        summaryRows,
                        backend);
    }

    private int rowsAtOnce(Model graph, Partition partition) {
        int rows = partition == null ? gradientRows : summaryRows;
        return microBatch > 0 ? microBatch : Program.automaticBatch(graph, type, partition, rows);
    }

    /** On a backend with a memory of its own what goes there, staged: the parameters at once. */
    @Override
    public long bytes(Partition partition) {
        return backend.backend().hasMemoryOfItsOwn()
                ? (long) model.build(type).layout().size() * type.bytes()
                : estimated(partition);
    }

    @Override
    public long deviceBytes(Partition partition) {
        return backend.backend().hasMemoryOfItsOwn()
                ? estimated(partition) + backend.backend().bytesOfKernels()
                : 0;
    }

    private long estimated(Partition partition) {
        Model graph = model.build(type);
        return onBackend(() -> Program.estimatedBytes(graph, type, rowsAtOnce(graph, partition), partition));
    }

    /** What a compilation gives, with room made on the device if there is need. */
    private <P> P making(Supplier<P> compile) {
        int device = Math.max(0, TaskDevice.current());
        return EnginePool.making(
                place(), () -> backend.backend().freeCopies(device), () -> NativeMemoryFailure.guarding(compile));
    }

    private <T> T onBackend(Supplier<T> task) {
        return backend.backend().during(task);
    }

    @Override
    public String key(Partition partition) {
        return String.join(
                "\n",
                model.json(),
                type.key(),
                microBatch + " " + gradientRows + " " + summaryRows,
                backend + " device " + TaskDevice.current(),
                "" + partition);
    }

    @Override
    public String place() {
        return place(backend);
    }

    /** Where engines on a backend lie that are made on the calling thread. */
    static String place(BackendChoice backend) {
        return backend + " device " + Math.max(0, TaskDevice.current());
    }

    @Override
    public void prepareThread(int cores) {
        prepareTask();
        backend.backend().useThreads(cores);
    }

    @Override
    public void prepareTask() {
        TaskDevice.bind(backend);
    }

    private Model graph() {
        return model.build(type);
    }

    private Program program(Partition partition, Curvature curvature) {
        Model graph = graph();
        return onBackend(() -> Program.compile(graph, type, rowsAtOnce(graph, partition), partition, curvature));
    }

    private HessianProgram products() {
        return onBackend(() -> HessianProgram.compile(graph(), type, microBatch, gradientRows));
    }

    private FactorProgram factors(boolean sampled) {
        return onBackend(() -> FactorProgram.compile(graph(), type, microBatch, gradientRows, sampled));
    }

    private SeriesProgram series(Partition partition, int order) {
        return onBackend(() -> {
            Model graph = graph();
            int rows = microBatch > 0 ? microBatch : SeriesProgram.automaticBatch(graph, type, order, summaryRows);
            return SeriesProgram.compile(graph, type, rows, partition, order);
        });
    }

    /**
     * A program that is compiled when it is first needed, and again when one of another kind is: most engines need one program
     * of the four.
     */
    private static final class Held<P extends PointProgram> {
        private final ProgramFactory factory;
        private final IntFunction<P> compile;
        private P program;
        private int kind;
        private Point<RawArray> at;

        Held(ProgramFactory factory, IntFunction<P> compile) {
            this.factory = factory;
            this.compile = compile;
        }

        /** The program at a point, whose arrays are copied if it is not the point of the call before. */
        P at(Point<RawArray> point, int wanted) {
            if (program == null || kind != wanted) {
                close();
                program = factory.making(() -> compile.apply(wanted));
                kind = wanted;
            }
            if (at != point) {
                program.moveTo(point);
                at = point;
            }
            return program;
        }

        /** The program there is, of whatever kind. */
        P at(Point<RawArray> point) {
            return at(point, kind);
        }

        void close() {
            if (program != null) {
                P closed = program;
                program = null;
                at = null;
                closed.close();
            }
        }
    }

    private static final class ProgramEngine implements Engine {
        /** Of a kind for each curvature; all give losses and gradients to the same bytes. */
        private final Held<Program> sweeps;

        private final Held<HessianProgram> products;
        private final Held<FactorProgram> factors;
        private final Held<SeriesProgram> series;

        ProgramEngine(ProgramFactory factory, Partition partition) {
            sweeps = new Held<>(factory, kind -> factory.program(partition, Curvature.values()[kind]));
            products = new Held<>(factory, kind -> factory.products());
            factors = new Held<>(factory, sampled -> factory.factors(sampled == 1));
            series = new Held<>(factory, order -> factory.series(partition, order));
        }

        @Override
        public <T extends Sum<T>> T evaluate(Quantity<T> quantity, Shard shard, int[] rows, Point<RawArray> point) {
            try {
                return quantity.accept(new Call(shard, rows, point));
            } catch (DeviceFailure failure) {
                throw failure.in(TaskDevice.process());
            }
        }

        @Override
        public void close() {
            Closing.all(List.of(series::close, products::close, factors::close, sweeps::close));
        }

        private final class Call implements Quantity.Visitor {
            private final Shard shard;
            private final int[] rows;
            private final Point<RawArray> point;

            Call(Shard shard, int[] rows, Point<RawArray> point) {
                this.shard = shard;
                this.rows = rows;
                this.point = point;
            }

            @Override
            public <T extends Sum<T>> T other(Quantity<T> quantity) {
                throw new IllegalStateException("no program for " + quantity.title());
            }

            @Override
            public LossSum loss(Quantity.Loss quantity) {
                return sweeps.at(point).loss(shard, rows);
            }

            @Override
            public LossSum.Several losses(Quantity.Losses quantity) {
                LossSum[] sums = new LossSum[quantity.rates().length];
                for (int i = 0; i < sums.length; i++) {
                    sums[i] = sweeps.at(moved(quantity.rates()[i])).loss(shard, rows);
                }
                return new LossSum.Several(sums);
            }

            /** theta - rate u, rounded as theta is. */
            private Point<RawArray> moved(double rate) {
                double[] theta = point.theta().toDoubles();
                for (int p = 0; p < theta.length; p++) {
                    theta[p] -= rate * direction().get(p);
                }
                return Point.at(RawArray.copyOf(point.theta().type(), theta));
            }

            private RawArray direction() {
                if (point.direction() == null) {
                    throw new IllegalArgumentException("a point without a direction");
                }
                return point.direction();
            }

            /** The point, if it has a direction. */
            private Point<RawArray> along() {
                direction();
                return point;
            }

            @Override
            public GradientSum gradient(Quantity.Gradient quantity) {
                return sweeps.at(point).gradient(shard, rows);
            }

            @Override
            public DerivativeSummary summary(Quantity.Summary quantity) {
                return sweeps.at(along(), quantity.curvature().ordinal()).summary(shard, rows);
            }

            @Override
            public HessianVectorSum hessianVector(Quantity.HessianVector quantity) {
                return products.at(along()).hessianVector(shard, rows);
            }

            @Override
            public KroneckerFactors factors(Quantity.Factors quantity) {
                return factors.at(point, quantity.sampled() ? 1 : 0).factors(shard, rows);
            }

            @Override
            public DerivativeTensor derivatives(Quantity.Derivatives quantity) {
                return quantity.order() == 1
                        ? slopes(quantity.partition())
                        : series.at(along(), quantity.order()).derivatives(shard, rows);
            }

            /** The gradient's products with the parts of the direction: a sweep, however many subsets there are. */
            private DerivativeTensor slopes(Partition partition) {
                GradientSum sum = sweeps.at(along()).gradient(shard, rows);
                ParameterLayout layout = partition.layout();
                double[] slopes = new double[partition.size()];
                for (int i = 0; i < layout.count(); i++) {
                    for (int p = layout.offset(i); p < layout.offset(i) + layout.length(i); p++) {
                        slopes[partition.subsetOf(i)] +=
                                sum.gradient().get(p) * point.direction().get(p);
                    }
                }
                return new DerivativeTensor(
                        sum.loss().samples(), sum.loss().loss(), new SymmetricIndices(partition.size(), 1), slopes);
            }

            @Override
            public TaylorTerms terms(Quantity.Terms quantity) {
                return series.at(along(), quantity.order()).terms(shard, rows);
            }

            @Override
            public Quantity.Outputs.Rows outputs(Quantity.Outputs quantity) {
                return new Quantity.Outputs.Rows(sweeps.at(point).outputs(shard, rows));
            }

            @Override
            public MeanSums means(Quantity.Means quantity) {
                return sweeps.at(point).means(shard, rows, quantity.names());
            }
        }
    }
}
