"""What connects Python classes with Java classes of the same names in the package io.etastar.ml."""

from pyspark.ml.util import JavaMLReadable, JavaMLReader
from pyspark.ml.wrapper import JavaParams

PACKAGE = "io.etastar.ml."


class EtaStarReader(JavaMLReader):
    """Reads what either language wrote."""

    @classmethod
    def _java_loader_class(cls, clazz):
        return PACKAGE + clazz.__name__


class EtaStarReadable(JavaMLReadable):
    """Mixin of classes that are read by their Java side."""

    @classmethod
    def read(cls):
        """Returns a reader."""
        return EtaStarReader(cls)


_from_java = JavaParams._from_java


def _etastar_from_java(java_stage):
    """Spark derives Python modules from Java packages, which holds for its own alone."""
    name = java_stage.getClass().getName()
    if not name.startswith(PACKAGE):
        return _from_java(java_stage)
    import etastar

    stage = getattr(etastar, name[len(PACKAGE):])._of_java(java_stage)
    stage._resetUid(java_stage.uid())
    stage._transfer_params_from_java()
    return stage


JavaParams._from_java = staticmethod(_etastar_from_java)
