package io.etastar.config;

import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import io.etastar.UserError;
import io.etastar.graph.ModelDescription;
import io.etastar.tensor.DType;
import java.util.List;

/**
 * The model of a file that is either a job file or a case: the keys of a case are those of a job's block {@code model}.
 *
 * @param model the model in canonical JSON
 * @param dtype of the job, float for a case
 */
public record ModelFile(ModelDescription model, DType dtype) {
    /**
     * Reads a file.
     *
     * @throws UserError in one line {@code FILE:LINE: key 'x': found ..., expected ...}
     */
    public static ModelFile load(String file) {
        ConfigValue model =
                HoconFile.bounded(file, () -> HoconFile.parse(file).root().get("model"));
        if (model == null) {
            throw new UserError(
                    file + ": key 'model': found nothing, expected the block of a job file or the name of a model");
        }
        if (model.valueType() == ConfigValueType.OBJECT) {
            Configuration job = Configuration.load(file, List.of());
            return new ModelFile(job.model(), job.dtype());
        }
        return new ModelFile(CaseFile.load(file).model(), DType.FLOAT);
    }
}
