package io.etastar.training;

import io.etastar.spark.pass.Communication;

class TrainingRunTest extends TrainingRunContract {
    @Override
    Communication communication() {
        return Communication.STEP;
    }
}
