package io.etastar.quantity;

import io.etastar.partition.Partition;
import io.etastar.tensor.RawArray;
import java.io.Serializable;
import java.util.List;

/**
 * What can be computed of a model over rows of data, as a sum over these rows, each times its weight. Quantities travel to
 * executors.
 *
 * @param <T> the sum
 */
public sealed interface Quantity<T extends Sum<T>> extends Serializable {
    /** Name for people, such as the description of a Spark job. */
    String title();

    /** Subsets of the parameters in whose learning rates the quantity has derivatives; null for other quantities. */
    default Partition partition() {
        return null;
    }

    /** The visitor's answer to this quantity. */
    T accept(Visitor visitor);

    /** Loss and correctly classified samples, without dropout. */
    record Loss() implements Quantity<LossSum> {
        @Override
        public String title() {
            return "evaluation";
        }

        @Override
        public LossSum accept(Visitor visitor) {
            return visitor.loss(this);
        }
    }

    /**
     * Losses along the point's direction u, without dropout.
     *
     * @param rates the losses are those at theta - rates[i] u, in order; shared
     */
    record Losses(double... rates) implements Quantity<LossSum.Several> {
        @Override
        public String title() {
            return rates.length + " losses along a direction";
        }

        @Override
        public LossSum.Several accept(Visitor visitor) {
            return visitor.losses(this);
        }
    }

    /** Loss and gradient [P]. */
    record Gradient() implements Quantity<GradientSum> {
        @Override
        public String title() {
            return "gradient";
        }

        @Override
        public GradientSum accept(Visitor visitor) {
            return visitor.gradient(this);
        }
    }

    /**
     * The derivative summary g, H and order3 along the point's direction u.
     *
     * @param partition the S subsets
     * @param curvature which matrix H is
     */
    record Summary(Partition partition, Curvature curvature) implements Quantity<DerivativeSummary> {
        /** With the Hessian. */
        public Summary(Partition partition) {
            this(partition, Curvature.HESSIAN);
        }

        @Override
        public String title() {
            return "S = " + partition.size() + (curvature == Curvature.HESSIAN ? "" : ", " + curvature.key());
        }

        @Override
        public DerivativeSummary accept(Visitor visitor) {
            return visitor.summary(this);
        }
    }

    /** Loss and H v [P], H the full Hessian of the loss, v the point's direction. */
    record HessianVector() implements Quantity<HessianVectorSum> {
        @Override
        public String title() {
            return "Hessian-vector product";
        }

        @Override
        public HessianVectorSum accept(Visitor visitor) {
            return visitor.hessianVector(this);
        }
    }

    /**
     * Kronecker factors of the layers' Fisher matrices.
     *
     * @param sampled whether labels are drawn from the model's own distribution, by the point's seed (0 if it has none): the
     *     Fisher matrix proper; else labels are those of the data: the empirical one
     */
    record Factors(boolean sampled) implements Quantity<KroneckerFactors> {
        @Override
        public String title() {
            return "Kronecker factors";
        }

        @Override
        public KroneckerFactors accept(Visitor visitor) {
            return visitor.factors(this);
        }
    }

    /**
     * All derivatives of one order in the subsets' learning rates, along the point's direction u.
     *
     * @param partition the S subsets
     * @param order d, at least 1
     */
    record Derivatives(Partition partition, int order) implements Quantity<DerivativeTensor> {
        @Override
        public String title() {
            return "order " + order + ", S = " + partition.size();
        }

        @Override
        public DerivativeTensor accept(Visitor visitor) {
            return visitor.derivatives(this);
        }
    }

    /**
     * Derivatives of t -> L(theta + t u) at 0, u the point's direction.
     *
     * @param order d of the highest one, at least 1
     */
    record Terms(int order) implements Quantity<TaylorTerms> {
        @Override
        public String title() {
            return "Taylor terms to order " + order;
        }

        @Override
        public TaylorTerms accept(Visitor visitor) {
            return visitor.terms(this);
        }
    }

    /** The model's outputs, without dropout. */
    record Outputs() implements Quantity<Outputs.Rows> {
        /**
         * Outputs for rows, one after another. The sum over two sets of rows is the outputs of the first, then those of the second.
         *
         * @param values [rows, output length] flat; shared
         */
        public record Rows(RawArray values) implements Sum<Rows> {
            @Override
            public Rows merge(Rows other) {
                int first = values.length();
                RawArray both = RawArray.zeros(values.type(), first + other.values.length());
                for (int i = 0; i < both.length(); i++) {
                    both.set(i, i < first ? values.get(i) : other.values.get(i - first));
                }
                return new Rows(both);
            }
        }

        @Override
        public String title() {
            return "outputs";
        }

        @Override
        public Rows accept(Visitor visitor) {
            return visitor.outputs(this);
        }
    }

    /**
     * Means over the rows of micro-batches that the graph takes, such as the statistics of batch norm, without dropout.
     *
     * @param names of their variables; shared
     */
    record Means(List<String> names) implements Quantity<MeanSums> {
        @Override
        public String title() {
            return "statistics";
        }

        @Override
        public MeanSums accept(Visitor visitor) {
            return visitor.means(this);
        }
    }

    /** A method for each quantity. One that is not overridden leaves its quantity to {@link #other}. */
    interface Visitor {
        /** Any quantity that has no method of its own here. */
        <T extends Sum<T>> T other(Quantity<T> quantity);

        /** The loss. */
        default LossSum loss(Loss quantity) {
            return other(quantity);
        }

        /** Losses along a direction. */
        default LossSum.Several losses(Losses quantity) {
            return other(quantity);
        }

        /** The gradient. */
        default GradientSum gradient(Gradient quantity) {
            return other(quantity);
        }

        /** A derivative summary. */
        default DerivativeSummary summary(Summary quantity) {
            return other(quantity);
        }

        /** A Hessian-vector product. */
        default HessianVectorSum hessianVector(HessianVector quantity) {
            return other(quantity);
        }

        /** Kronecker factors. */
        default KroneckerFactors factors(Factors quantity) {
            return other(quantity);
        }

        /** Derivatives of one order. */
        default DerivativeTensor derivatives(Derivatives quantity) {
            return other(quantity);
        }

        /** Taylor terms. */
        default TaylorTerms terms(Terms quantity) {
            return other(quantity);
        }

        /** Outputs. */
        default Outputs.Rows outputs(Outputs quantity) {
            return other(quantity);
        }

        /** Means over rows. */
        default MeanSums means(Means quantity) {
            return other(quantity);
        }
    }
}
