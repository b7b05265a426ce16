#!/usr/bin/python3
"""Strikes the three servers with faults under load, checks that nothing is lost, doubled or wrong, and prints a table.

  run.py [--build=DIR] [--long] [--fault=NAME] [--runs=N] [--seed=N] [--first=N] [--old-build=DIR] [--filter=TEXT] [--totals=FILE]

tests/chaos/README.md says what each fault is and what is checked. Each episode prints the flags that repeat it."""

import argparse
import os
import pathlib
import random
import sys

HERE = pathlib.Path(__file__).resolve().parent


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--build", help="build tree with bin/clustr-* (default: build/test)")
    parser.add_argument("--long", action="store_true", help="many more runs; the same as CLUSTR_LONG=1")
    parser.add_argument("--fault", default="", help="only the fault of this name, or else those that begin with it, or contain it; --list names them")
    parser.add_argument("--list", action="store_true", help="name the faults and how often each is run")
    parser.add_argument("--runs", type=int, help="how often each fault is run")
    parser.add_argument("--seed", type=int, help="seed of the first episode; the next has the next number")
    parser.add_argument("--first", type=int, help="the count or order, of many, that the first run tries")
    parser.add_argument("--old-build", help="build tree of an earlier version, for upgrade_from_old_build")
    parser.add_argument("--filter", default="", help="only faults and tests of the suite whose name contains this text")
    parser.add_argument("--totals", help="file to which `passed failed skipped` is written")
    arguments = parser.parse_args()
    if arguments.build:
        os.environ["CLUSTR_BUILD"] = os.path.abspath(arguments.build)
    if arguments.old_build:
        os.environ["CLUSTR_OLD_BUILD"] = os.path.abspath(arguments.old_build)
    if arguments.long:
        os.environ["CLUSTR_LONG"] = "1"
    sys.path[:0] = [str(HERE), str(HERE.parent / "e2e")]

    from suite import suite  # Reads the environment, and needs the path.

    seed = arguments.seed if arguments.seed is not None else random.SystemRandom().randrange(1 << 30)
    return suite.run(arguments, seed)


if __name__ == "__main__":
    sys.exit(main())
