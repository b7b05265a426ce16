"""Measures one attack: what honest clients see during it, and the memory of the server before, during and after it."""

import collections
import dataclasses
import os
import pathlib
import subprocess
import sys
import threading
import time

HERE = pathlib.Path(__file__).resolve().parent
WARM_UP = 3
RECOVERY = 10  # Seconds after which memory is to be back.
MIB = 1 << 20


@dataclasses.dataclass
class Outcome:
    attack: str
    calls: int  # Honest calls that began during the attack, of all kinds.
    failed: collections.Counter  # By kind and code.
    p99: float  # Milliseconds, of reads and writes over a connection that was open before.
    slowest: float
    health_slowest: float
    new_slowest: float  # A call over a new connection.
    before: int  # MiB of resident memory of the server, with that of a guard in front of it.
    peak: int
    after: int
    attacker: str  # The last line of the attacker.

    HEADER = "| attack | calls | failed | p99 ms | slowest ms | health ms | new ms | RSS before | peak | after |"

    def row(self):
        failed = ", ".join(f"{count} {what}" for what, count in sorted(self.failed.items())) or "0"
        return (
            f"| {self.attack} | {self.calls} | {failed} | {self.p99:.0f} | {self.slowest:.0f} "
            f"| {self.health_slowest:.0f} | {self.new_slowest:.0f} | {self.before} | {self.peak} | {self.after} |"
        )


def resident(pids):
    """MiB of resident memory of the processes that still run."""
    pages = 0
    for pid in pids:
        try:
            pages += int(pathlib.Path(f"/proc/{pid}/statm").read_text().split()[1])
        except (OSError, IndexError):
            pass
    return pages * os.sysconf("SC_PAGESIZE") // MIB


class Peak:
    """Samples the resident memory of processes in the background."""

    def __init__(self, pids):
        self.value = 0
        self.stopping = threading.Event()
        self.thread = threading.Thread(target=self.sample, args=(pids,))
        self.thread.start()

    def sample(self, pids):
        while not self.stopping.wait(0.02):
            self.value = max(self.value, resident(pids))

    def stop(self):
        self.stopping.set()
        self.thread.join()


def start(script, *arguments):
    return subprocess.Popen(
        [sys.executable, str(HERE / script), *map(str, arguments)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def percentile(values, share):
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))] if ordered else 0


def measure(attack, pids, address, seconds, enough=None):
    """Runs one attack on `address` beside honest clients. `pids` are those of the processes that serve the address.

    Waits RECOVERY seconds for memory to come back, or less once no more than `enough` MiB more than before are left."""
    honest = start("honest.py", address)
    lines = []
    reader = threading.Thread(target=lambda: lines.extend(line.split() for line in honest.stdout))
    reader.start()
    while not lines:  # Until the first call has ended.
        time.sleep(0.05)
    time.sleep(WARM_UP)
    before = resident(pids)
    peak = Peak(pids)
    begin = time.monotonic()
    attacker = start("attack.py", attack, address, f"--seconds={seconds}")
    attacker_output, _ = attacker.communicate(timeout=seconds + 60)
    end = time.monotonic()
    while time.monotonic() < end + RECOVERY and (enough is None or resident(pids) > before + enough):
        time.sleep(0.2)
    peak.stop()
    after = resident(pids)
    honest.stdin.close()
    honest.wait(10)
    reader.join()
    calls = collections.defaultdict(list)
    failed = collections.Counter()
    for kind, started, milliseconds, code in lines:
        started, took = float(started), float(milliseconds)
        if kind == "stream":
            failed[f"stream {code}"] += begin <= started + took / 1000 <= end + 1
        elif begin <= started <= end:
            calls[kind].append(took)
            if code != "OK":
                failed[f"{kind} {code}"] += 1
    ordinary = calls["read"] + calls["write"]
    return Outcome(
        attack=attack,
        calls=sum(map(len, calls.values())),
        failed=+failed,
        p99=percentile(ordinary, 0.99),
        slowest=max(ordinary, default=0),
        health_slowest=max(calls["health"], default=0),
        new_slowest=max(calls["new"], default=0),
        before=before,
        peak=peak.value,
        after=after,
        attacker=attacker_output.strip().rsplit("\n", maxsplit=1)[-1],
    )
