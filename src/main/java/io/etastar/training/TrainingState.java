package io.etastar.training;

import java.util.Map;

/**
 * Everything a run needs to go on as if it had never stopped.
 *
 * @param step number of steps done; the next step has this index
 * @param theta parameters [P]
 * @param optimizer state of the optimizer by name
 * @param progress running sums of the metrics, see {@link EpochProgress}
 */
record TrainingState(long step, double[] theta, Map<String, double[]> optimizer, double[] progress) {}
