#!/usr/bin/python3
"""Attacks a server of your own for some seconds.

  attack.py ATTACK HOST:PORT [--seconds=N]     --list names the attacks"""

import argparse
import pathlib
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
from attacks import ATTACKS  # noqa: E402
from attacks.target import Target  # noqa: E402


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("attack", nargs="?", choices=ATTACKS)
    parser.add_argument("address", nargs="?", metavar="HOST:PORT")
    parser.add_argument("--seconds", type=float, default=8)
    parser.add_argument("--list", action="store_true", help="name the attacks and end")
    arguments = parser.parse_args()
    if arguments.list or not arguments.address:
        for name, attack in ATTACKS.items():
            print(f"{name:24} {attack.__doc__}")
        return
    host, port = arguments.address.rsplit(":", 1)
    target = Target(host, int(port), time.monotonic() + arguments.seconds)
    ATTACKS[arguments.attack](target)
    print(f"{arguments.attack}: the server closed {target.closed} connections")


if __name__ == "__main__":
    main()
