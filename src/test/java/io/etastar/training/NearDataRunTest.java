package io.etastar.training;

import io.etastar.spark.pass.Communication;

/** Runs whose steps are made next to the data. */
class NearDataRunTest extends TrainingRunContract {
    @Override
    Communication communication() {
        return Communication.NEAR_DATA;
    }
}
