"""Makes tables of numbers and classes, called by data-prep/tables.sh, whose environment has what it imports.

packages DIRECTORY [NAME ...] prints the Debian packages that the missing ones of these tables come from;
make DIRECTORY R_LIBRARY EXTRA [NAME ...] writes the missing ones, all without names. A table is NAME.parquet: feature columns
x0, x1, ... as numbers, and "label", the class index. Its metadata say where it is from, the features' names, what was dropped.
raw DIRECTORY R_LIBRARY EXTRA [NAME ...] writes DIRECTORY/raw/NAME.parquet: columns as they are, texts and gaps among them, and "label",
the class index or a number to be told.
"""

import pathlib
import struct
import sys
import warnings
import zlib
from dataclasses import dataclass

import numpy
import pandas
import pyarrow
import pyarrow.parquet
import rdata


@dataclass(frozen=True)
class Recipe:
    """Where a table is: PACKAGE/FILE (R's data sets), sklearn, or made up (rows); its class, columns that are no features."""

    origin: str
    label: str = ""
    drop: tuple = ()
    rows: int = 0

    @property
    def package(self):
        return "" if self.rows or self.origin == "sklearn" else self.origin.split("/")[0]


# From few rows to many.
RECIPES = {
    "breast_cancer": Recipe("sklearn", "target"),
    "pima2": Recipe("mlbench/PimaIndiansDiabetes2.rda", "diabetes"),
    "vehicle": Recipe("mlbench/Vehicle.rda", "Class"),
    "vowel": Recipe("mlbench/Vowel.rda", "Class"),
    "german": Recipe("caret/GermanCredit.RData", "Class"),
    "digits": Recipe("sklearn", "target"),
    "segmentation": Recipe("caret/segmentationData.RData", "Class", ("Cell", "Case")),
    "dna": Recipe("mlbench/DNA.rda", "Class"),
    "spam": Recipe("kernlab/spam.rda", "type"),
    "satellite": Recipe("mlbench/Satellite.rda", "classes"),
    "income": Recipe("kernlab/income.rda", "INCOME"),
    "insurance": Recipe("kernlab/ticdata.rda", "CARAVAN"),
    "letter": Recipe("mlbench/LetterRecognition.rda", "lettr"),
    "made20k": Recipe("made up", rows=20_000),
    "diamonds": Recipe("ggplot2/diamonds", "cut", ("color", "clarity")),
    "shuttle": Recipe("mlbench/Shuttle.rda", "Class"),
    "made400k": Recipe("made up", rows=400_000),
    "made2m": Recipe("made up", rows=2_000_000),
}
# As they are: tables whose texts or gaps matter, and some of numbers alone.
RAW = {
    "breast_cancer": Recipe("sklearn", "target"),
    "pima2": Recipe("mlbench/PimaIndiansDiabetes2.rda", "diabetes"),
    "vehicle": Recipe("mlbench/Vehicle.rda", "Class"),
    "vowel": Recipe("mlbench/Vowel.rda", "Class"),
    "soybean": Recipe("mlbench/Soybean.rda", "Class"),
    "segmentation": Recipe("caret/segmentationData.RData", "Class", ("Cell",)),
    "spam": Recipe("kernlab/spam.rda", "type"),
    "income": Recipe("kernlab/income.rda", "INCOME"),
    "insurance": Recipe("kernlab/ticdata.rda", "CARAVAN"),
    "letter": Recipe("mlbench/LetterRecognition.rda", "lettr"),
    "diamonds": Recipe("ggplot2/diamonds", "cut"),
    "shuttle": Recipe("mlbench/Shuttle.rda", "Class"),
    "boston": Recipe("mlbench/BostonHousing2.rda", "cmedv", ("medv", "tract")),
    "sacramento": Recipe("caret/Sacramento.RData", "price"),
    "diamonds_price": Recipe("ggplot2/diamonds", "price"),
}
NUMBERS = {"boston", "sacramento", "diamonds_price"}
CHUNK = 100_000


