"""The list of faults, how often each strikes, and the loop over them."""

import dataclasses
import pathlib
import random
import sys
import time
import traceback
import typing
import unittest

from failover.cluster import shared_cluster
from faults import clock, database, disk, failover, fresh, kill, neighbour, power, upgrade
from harness import environment
from harness.servers import shared_postgres
from network import proxy
from suite.episode import LINKS, Episode
from suite.report import Row, line, table

RUNS_PER_EPISODE = 10


@dataclasses.dataclass
class Fault:
    name: str
    #: Takes the episode; returns the moment at which the fault ended, and the server that must answer again, or the
    #: seconds that this took.
    strike: typing.Callable
    short_runs: int
    long_runs: int
    options: dict = dataclasses.field(default_factory=dict)  # Of the episode.
    runs_per_episode: int = RUNS_PER_EPISODE


SERVERS = ("catalog", "sales", "bundles")
STORES = ("catalog", "sales")
DISKS = {"disks": True}
PROXIES = {"proxies": True}


def io_errors():
    for phase in (disk.STARTED, disk.LOADED, disk.ENDED):
        for for_ever in (False, True):
            for name in SERVERS:
                how = "stays" if for_ever else "once"
                in_short = int(name != "bundles")
                # Long runs cover every operation of a start and of an end, of which there are about 100 at most; under
                # load bundles writes only its rules, every ten seconds at most.
                in_long = 30 if (name, phase) == ("bundles", disk.LOADED) else 105
                yield Fault(f"io_error_{phase}_{how}_{name}", disk.error(name, for_ever, phase), in_short, in_long, DISKS)


def links():
    seconds = 12 if environment.LONG else 2  # A hung connection is noticed after 8 s.
    for name in LINKS:
        for mode in (proxy.STALL, proxy.DROP, proxy.RESET, proxy.SLOW):
            is_short = (name, mode) in (("client-sales", proxy.STALL), ("bundles-sales", proxy.DROP))
            yield Fault(f"{mode}_{name}", neighbour.link(name, mode, seconds), int(is_short), 1, PROXIES)
        yield Fault(f"cut_{name}", neighbour.cut(name, 10), 1, 10, PROXIES)
    for name in LINKS[2:]:
        yield Fault(f"repeat_{name}", neighbour.repeat(name), 1, 10, PROXIES)


def databases():
    """The faults of episodes whose catalog and sales are on PostgreSQL."""
    seconds = 12 if environment.LONG else 2
    on_postgresql = {"postgresql": shared_postgres}
    linked = {**on_postgresql, "proxies": True}
    for name in STORES:
        yield Fault(f"postgresql_kill_{name}", kill.kill(name), int(name == "sales"), 50, on_postgresql)
    yield Fault("postgresql_crash", database.crash, 1, 50, on_postgresql)
    yield Fault("postgresql_pause", database.pause(seconds), 0, 5, on_postgresql)
    yield Fault("postgresql_end_commits", database.end_commits, 1, 50, on_postgresql)
    for mode in (proxy.STALL, proxy.DROP, proxy.RESET):
        yield Fault(f"postgresql_{mode}", database.link(mode, seconds), 0, 5, linked)
    yield Fault("postgresql_cut", database.cut, 0, 20, linked)


def failovers():
    """The faults of episodes whose catalog and sales are on three nodes of PostgreSQL under Patroni."""
    on_cluster = {"postgresql": shared_cluster, "callers": ("sales",) * 8 + ("catalog",) * 2}
    for name, strike in (
        ("machine", failover.machine),
        ("crash", failover.crash),
        ("hand_over", failover.hand_over),
        ("restart", failover.restart),
        ("isolate", failover.isolate),
        ("isolate_from_cluster", failover.isolate_from_cluster),
        ("disk_full", failover.disk_full),
    ):
        yield Fault(f"failover_{name}", strike, 0, 10, on_cluster)


FAULTS = [
    *(Fault(f"kill_{name}", kill.kill(name), 2, 200) for name in SERVERS),
    *(Fault(f"power_cut_{name}", power.cut(name), 2, 170, DISKS) for name in SERVERS),
    Fault("failed_checkpoint_catalog", power.cut_after_failed_checkpoint("catalog"), 0, 10, DISKS),
    Fault("failed_checkpoint_sales", power.cut_after_failed_checkpoint("sales"), 1, 10, DISKS),
    *(Fault(f"disk_full_{name}", disk.full(name), 1, 10, DISKS) for name in STORES),
    Fault("file_system_full", disk.really_full, 2, 20, {"small_disk": True}),
    *(Fault(f"disk_stall_{name}", disk.stall(name, 20 if environment.LONG else 3), 1, 3, DISKS) for name in STORES),
    *links(),
    *(Fault(f"pause_{name}", neighbour.pause(name, 12 if environment.LONG else 2), 1, 3) for name in SERVERS),
    Fault("order_of_stops_and_starts", neighbour.order, 2, len(neighbour.ORDERS)),
    *(Fault(f"clock_jump_{name}", clock.jump(name), 1, 20, DISKS) for name in SERVERS),
    # Not in a short run, because it needs other servers.
    Fault("upgrade_from_old_build", upgrade.upgrade_from, 0, 20, {"earlier": True}, runs_per_episode=2),
    Fault("fields_change", upgrade.fields_change, 1, 20),
    Fault("power_cut_first_start", fresh.first_start(fresh.cut), 2, 150),
    Fault("io_error_first_start", fresh.first_start(fresh.error), 2, 150),
    *io_errors(),
    *databases(),
    *failovers(),
]


