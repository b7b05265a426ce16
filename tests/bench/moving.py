#!/usr/bin/python3
"""Measures backup, restore and migrate on a SQLite file and on PostgreSQL, and prints a Markdown table.

  moving.py [--build=DIR] [--baskets=N]

A shop of `clustrctl generate` is imported into files, moves to PostgreSQL and back, and is backed up and restored on
both. Seconds are those of a whole command of clustrctl, and rows those of catalog and sales together. PostgreSQL is the
one of the tests (tests/e2e/harness/postgres.py), on the same disk, which it makes confirm each commit."""

import argparse
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent


def peak_mib(server):
    status = pathlib.Path(f"/proc/{server.process.pid}/status").read_text(encoding="ascii")
    return next(int(line.split()[1]) / 1024 for line in status.splitlines() if line.startswith("VmHWM"))


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--build", type=pathlib.Path, default=HERE.parents[1] / "build/test")
    parser.add_argument("--baskets", type=int, default=100_000)
    arguments = parser.parse_args()
    os.environ["CLUSTR_BUILD"] = str(arguments.build.resolve())
    sys.path.insert(0, str(HERE.parent / "e2e"))
    from harness import servers  # Reads the environment, and needs the path.

    shops = []

    def new_shop(on_postgresql):
        shop = servers.Shop(servers.shared_postgres() if on_postgresql else None)
        shops.append(shop)
        for server in (shop.catalog, shop.sales):
            server.start()
        return shop

    def run(shop, *command):
        """Returns the seconds of a command, its rows and its digests."""
        begin = time.monotonic()
        done = shop.ctl(*command, timeout=3600)
        took = time.monotonic() - begin
        assert done.returncode == 0, done.stdout + done.stderr
        lines = re.findall(r"(?m)^(?:catalog|sales) +\d+ +([\d,]+) +[\d,]+ +([0-9a-f]{16})$", done.stdout)
        return took, sum(int(rows.replace(",", "")) for rows, _ in lines), sorted(digest for _, digest in lines)

    print("| what | rows | s | rows/s | peak memory of sales, MiB |\n|---|--:|--:|--:|--:|")
    digests = []

    def show(what, server, result):
        took, rows, digest = result
        digests.append(digest)
        print(f"| {what} | {rows:,} | {took:.1f} | {rows / took:,.0f} | {peak_mib(server):.0f} |", flush=True)

    with tempfile.TemporaryDirectory(prefix="clustr-bench-") as folder:
        folder = pathlib.Path(folder)
        csv = folder / "csv"
        size = ["--seed=1", "--products=3600", "--customers=5000", f"--baskets={arguments.baskets}", "--mean-lines=10"]
        subprocess.run([arguments.build / "bin/clustrctl", "generate", csv, *size], check=True, stdout=sys.stderr)
        try:
            first = new_shop(False)
            run(first, "import", csv)
            for server in (first.catalog, first.sales):
                server.restart()  # So that peaks are those of what follows.
            show("backup of SQLite", first.sales, run(first, "backup", folder / "first.backup"))
            for name, on_postgresql in (("PostgreSQL", True), ("SQLite", False)):
                shop = new_shop(on_postgresql)
                show(f"restore into {name}", shop.sales, run(shop, "restore", folder / "first.backup"))
                shop.close()
            there = new_shop(True)
            to = [f"--to-catalog={there.catalog.address}", f"--to-sales={there.sales.address}"]
            show("migrate from SQLite to PostgreSQL", there.sales, run(first, "migrate", *to))
            show("backup of PostgreSQL", there.sales, run(there, "backup", folder / "second.backup"))
            back = new_shop(False)
            to = [f"--to-catalog={back.catalog.address}", f"--to-sales={back.sales.address}"]
            show("migrate from PostgreSQL to SQLite", back.sales, run(there, "migrate", *to))
            assert all(digest == digests[0] for digest in digests), digests
        finally:
            for shop in shops:
                shop.close()
    print("all digests are equal", file=sys.stderr)


if __name__ == "__main__":
    main()
