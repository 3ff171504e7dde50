"""Exact derivatives of a model's loss over a DataFrame, whole or by group."""

from pyspark.ml.param import Param, Params, TypeConverters
from pyspark.ml.util import JavaMLReadable, JavaMLWritable
from pyspark.ml.wrapper import JavaTransformer

from etastar.ml.accessors import add_accessors
from etastar.ml.java import checked_frame, new_java_object


def _param(name, doc, converter=TypeConverters.toString):
    return Param(Params._dummy(), name, doc, typeConverter=converter)


class CurvatureSummary(JavaTransformer, JavaMLReadable, JavaMLWritable):
    """A Transformer that returns g, H, order3 and solved learning rates of a saved model over a frame; keyword arguments are Params.

    What transform returns has a row for each group, or a single one: the columns of groupBy, samples (the sum of the rows' weights);
    loss, g [S], H [S][S] and order3 [S], sums over the rows, each times its weight, so that groups add up to the whole and a
    division by samples gives means; subsets [S], names of tensors; eta [S], the solved learning rates for the mean loss, to be
    subtracted, null if there are none. The direction is one for all groups. It works over Spark Connect, too.
    """

    model = _param("model", "path of a saved model, or of the directory of a run (string)")
    partition = _param(
        "partition", "subsets of the parameters: canonical (one for each tensor), trivial, wb, kinds, blocks-K, alternate-K or names:SUFFIX,..."
    )
    direction = _param(
        "direction", "gradient, that of the mean loss over the whole frame, or an .npz file with an array for each parameter"
    )
    curvature = _param("curvature", "what H is: hessian, or ggn for the Gauss-Newton matrix")
    groupBy = _param("groupBy", "columns whose values make the groups; none for one group of all rows", TypeConverters.toListString)
    featuresCol = _param("featuresCol", "column of features; by default the model's own")
    labelCol = _param("labelCol", "column of labels; by default the model's own")
    weightCol = _param("weightCol", "column of row weights; by default the model's own, empty for none")
    dampingInt = _param("dampingInt", "weight of the cubic term that eta is solved with, from 0", TypeConverters.toFloat)

    backend = _param("backend", "what executors compute on: cpu, cuda for NVIDIA GPUs, auto for cpu")
    cudaLibraries = _param(
        "cudaLibraries", "cuda: folder of libcuda, libnvrtc and libcublas on each machine; by default the usual places"
    )

    def __init__(self, **params):
        super().__init__()
        self._java_obj = new_java_object(self)
        self._setDefault(partition="canonical", direction="gradient", curvature="hessian", groupBy=[], dampingInt=1.0, backend="auto")
        self._set(**params)

    def setParams(self, **params):
        """Sets any number of Params; returns self."""
        return self._set(**params)

    def _transform(self, dataset):
        return super()._transform(checked_frame(dataset))


add_accessors(CurvatureSummary)
