"""A power cut under one server: what it had not synced is lost, torn or kept."""

import contextlib
import pathlib
import sqlite3
import time

from disk import disk as disks
from harness import pb
from harness.servers import eventually

MOST_OPERATIONS = 200  # About 20 commits.
PATIENCE_SECONDS = 20
CHECKPOINT_SECONDS = 30  # A server makes one each 10 s.


def cut(name):
    """Returns a fault: the power fails under load, while the server starts, or at the checkpoint with which it ends."""

    def strike(episode):
        server, disk = episode.server(name), episode.disks[name]
        moments = [at_start, at_end]
        if name != "bundles":  # Which writes too rarely while it runs.
            moments += [under_load, under_load, after_checkpoint, after_failed_sync]
        while True:
            episode.chance.choice(moments)(episode.chance, server, disk)
            happened = disk.cut_countdown <= 0
            disk.heal()
            if happened:
                break
            server.start()
        ended = time.monotonic()
        server.launch()
        return ended, name

    return strike


def wait_for_cut(server):
    eventually(lambda: not server.running, PATIENCE_SECONDS, lambda: f"the power is still on\n{server.log_tail()}")
    server.kill()


def under_load(chance, server, disk):
    disk.cut_at(chance.randint(1, MOST_OPERATIONS), chance.getrandbits(32))
    wait_for_cut(server)


def after_checkpoint(chance, server, disk):
    """The next writes begin the WAL anew."""
    with contextlib.closing(sqlite3.connect(server.database, timeout=10)) as database:
        busy, frames, copied = database.execute("PRAGMA wal_checkpoint(RESTART)").fetchone()
    if not busy and frames == copied:
        disk.flushed = 1  # With what the server itself had copied and not yet synced.
    disk.cut_at(chance.randint(1, 30), chance.getrandbits(32))
    wait_for_cut(server)


def after_failed_sync(chance, server, disk):
    """What the failed sync was to bring to the disk is there only if SQLite writes it again."""
    disk.fail_at(chance.randint(1, 5), for_ever=False, operations=disks.SYNC)
    eventually(lambda: disk.errors, PATIENCE_SECONDS, "a failed sync")
    time.sleep(chance.uniform(0, 0.2))
    disk.cut_at(chance.randint(1, MOST_OPERATIONS), chance.getrandbits(32))
    wait_for_cut(server)


def cut_after_failed_checkpoint(name):
    """Returns a fault: a checkpoint copies a part only, as somebody reads an older state; the next one copies the rest,
    and its sync fails; then the power fails. What the first one had copied is safe only if it is copied again."""

    def strike(episode):
        server, disk = episode.server(name), episode.disks[name]
        tried = time.monotonic()
        while not checkpoint_beside_reader(server, disk):
            assert time.monotonic() - tried < 4 * CHECKPOINT_SECONDS, "no checkpoint copied a part"
        disk.fail_at(1, for_ever=False, operations=disks.SYNC, files=disks.DATABASE)
        eventually(lambda: disk.errors, CHECKPOINT_SECONDS, "a checkpoint that fails")
        salts = wal_salts(server)
        time.sleep(CHECKPOINT_SECONDS / 2)  # The next checkpoint falls into this time.
        assert wal_salts(server) == salts, "the -wal file was begun anew behind what the disk had not confirmed"
        problems = server.client.admin.GetStatus(pb.GetStatusRequest()).problems
        assert any("did not confirm what was copied" in problem for problem in problems), problems
        disk.cut_at(episode.chance.randint(1, 30), episode.chance.getrandbits(32))
        wait_for_cut(server)
        disk.heal()
        ended = time.monotonic()
        server.launch()
        return ended, name

    return strike


def checkpoint_beside_reader(server, disk):
    """Waits for a checkpoint while somebody reads an older state; returns whether it copied anything. It copies nothing if
    one before had copied all that the reader sees."""
    frames = disk.writes + 50
    eventually(lambda: disk.writes > frames, CHECKPOINT_SECONDS, "writes")
    written = disk.database_writes
    with contextlib.closing(sqlite3.connect(server.database, timeout=10, isolation_level=None)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM sqlite_master").fetchone()
        waited = time.monotonic()
        while disk.database_writes == written and time.monotonic() - waited < CHECKPOINT_SECONDS / 2:
            time.sleep(0.01)
    return disk.database_writes > written


def wal_salts(server):
    """Returns what is new in the -wal file each time it is begun anew."""
    return pathlib.Path(f"{server.database}-wal").read_bytes()[16:24]


def at_start(chance, server, disk):
    server.kill()
    disk.cut_at(chance.randint(1, 20), chance.getrandbits(32))
    server.launch()
    eventually(lambda: not server.running or server.health() == 1, PATIENCE_SECONDS, server.log_tail)
    server.kill()


def at_end(chance, server, disk):
    files = chance.choice([disks.DATABASE, disks.EVERY_FILE])
    disk.cut_at(chance.randint(1, 40), chance.getrandbits(32), files=files)
    server.process.terminate()
    server.process.wait(PATIENCE_SECONDS)
    server.kill()