def main(command, directory, *arguments):
    directory = pathlib.Path(directory)
    if command == "packages":
        wanted = missing(directory, arguments or RECIPES)
        print(*sorted({"r-cran-" + RECIPES[name].package for name in wanted if RECIPES.get(name) and RECIPES[name].package}))
        return
    if command == "raw-packages":
        wanted = missing(directory / "raw", arguments or RAW)
        print(*sorted({"r-cran-" + RAW[name].package for name in wanted if RAW.get(name) and RAW[name].package}))
        return
    library, extra, *names = arguments
    if command == "raw":
        for name in names:
            if name not in RAW:
                sys.exit(f"error: --tables: found '{name}', expected some of: {' '.join(RAW)}")
        (directory / "raw").mkdir(exist_ok=True)
        for name in missing(directory / "raw", names or RAW):
            recipe = RAW[name]
            if recipe.origin == "sklearn":
                write_raw(directory / "raw", name, recipe, bundled(name))
            elif (pathlib.Path(library) / recipe.package).is_dir():
                write_raw(directory / "raw", name, recipe, r_table(pathlib.Path(library), recipe.origin))
        return
    files = {file.name.split(".")[0]: file for file in pathlib.Path(extra).glob("*.csv*")} if extra else {}
    for name in names:
        if name not in RECIPES and name not in files:
            sys.exit(f"error: --tables: found '{name}', expected some of: {' '.join([*RECIPES, *files])}")
    for name in missing(directory, names or [*RECIPES, *(name for name in files if name not in RECIPES)]):
        recipe = RECIPES.get(name)
        if recipe and recipe.rows:
            make_up(directory / f"{name}.parquet", recipe.rows)
        elif recipe and recipe.origin == "sklearn":
            write(directory, name, recipe, bundled(name))
        elif recipe and (pathlib.Path(library) / recipe.package).is_dir():
            write(directory, name, recipe, r_table(pathlib.Path(library), recipe.origin))
        elif name in files:
            frame = pandas.read_csv(files[name])
            known = recipe and recipe.label in frame
            write(directory, name, recipe if known else Recipe(str(files[name]), frame.columns[-1]), frame)


def missing(directory, names):
    return [name for name in names if not (directory / f"{name}.parquet").exists()]


def bundled(name):
    from sklearn import datasets

    return getattr(datasets, f"load_{name}")(as_frame=True).frame


def r_table(library, origin):
    """A data frame of an installed R package: a file of one (the largest object in it), or one of its lazy-load database."""
    package, name = origin.split("/")
    data = library / package / "data"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        if "." in name:
            objects = rdata.read_rda(data / name)
            return max((each for each in objects.values() if isinstance(each, pandas.DataFrame)), key=lambda each: each.size)
        offset, length = (int(each) for each in rdata.read_rds(data / "Rdata.rdx")["variables"][name])
        record = (data / "Rdata.rdb").read_bytes()[offset : offset + length]
        content = zlib.decompress(record[4:])
        (size,) = struct.unpack(">I", record[:4])
        if len(content) != size:
            sys.exit(f"error: {data}/Rdata.rdb: found {len(content)} bytes of {name}, expected {size}")
        return rdata.conversion.convert(rdata.parser.parse_data(content, extension=".rds"))


def numbers(column):
    """Numbers of a column: as they are, 0 and 1 of two values, the rank in an ordered factor; None for other texts."""
    if isinstance(column.dtype, pandas.CategoricalDtype):
        ranks = column.cat.codes.astype("float64")
        if column.cat.ordered or len(column.cat.categories) == 2:
            return ranks.where(ranks >= 0)
        column = column.astype(object)
    parsed = pandas.to_numeric(column, errors="coerce").astype("float64")
    if parsed.notna().sum() == column.notna().sum():
        return parsed
    codes, values = pandas.factorize(column, sort=True)
    return pandas.Series(codes, column.index, "float64").where(codes >= 0) if len(values) == 2 else None


