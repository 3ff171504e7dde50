package io.etastar.optimizer.settings;

/**
 * What can be set on newton-summary.
 *
 * @param period steps between two summaries
 * @param damping lambda_1, factor on the solved learning rates
 * @param dampingInt lambda_int, weight of the cubic term
 * @param momLrs rho, smoothing of the learning rates from one summary to the next
 * @param removeNegative whether negative learning rates are replaced by 0
 * @param maintain whether solutions are smoothed as they are and clipped for use, else clipped and then smoothed
 * @param solve cubic, ridge or newton: eta = (H + lambda_int/2 |D eta| D^2)^-1 g, (H + ridge I)^-1 g or H^-1 g
 * @param ridge of solve ridge
 * @param diagonal whether only the diagonal of H is used
 * @param normalise whether each subset's direction is brought to unit norm first
 * @param onFailure zero or previous: the rates after a summary without a solution
 * @param average of summaries
 * @param plateau reduction of damping or damping_int when the loss stays
 * @param previousDirection whether a summary is along the direction of the step before, which is known before the gradient:
 *     both are then one pass
 * @param measureDecrease whether the loss of a summary's batch is taken again after its step, one more pass, of losses alone;
 *     not done if the summary is not along what the step moves by
 */
public record NewtonSettings(
        int period,
        double damping,
        double dampingInt,
        double momLrs,
        boolean removeNegative,
        boolean maintain,
        String solve,
        double ridge,
        boolean diagonal,
        boolean normalise,
        String onFailure,
        AverageSettings average,
        PlateauSettings plateau,
        boolean previousDirection,
        boolean measureDecrease) {
    /**
     * Averages of (H, g, order3) over summaries.
     *
     * @param kind none, moving or uniform
     * @param decay moving: share of the old (H, g, order3) kept
     * @param decayD moving: share of the old D kept
     * @param period uniform: summaries of a block; the average is over the block before and the current one
     * @param warmup summaries before the first step
     */
    public record AverageSettings(String kind, double decay, double decayD, int period, int warmup) {
        /** Each summary stands for itself. */
        public static final AverageSettings NONE = new AverageSettings("none", 0, 0, 1, 0);
    }

    /**
     * At the end of an epoch whose mean training loss is no better than the best by the relative threshold, more than
     * {@code patience} times in a row, a damping is multiplied by a factor.
     *
     * @param of none, damping or damping_int
     * @param factor multiplied with
     * @param patience epochs without improvement that are tolerated
     * @param threshold relative improvement that counts
     */
    public record PlateauSettings(String of, double factor, int patience, double threshold) {
        /** Dampings stay as they are. */
        public static final PlateauSettings NONE = new PlateauSettings("none", 1, 0, 0);
    }

    /** All but {@code previousDirection} and {@code measureDecrease}, which are false. */
    public NewtonSettings(
            int period,
            double damping,
            double dampingInt,
            double momLrs,
            boolean removeNegative,
            boolean maintain,
            String solve,
            double ridge,
            boolean diagonal,
            boolean normalise,
            String onFailure,
            AverageSettings average,
            PlateauSettings plateau) {
        this(
                period,
                damping,
                dampingInt,
                momLrs,
                removeNegative,
                maintain,
                solve,
                ridge,
                diagonal,
                normalise,
                onFailure,
                average,
                plateau,
                false,
                false);
    }

    /** The published method with these values. */
    public static NewtonSettings of(
            int period, double damping, double dampingInt, double momLrs, boolean removeNegative) {
        return new NewtonSettings(
                period,
                damping,
                dampingInt,
                momLrs,
                removeNegative,
                true,
                "cubic",
                0,
                false,
                false,
                "zero",
                AverageSettings.NONE,
                PlateauSettings.NONE);
    }
}
