#!/usr/bin/python3
"""Measures catalog and sales on a SQLite file and on PostgreSQL in turn, and prints a Markdown table.

  databases.py [--build=DIR] [--baskets=N] [--rounds=N] [--seconds=N] [--on=sqlite,postgresql]

Needs clustr-bench in the build tree, which -DCLUSTR_BENCHMARKS=ON makes. A round on each database imports a shop of
`clustrctl generate`, streams its sales, and records purchases of 64 clients, with a request_id and without. PostgreSQL
is the one of the tests (tests/e2e/harness/postgres.py), on the same disk, which it makes confirm each commit."""

import argparse
import collections
import json
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent


def cpu_seconds(pid):
    """The seconds of a processor that a process has used, with those of its children that have ended."""
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return sum(map(int, fields[11:15])) / os.sysconf("SC_CLK_TCK")


def peak_mib(pid):
    status = pathlib.Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    return next(int(line.split()[1]) / 1024 for line in status.splitlines() if line.startswith("VmHWM"))


def bench(shop, build, *arguments):
    """Runs a command of clustr-bench and returns its figures by name."""
    done = subprocess.run(
        [build / "bin/clustr-bench", *arguments, f"--sales={shop.sales.address}"],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return {figure["figure"]: figure["value"] for figure in map(json.loads, done.stdout.splitlines())}


def measure(shop, build, csv, seconds):
    """Yields the name and the value of each figure of one round."""
    begin = time.monotonic()
    before = cpu_seconds(shop.sales.process.pid)
    done = shop.ctl("import", csv, timeout=3600)
    took = time.monotonic() - begin
    assert done.returncode == 0, done.stdout + done.stderr
    lines = next(int(row.split()[1].replace(",", "")) for row in done.stdout.splitlines() if row.startswith("sales "))
    yield "import, lines/s", lines / took
    yield "import, CPU of sales, us/line", 1e6 * (cpu_seconds(shop.sales.process.pid) - before) / lines
    for name, value in bench(shop, build, "stream-sales", "--rounds=3").items():
        yield name, value
    for flags in ([], ["--request-id"]):
        figures = bench(shop, build, "purchases", f"--catalog={shop.catalog.address}", f"--seconds={seconds}", *flags)
        yield from figures.items()
    yield "memory of sales, peak MiB", peak_mib(shop.sales.process.pid)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--build", type=pathlib.Path, default=HERE.parents[1] / "build/test")
    parser.add_argument("--baskets", type=int, default=50_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=8)
    parser.add_argument("--on", default="sqlite,postgresql")
    arguments = parser.parse_args()
    os.environ["CLUSTR_BUILD"] = str(arguments.build.resolve())
    sys.path.insert(0, str(HERE.parent / "e2e"))
    from harness import servers  # Reads the environment, and needs the path.

    figures = collections.defaultdict(dict)
    with tempfile.TemporaryDirectory(prefix="clustr-bench-") as folder:
        csv = pathlib.Path(folder) / "csv"
        size = ["--seed=1", "--products=3600", "--customers=5000", f"--baskets={arguments.baskets}", "--mean-lines=10"]
        subprocess.run([arguments.build / "bin/clustrctl", "generate", csv, *size], check=True, stdout=sys.stderr)
        for _ in range(arguments.rounds):
            for database in arguments.on.split(","):
                shop = servers.Shop(servers.shared_postgres() if database == "postgresql" else None)
                try:
                    for server in (shop.catalog, shop.sales):
                        server.start()
                    for name, value in measure(shop, arguments.build, csv, arguments.seconds):
                        figures[name].setdefault(database, []).append(value)
                        print(database, name, round(value, 3), file=sys.stderr)
                finally:
                    shop.close()
    print(f"| figure, median of {arguments.rounds} | {arguments.on.replace(',', ' | ')} |")
    print("|---|" + "--:|" * len(arguments.on.split(",")))
    for name, values in figures.items():
        cells = [f"{statistics.median(values[database]):,.3g}" for database in arguments.on.split(",")]
        print(f"| {name} | {' | '.join(cells)} |")


if __name__ == "__main__":
    main()
