"""The list of faults, how often each strikes, and the loop over them."""

import dataclasses
import pathlib
import sys
import time
import traceback
import typing
import unittest

from faults import disk, kill, power
from harness import environment
from suite.episode import Episode
from suite.report import Row, table

RUNS_PER_EPISODE = 10


@dataclasses.dataclass
class Fault:
    name: str
    strike: typing.Callable  # Takes the episode; returns the moment at which the fault ended, and the server it hit.
    short_runs: int
    long_runs: int
    options: dict = dataclasses.field(default_factory=dict)  # Of the episode.


SERVERS = ("catalog", "sales", "bundles")
STORES = ("catalog", "sales")
DISKS = {"disks": True}
FAULTS = [
    *(Fault(f"kill_{name}", kill.kill(name), 3, 200) for name in SERVERS),
    *(Fault(f"power_cut_{name}", power.cut(name), 3, 170, DISKS) for name in SERVERS),
    *(
        Fault(f"io_error_{phase}_{'stays' if for_ever else 'once'}_{name}", disk.error(name, for_ever, phase), 1, runs, DISKS)
        for phase, runs in ((disk.STARTED, 60), (disk.LOADED, 60))
        for for_ever in (False, True)
        for name in SERVERS
        if name != "bundles" or phase == disk.STARTED
    ),
    *(Fault(f"disk_full_{name}", disk.full(name), 1, 10, DISKS) for name in STORES),
    *(Fault(f"disk_stall_{name}", disk.stall(name, 20 if environment.LONG else 4), 1, 3, DISKS) for name in STORES),
]


def run(arguments, seed):
    """Runs what the arguments select; returns the exit code."""
    faults = [fault for fault in FAULTS if arguments.fault in fault.name and arguments.filter in fault.name]
    if arguments.list:
        print("\n".join(f"{fault.name}: {fault.short_runs} runs, {fault.long_runs} in a long one" for fault in faults))
        return 0
    started = time.monotonic()
    proven = prove(arguments.fault or arguments.filter)
    rows = []
    for fault in faults:
        runs = arguments.runs or (fault.long_runs if environment.LONG else fault.short_runs)
        row = Row(fault.name)
        rows.append(row)
        while row.runs < runs:
            run_episode(fault, seed, min(RUNS_PER_EPISODE, runs - row.runs), row)
            seed += 1
    print(f"\n{table(rows)}\n\n{time.monotonic() - started:.0f} s")
    unproven = len(proven.failures) + len(proven.errors)
    failed = sum(row.failed for row in rows) + unproven
    passed = len(rows) + proven.testsRun - failed
    if arguments.totals:
        pathlib.Path(arguments.totals).write_text(f"{passed} {failed} 0\n")
    print(f"{passed} passed, {failed} failed, 0 skipped")
    return 1 if failed else 0


def prove(text):
    """Tests the checker, the faulty disk and the proxy themselves, as far as the names of the tests contain the text."""
    loaded = unittest.defaultTestLoader.loadTestsFromNames([f"{name}_test" for name in ("history.checker", "disk.disk", "network.proxy")])
    tests = unittest.TestSuite(test for suite in loaded for case in suite for test in case if text in test.id())
    return unittest.TextTestRunner(stream=sys.stdout).run(tests)


def run_episode(fault, seed, runs, row):
    """Strikes `runs` times in one shop."""
    began = time.monotonic()
    print(f"{fault.name} --seed={seed}", end="", flush=True)
    first = row.runs
    episode = Episode(seed, first_run=first, **fault.options)
    try:
        with episode:
            while row.runs < first + runs:
                row.runs += 1
                run_once(fault, episode, row)
    except Exception:  # pylint: disable=broad-exception-caught
        # A server that does not start, or a check that gets no answer.
        print(f"\n{traceback.format_exc()}", flush=True)
        row.crashed += 1
        row.runs = max(row.runs, first + 1)
    row.operations += episode.history.acknowledged()
    print(f" {time.monotonic() - began:.1f} s", flush=True)


def run_once(fault, episode, row):
    episode.workload.start()
    moment, name = fault.strike(episode)
    recovery = episode.recovery(moment, name)
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
