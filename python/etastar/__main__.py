"""Prints the paths of EtaStar's jars, as --jars of spark-submit and spark.jars take them."""

from etastar.spark import jars

print(",".join(jars()))