def named(text):
    """The fault of this name; if there is none, those that begin with the text, or else those that contain it."""
    exactly = [fault for fault in FAULTS if fault.name == text]
    beginning = [fault for fault in FAULTS if fault.name.startswith(text)]
    return exactly or beginning or [fault for fault in FAULTS if text in fault.name]


def run(arguments, seed):
    """Runs what the arguments select; returns the exit code."""
    faults = [fault for fault in named(arguments.fault) if arguments.filter in fault.name]
    if arguments.list:
        print("\n".join(f"{fault.name}: {fault.short_runs} runs, {fault.long_runs} in a long one" for fault in faults))
        return 0
    started = time.monotonic()
    proven = prove(arguments.fault or arguments.filter)
    rows = []
    for fault in faults:
        runs = fault.long_runs if environment.LONG else fault.short_runs
        if arguments.runs is not None:
            runs = arguments.runs
        if not runs:
            continue
        row = Row(fault.name)
        rows.append(row)
        while row.runs < runs and not row.skipped:
            # A short run tries a few of all counts and orders, a long one each.
            first = row.runs if environment.LONG else random.Random(seed).randrange(100)
            if arguments.first is not None:
                first = arguments.first + row.runs
            run_episode(fault, seed, first, min(fault.runs_per_episode, runs - row.runs), row)
            seed += 1
        print(line(row.cells()), flush=True)
    print(f"\n{table(rows)}\n\n{time.monotonic() - started:.0f} s")
    unproven = len(proven.failures) + len(proven.errors)
    failed, skipped = sum(row.failed for row in rows) + unproven, sum(row.skipped for row in rows)
    passed = len(rows) + proven.testsRun - failed - skipped
    if arguments.totals:
        pathlib.Path(arguments.totals).write_text(f"{passed} {failed} {skipped}\n")
    print(f"{passed} passed, {failed} failed, {skipped} skipped")
    return 1 if failed else 0


def prove(text):
    """Tests the checker, the faulty disk and the proxy themselves; only tests whose names contain the text."""
    names = ["history.checker_test", "disk.disk_test", "network.proxy_test"]
    loaded = unittest.defaultTestLoader.loadTestsFromNames(names)
    tests = unittest.TestSuite(test for suite in loaded for case in suite for test in case if text in test.id())
    if not tests.countTestCases():
        return unittest.TestResult()
    return unittest.TextTestRunner(stream=sys.stdout).run(tests)


def run_episode(fault, seed, first, runs, row):
    """Strikes `runs` times in one shop."""
    began = time.monotonic()
    print(f"--fault={fault.name} --seed={seed} --first={first}", end="", flush=True)
    before = row.runs
    try:
        episode = Episode(seed, first_run=first, **fault.options)
        with episode:
            while row.runs < before + runs:
                row.runs += 1
                run_once(fault, episode, row)
            row.add_history(episode.history)
    except unittest.SkipTest as reason:
        row.skipped = True
        print(f" skipped: {reason}", end="")
    except Exception:  # pylint: disable=broad-exception-caught
        # A server that does not start, or a check that gets no answer.
        print(f"\n{traceback.format_exc()}", flush=True)
        row.crashed += 1
        row.runs = max(row.runs, before + 1)
    print(f" {time.monotonic() - began:.1f} s", flush=True)


def run_once(fault, episode, row):
    episode.workload.start()
    moment, name = fault.strike(episode)
    recovery = episode.recovery(moment, name) if isinstance(name, str) else name
    row.recoveries.append(recovery)
    if recovery is None:
        print(f"\n{name} did not recover\n{episode.server(name).log_tail()}", flush=True)
    violations = episode.check()
    for violation in violations[:20]:
        print(f"\n{violation}", end="", flush=True)
    row.violations.update(violation.kind for violation in violations)
    row.crashed += len(episode.crashes)
    for crash in episode.crashes:
        print(f"\n{crash}", flush=True)
    episode.crashes.clear()
