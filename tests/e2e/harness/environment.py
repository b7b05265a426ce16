"""Paths and settings of the tests, read once from the environment that run.py sets."""

import os
import pathlib
import shutil
import subprocess
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[3]
BUILD = pathlib.Path(os.environ.get("CLUSTR_BUILD", ROOT / "build" / "test")).resolve()
SHARED_DATA = pathlib.Path(os.environ.get("CLUSTR_SHARED_DATA", ROOT.parent / "shared" / "data")).resolve()
LONG = os.environ.get("CLUSTR_LONG", "") == "1"
REQUIRED = [name for name in os.environ.get("CLUSTR_REQUIRE", "").split(",") if name]


def binary(name):
    return str(BUILD / "bin" / name)


def missing(what, name):
    """Skips the test with the line `skipped: no WHAT`, or fails it if CLUSTR_REQUIRE contains `name`."""
    if name in REQUIRED:
        raise AssertionError(f"no {what}, and CLUSTR_REQUIRE asks for {name}")
    raise unittest.SkipTest(f"skipped: no {what}")


def tool(name):
    """Returns the path of an optional program; skips the test if it is missing."""
    return shutil.which(name) or missing(name, name)


def shared_data(folder):
    """Returns a folder of real data, which is never part of the repository; skips the test if it is missing."""
    path = SHARED_DATA / folder
    return path if path.is_dir() else missing("shared data", "data")


def spark_python():
    """Returns a Python that has PySpark, and so a Spark; skips the test if there is none."""
    python = os.environ.get("CLUSTR_SPARK_PYTHON", "python3")
    tool("java")
    if shutil.which(python):
        python = shutil.which(python)
        done = subprocess.run([python, "-c", "import numpy, pyspark"], capture_output=True, check=False)
        if done.returncode == 0:
            return python
    return missing("PySpark, which deploy/spark/README.md installs; CLUSTR_SPARK_PYTHON names a Python that has it", "spark")
