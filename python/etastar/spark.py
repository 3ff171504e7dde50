"""The jars that come with the package, and sessions that have them."""

import hashlib
import lzma
import os
import pathlib
import shutil
import tempfile
import zipfile
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

_HERE = pathlib.Path(__file__).parent / "jars"
_NATIVES = "etastar-natives-linux-x86_64.jar"
_STACKS = "spark.sql.connect.serverStacktrace.enabled"


def jars() -> "list[str]":
    """Paths of the jars that a Spark session needs: EtaStar's own, and its native code for linux-x86_64.

    The native code is packed twice as tight in the package as in a jar. The first call on a machine unpacks it, in some five
    seconds, to ETASTAR_CACHE, by default etastar in XDG_CACHE_HOME or ~/.cache.
    """
    own = _HERE / "etastar.jar"
    if not own.exists():
        raise FileNotFoundError(
            "%s: found no such file, expected the jar that a wheel has: make wheel builds one from a checkout" % own
        )
    return [str(own), str(_natives())]


def session(builder: "SparkSession.Builder | None" = None) -> "SparkSession":
    """A Spark session, classic or remote, in which EtaStar's classes are found.

    builder: a SparkSession.builder with any configuration; by default a new one. Its spark.jars get EtaStar's jars; a remote session's
    server must have them itself, and shows no Java stacks in messages unless spark.sql.connect.serverStacktrace.enabled asks for
    them, as a classic session does. A session that runs already is returned if it has the jars.
    """
    from pyspark.sql import SparkSession

    builder = SparkSession.builder if builder is None else builder
    options = builder._options
    if "spark.remote" in options or "SPARK_REMOTE" in os.environ:
        if _STACKS not in options:
            builder = builder.config(_STACKS, "false")
        return builder.getOrCreate()
    given = [jar for jar in options.get("spark.jars", "").split(",") if jar]
    spark = builder.config("spark.jars", ",".join(given + [jar for jar in jars() if jar not in given])).getOrCreate()
    from etastar.ml.java import is_known

    if not is_known(spark):
        raise RuntimeError(
            "found a session that was started without EtaStar's jars, expected none: stop() it, or start it by "
            "etastar.session() or with --jars $(python -m etastar)"
        )
    return spark


def _natives():
    packed = _HERE / "natives.xz"
    digest = hashlib.sha256(str(packed.stat().st_size).encode() + packed.read_bytes()[-4096:]).hexdigest()[:16]
    unpacked = _cache() / digest / _NATIVES
    if not unpacked.exists():
        _unpack(packed, unpacked)
    return unpacked


def _cache():
    given = os.environ.get("ETASTAR_CACHE")
    if given:
        return pathlib.Path(given)
    return pathlib.Path(os.environ.get("XDG_CACHE_HOME") or pathlib.Path.home() / ".cache") / "etastar"


def _unpack(packed, unpacked):
    """Makes a jar of an archive of bare files; complete or not at all, though several processes do it at once."""
    unpacked.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=unpacked.parent) as directory:
        bare = pathlib.Path(directory) / "bare.zip"
        with lzma.open(packed) as source, bare.open("wb") as target:
            shutil.copyfileobj(source, target, 1 << 20)
        made = pathlib.Path(directory) / _NATIVES
        with zipfile.ZipFile(bare) as source, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as jar:
            for entry in source.infolist():
                with source.open(entry) as content, jar.open(entry.filename, "w", force_zip64=True) as copy:
                    shutil.copyfileobj(content, copy, 1 << 20)
        made.replace(unpacked)
