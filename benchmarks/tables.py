"""The half of benchmarks/tables.sh that is no Java; its environment is that of data-prep/tables.sh.

split DATA SCRATCH SEED MAX_ROWS [NAME ...] writes SCRATCH/NAME/train.parquet and test.parquet, 70 and 30 % of the rows drawn by
the seed, of at most MAX_ROWS (0: of all), and prints the names from few rows to many; all tables of DATA without names.
sklearn DIRECTORY prints the test accuracy and the seconds of fit of scikit-learn's MLPClassifier on such a split.
boosting DIRECTORY prints the test accuracy, or R2 of numbers, and the seconds of fit of HistGradientBoosting, texts being categories.
versions prints what computes.
"""

import pathlib
import sys
import time
import warnings

import numpy
import pyarrow.parquet


def split(data, scratch, seed, max_rows, *names):
    sizes = {}
    for name in names or sorted(file.stem for file in pathlib.Path(data).glob("*.parquet")):
        file = pathlib.Path(data) / f"{name}.parquet"
        if not file.exists():
            sys.exit(f"error: --tables: found no {file}, expected it to be made by data-prep/tables.sh")
        table = pyarrow.parquet.read_table(file)
        order = numpy.random.default_rng(int(seed)).permutation(len(table))
        order = order[: int(max_rows) or None]
        cut = round(0.7 * len(order))
        directory = pathlib.Path(scratch) / name
        directory.mkdir()
        # Rows stay in the drawn order: some tables are sorted by class.
        for part, rows in (("train", order[:cut]), ("test", order[cut:])):
            pyarrow.parquet.write_table(table.take(rows), directory / f"{part}.parquet", use_dictionary=False)
        sizes[name] = len(order)
    print(*sorted(sizes, key=lambda name: (sizes[name], name)))


def sklearn(directory):
    from sklearn.neural_network import MLPClassifier
    from sklearn.preprocessing import StandardScaler

    warnings.simplefilter("ignore")  # of iterations at their limit
    (x, y), (test_x, test_y) = (load(f"{directory}/{part}.parquet") for part in ("train", "test"))
    scaler = StandardScaler().fit(x)
    x, test_x = scaler.transform(x), scaler.transform(test_x)
    model = MLPClassifier(hidden_layer_sizes=(64, 32), random_state=1)
    model.fit(x[:200], y[:200])
    start = time.perf_counter()
    model.fit(x, y)
    seconds = time.perf_counter() - start
    print(f"sklearn_accuracy={(model.predict(test_x) == test_y).mean():.4f} sklearn_s={seconds:.2f}")


def load(file):
    table = pyarrow.parquet.read_table(file)
    x = numpy.column_stack([table[name].to_numpy() for name in table.column_names if name != "label"])
    return x, table["label"].to_numpy()


def boosting(directory):
    import pandas
    from sklearn.ensemble import HistGradientBoostingClassifier, HistGradientBoostingRegressor

    train, test = (pandas.read_parquet(f"{directory}/{part}.parquet") for part in ("train", "test"))
    for column in train:
        if train[column].dtype == object or str(train[column].dtype) in ("string", "str"):
            # More categories than it takes (255) go without a word of their own.
            kept = train[column].value_counts().index[:250]
            train[column] = pandas.Categorical(train[column].where(train[column].isin(kept)), categories=kept)
            test[column] = pandas.Categorical(test[column].where(test[column].isin(kept)), categories=kept)
    numbers = train["label"].dtype == "float64"
    model = HistGradientBoostingRegressor(random_state=1) if numbers else HistGradientBoostingClassifier(random_state=1)
    start = time.perf_counter()
    model.fit(train.drop(columns="label"), train["label"])
    seconds = time.perf_counter() - start
    score = model.score(test.drop(columns="label"), test["label"])
    print(f"boosting_{'r2' if numbers else 'accuracy'}={score:.4f} boosting_s={seconds:.2f}")


def versions():
    import sklearn as library
    from threadpoolctl import threadpool_info

    blas = [f"{pool['internal_api']} {pool['version']} {pool.get('architecture', '')}" for pool in threadpool_info()]
    print(f"scikit-learn {library.__version__}, numpy {numpy.__version__}, {', '.join(blas)}")


if __name__ == "__main__":
    {"split": split, "sklearn": sklearn, "boosting": boosting, "versions": versions}[sys.argv[1]](*sys.argv[2:])
