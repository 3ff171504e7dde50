"""Builds the wheel: python wheel.py ALL_JAR DIRECTORY.

ALL_JAR is etastar-VERSION-all.jar of `mvn -Pshaded package`. The library of ND4J, 366 MB, fills 93 MB of it, too much for a package; xz takes
half of that. etastar.spark makes a jar of it again.
"""

import lzma
import pathlib
import shutil
import subprocess
import sys
import tempfile
import zipfile

HERE = pathlib.Path(__file__).parent
# Of ND4J's 369 MB xz makes 41 MB in 15 s; its default level, 6, makes 33 MB in 123 s (two cores of an AMD EPYC, one in use).
PRESET = 2
# What no model calls: other systems' code, and Intel's MKL, which ND4J can do without.
LEFT_OUT = ("org/bytedeco/mkl/", "com/sun/jna/aix", "com/sun/jna/darwin", "com/sun/jna/win32", "com/sun/jna/sunos")


def main(all_jar, directory):
    with tempfile.TemporaryDirectory() as made:
        root = pathlib.Path(made) / "python"
        shutil.copytree(HERE, root, ignore=shutil.ignore_patterns("__pycache__", "tests", "*.egg-info", "build"))
        jars = root / "etastar" / "jars"
        jars.mkdir()
        (jars / "__init__.py").write_text('"""Jars of EtaStar."""\n', encoding="utf-8")
        split(all_jar, jars / "etastar.jar", jars / "natives.xz")
        (root / "setup.cfg").write_text("[bdist_wheel]\nplat_name = manylinux2014_x86_64\n", encoding="utf-8")
        command = [sys.executable, "-m", "pip", "wheel", "-q", "--no-deps", "-w", directory, str(root)]
        subprocess.run(command, check=True)


def split(all_jar, own, natives):
    """Native code to an archive of bare files, packed by xz; the rest to a jar."""
    bare = natives.with_suffix(".zip")
    with zipfile.ZipFile(all_jar) as source, zipfile.ZipFile(own, "w", zipfile.ZIP_DEFLATED) as jar, zipfile.ZipFile(
        bare, "w", zipfile.ZIP_STORED
    ) as code:
        for entry in source.infolist():
            if entry.filename.startswith(LEFT_OUT) and not entry.filename.endswith(".class"):
                continue
            target = code if ".so" in entry.filename and "linux-x86_64" in entry.filename else jar
            copied = zipfile.ZipInfo(entry.filename)
            copied.compress_type = target.compression
            with source.open(entry) as content, target.open(copied, "w") as copy:
                shutil.copyfileobj(content, copy, 1 << 20)
    with bare.open("rb") as content, lzma.open(natives, "wb", preset=PRESET) as packed:
        shutil.copyfileobj(content, packed, 1 << 20)
    bare.unlink()


if __name__ == "__main__":
    main(*sys.argv[1:])
