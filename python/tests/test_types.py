"""Type hints: of the package, and as a user's script with --strict meets them."""

import pathlib
import subprocess
import sys

import pytest

pytestmark = pytest.mark.classic
HERE = pathlib.Path(__file__).parent


@pytest.mark.parametrize("checked", [["-p", "etastar"], ["--strict", str(HERE / "typed.py")]], ids=["package", "script"])
def test_types_agree(checked, tmp_path):
    settings = ["--config-file", str(HERE.parent / "pyproject.toml"), "--cache-dir", str(HERE.parents[1] / "target/mypy")]
    # Not in python/, where the sources would stand in for what is installed.
    done = subprocess.run([sys.executable, "-m", "mypy", *settings, *checked], cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
