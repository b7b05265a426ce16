#!/usr/bin/python3
"""Runs attacks against a sales server with honest clients beside them, and prints a table.

  run.py [--build=DIR] [--seconds=N] [--guard] [ATTACK...]

Each attack meets a server that has just been started with 20,000 generated purchases."""

import argparse
import contextlib
import os
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--build", help="build tree with bin/clustr-* (default: build/test)")
    parser.add_argument("--seconds", type=float, default=8)
    parser.add_argument("--guard", action="store_true", help="attack nghttpx in front of the server")
    parser.add_argument("attacks", nargs="*", metavar="ATTACK")
    arguments = parser.parse_args()
    if arguments.build:
        os.environ["CLUSTR_BUILD"] = os.path.abspath(arguments.build)
    from attacks import ATTACKS
    from attacks.measure import Outcome, measure
    from attacks.shop import attacked_shop
    from harness.guard import Guard

    print(Outcome.HEADER + "\n|" + "---|" * (Outcome.HEADER.count("|") - 1), flush=True)
    with attacked_shop() as shop:
        if arguments.guard:  # As docs/guard.md says.
            shop.sales.environ.update(CLUSTR_MAX_UNREAD_CALLS="2048", CLUSTR_MAX_CONNECTIONS_PER_PEER="4096")
        for attack in arguments.attacks or ATTACKS:
            shop.sales.kill()
            shop.sales.start()
            with contextlib.ExitStack() as stack:
                pids, address = [shop.sales.process.pid], shop.sales.address
                if arguments.guard:
                    guard = Guard(shop.sales)
                    stack.callback(guard.close)
                    pids, address = pids + guard.pids, guard.address
                outcome = measure(attack, pids, address, arguments.seconds)
            print(outcome.row() + ("" if shop.sales.running else "  THE SERVER ENDED"), flush=True)
            print("   ", outcome.attacker, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
