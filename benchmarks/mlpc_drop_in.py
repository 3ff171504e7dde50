"""Plain pyspark.ml code that trains MLlib's perceptron on a table: what benchmarks/mlpc_drop_in.sh runs with and without EtaStar.

mlpc_drop_in.py DIRECTORY WARM_UP REPEAT, with train.parquet and test.parquet (numbers, and label, the class) in DIRECTORY. Prints the
seconds of fit, the least of REPEAT fits behind WARM_UP fits of made-up rows, and the test accuracy.
"""

import sys
import time

from pyspark.ml import Pipeline
from pyspark.ml.classification import MultilayerPerceptronClassifier
from pyspark.ml.evaluation import MulticlassClassificationEvaluator
from pyspark.ml.feature import StandardScaler, VectorAssembler
from pyspark.sql import SparkSession

directory, warm_up, repeat = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
spark = SparkSession.builder.appName("mlpc_drop_in").getOrCreate()
cores = spark.sparkContext.defaultParallelism

made_up = spark.range(1000).selectExpr("rand(1) as x0", "rand(2) as x1", "cast(id % 2 as int) as label")
made_up = VectorAssembler(inputCols=["x0", "x1"], outputCol="features").transform(made_up)
for _ in range(warm_up):
    MultilayerPerceptronClassifier(layers=[2, 64, 32, 2]).fit(made_up).transform(made_up).count()

train, test = (spark.read.parquet(f"{directory}/{part}.parquet").repartition(cores) for part in ("train", "test"))
columns = [name for name in train.columns if name != "label"]
classes = 1 + train.union(test).agg({"label": "max"}).head()[0]
assembler = VectorAssembler(inputCols=columns, outputCol="columns")
scaler = StandardScaler(inputCol="columns", outputCol="features", withMean=True)
preparation = Pipeline(stages=[assembler, scaler]).fit(train)
rows = preparation.transform(train).select("features", "label").cache()
rows.count()

classifier = MultilayerPerceptronClassifier(layers=[len(columns), 64, 32, classes], seed=1)
seconds = []
for _ in range(repeat):
    start = time.perf_counter()
    model = classifier.fit(rows)
    seconds.append(time.perf_counter() - start)
predictions = model.transform(preparation.transform(test))
accuracy = MulticlassClassificationEvaluator(metricName="accuracy").evaluate(predictions)
print(f"{min(seconds):.2f} {accuracy:.4f}")