def write(directory, name, recipe, frame):
    frame = frame[frame[recipe.label].notna()].reset_index(drop=True)
    classes = frame[recipe.label]
    if isinstance(classes.dtype, pandas.CategoricalDtype):
        classes = classes.cat.remove_unused_categories().cat.codes
    else:
        classes = pandas.Series(pandas.factorize(classes, sort=True)[0])
    dropped = [column for column in frame if column in recipe.drop]
    features = {}
    for column in frame.columns.drop([recipe.label, *dropped]):
        values = numbers(frame[column])
        if values is None:
            dropped.append(column)
        else:
            features[str(column)] = values
    table = pandas.concat([*features.values(), classes.astype("int32")], axis=1, ignore_index=True)
    table.columns = [*(f"x{i}" for i in range(len(features))), "label"]
    filled = int(table.isna().sum().sum())
    table = table.fillna(table.median())
    source = recipe.origin if "/" not in recipe.origin or recipe.origin.startswith("/") else f"R package {recipe.origin}"
    notes = {
        "source": source,
        "features": ", ".join(features),
        "dropped": ", ".join(dropped),
        "filled": f"{filled} missing values by the column's median",
    }
    parquet = pyarrow.Table.from_pandas(table, preserve_index=False).replace_schema_metadata(notes)
    pyarrow.parquet.write_table(parquet, directory / f"{name}.parquet")
    told = f"{name}: {len(table)} rows, {len(features)} features, {classes.nunique()} classes, from {source}"
    told += f"; dropped {notes['dropped']}" if dropped else ""
    print(told + (f"; filled {notes['filled']}" if filled else ""))


def write_raw(directory, name, recipe, frame):
    frame = frame[frame[recipe.label].notna()].reset_index(drop=True)
    told = frame[recipe.label]
    if name in NUMBERS:
        label = pandas.to_numeric(told).astype("float64")
    elif isinstance(told.dtype, pandas.CategoricalDtype):
        label = told.cat.remove_unused_categories().cat.codes.astype("int32")
    else:
        label = pandas.Series(pandas.factorize(told, sort=True)[0]).astype("int32")
    table = frame.drop(columns=[recipe.label, *recipe.drop])
    for column in table:
        if isinstance(table[column].dtype, pandas.CategoricalDtype) or table[column].dtype == object:
            table[column] = table[column].astype(object).where(table[column].notna(), None)
            table[column] = table[column].map(lambda value: None if value is None else str(value))
    names = []
    for column in table:
        # Names are one whatever their case in Spark, and a dot in them is a path to MLlib's stages.
        plain = str(column).replace(".", "_").replace(" ", "_")
        names.append(plain if plain.lower() not in {each.lower() for each in names} else f"{plain}_{len(names)}")
    table.columns = names
    table["label"] = label
    pyarrow.parquet.write_table(pyarrow.Table.from_pandas(table, preserve_index=False), directory / f"{name}.parquet")
    print(f"raw {name}: {len(table)} rows, {len(table.columns) - 1} columns, from {recipe.origin}")


def make_up(file, rows):
    """Four classes drawn from a network of 16 tanh units over 20 of 30 columns, whose scales span four decades."""
    fixed = numpy.random.default_rng(20261127)
    hidden = fixed.normal(size=(20, 16)) / 20**0.5
    heads = fixed.normal(size=(16, 4)) * 4
    scale = 10.0 ** fixed.uniform(-2, 2, 30)
    shift = scale * fixed.normal(size=30)
    schema = pyarrow.schema([*((f"x{i}", pyarrow.float32()) for i in range(30)), ("label", pyarrow.int32())])
    schema = schema.with_metadata({"source": "made up"})
    part = file.with_suffix(".part")
    with pyarrow.parquet.ParquetWriter(part, schema, compression="none", use_dictionary=False) as writer:
        for start in range(0, rows, CHUNK):
            random = numpy.random.default_rng([rows, start])
            x = random.normal(size=(min(CHUNK, rows - start), 30))
            logits = numpy.tanh(2 * x[:, :20] @ hidden) @ heads
            label = (logits + random.gumbel(size=logits.shape)).argmax(1).astype("int32")
            columns = [*(x * scale + shift).astype("float32").T, label]
            writer.write_table(pyarrow.table([pyarrow.array(column) for column in columns], schema=schema))
    part.rename(file)
    print(f"{file.stem}: {rows} rows, 30 features, 4 classes, made up")


if __name__ == "__main__":
    main(*sys.argv[1:])
