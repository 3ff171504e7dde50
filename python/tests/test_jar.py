"""The jars in the wheel, which are the one to submit, too (docs/cluster.md)."""

import os
import pathlib
import re
import shutil
import subprocess
import zipfile

import pytest


@pytest.mark.classic
def test_every_class_is_in_the_jars_or_in_spark(tmp_path):
    """What ours names and neither has is an error of the run that comes to it first; annotations are not looked for."""
    import etastar
    import pyspark

    jars = etastar.jars()
    with zipfile.ZipFile(jars[0]) as file:
        ours = [name for name in file.namelist() if name.startswith("io/etastar/") and name.endswith(".class")]
        file.extractall(tmp_path, ours)
    assert len(ours) > 500
    tool = shutil.which("jdeps") or os.path.join(os.environ["JAVA_HOME"], "bin", "jdeps")
    spark = map(str, (pathlib.Path(pyspark.__file__).parent / "jars").glob("*.jar"))
    found = subprocess.run(
        [tool, "--multi-release", "17", "--missing-deps", "-cp", os.pathsep.join([*jars, *spark]), str(tmp_path)],
        check=True, capture_output=True, text=True,
    ).stdout
    missing = re.findall(r"^ +(\S+) +-> (\S+) +not found$", found, re.MULTILINE)
    assert [pair for pair in missing if not pair[1].startswith("org.jspecify.annotations.")] == []
