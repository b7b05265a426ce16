"""Proves the faulty disk with plain SQLite: what a careless setting loses is lost, what a careful one keeps is kept."""

import os
import pathlib
import sqlite3
import subprocess
import sys
import tempfile
import unittest

from disk import disk as chaos
from harness import environment

#: Writes rows one by one, each in a transaction of its own, and prints the number of each after its commit.
WRITER = """
import sqlite3, sys
database = sqlite3.connect(sys.argv[1], isolation_level=None)
database.execute("PRAGMA journal_mode = " + sys.argv[2])
database.execute("PRAGMA synchronous = " + sys.argv[3])
database.execute("PRAGMA wal_autocheckpoint = 20")
database.execute("CREATE TABLE IF NOT EXISTS t (id INTEGER PRIMARY KEY, text TEXT)")
first = database.execute("SELECT COALESCE(MAX(id), 0) + 1 FROM t").fetchone()[0]
for number in range(first, first + int(sys.argv[4])):
    try:
        database.execute("INSERT INTO t VALUES (?, ?)", (number, "x" * (number % 7 * 300)))
        print(number, flush=True)
    except sqlite3.Error as error:
        print(error, file=sys.stderr)
"""
#: A reader keeps the first checkpoint from copying everything; the sync of the second one may fail; a third one succeeds.
PARTIAL_CHECKPOINT = """
import sqlite3, sys
from disk import disk as chaos
path, control, seed, fails = sys.argv[1:]
disk = chaos.Disk.of(control)
writer = sqlite3.connect(path, isolation_level=None)
for setting in ("journal_mode = WAL", "synchronous = FULL", "wal_autocheckpoint = 0"):
    writer.execute("PRAGMA " + setting)
writer.execute("CREATE TABLE t (id INTEGER PRIMARY KEY, text TEXT)")
writer.execute("PRAGMA wal_checkpoint(TRUNCATE)")
def insert(first, end):
    for number in range(first, end):
        writer.execute("INSERT INTO t VALUES (?, ?)", (number, "x" * 3000))
        print(number, flush=True)
insert(1, 11)
reader = sqlite3.connect(path, isolation_level=None)
reader.execute("BEGIN")
reader.execute("SELECT count(*) FROM t").fetchone()
insert(11, 21)
writer.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()
reader.close()
if int(fails):
    disk.fail_at(1, False, operations=chaos.SYNC, files=chaos.DATABASE)
    try:
        writer.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        sys.exit("the sync did not fail")
    except sqlite3.OperationalError:
        pass
writer.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
disk.cut_at(3, int(seed))
insert(21, 40)
"""
SEEDS = range(1, 21)


class DiskTest(unittest.TestCase):
    def setUp(self):
        if not chaos.LIBRARY.exists():
            environment.missing("libclustr_chaos_disk.so", "chaos")
        folder = tempfile.TemporaryDirectory(prefix="clustr-disk-")
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def write(self, name, disk, journal="WAL", synchronous="FULL", rows=200):
        """Returns the ids that were acknowledged, and the completed process."""
        done = subprocess.run(
            [sys.executable, "-c", WRITER, self.folder / name, journal, synchronous, str(rows)],
            env={**os.environ, **disk.environ},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        self.assertGreater(disk.loaded, 0, "the library is in the process")
        return [int(line) for line in done.stdout.split()], done

    def stored(self, name):
        """Returns the ids in the database, or None if it is damaged."""
        database = sqlite3.connect(self.folder / name)
        try:
            if database.execute("PRAGMA integrity_check").fetchone()[0] != "ok":
                return None
            return [row[0] for row in database.execute("SELECT id FROM t ORDER BY id")]
        except sqlite3.DatabaseError as error:
            return [] if "no such table" in str(error) else None
        finally:
            database.close()

    def cut(self, seed, journal, synchronous):
        """Cuts the power once. Returns what was acknowledged and what is stored."""
        name = f"{journal}-{synchronous}-{seed}.db"
        disk = chaos.Disk(self.folder / "control")
        disk.cut_at(1 + seed * 37 % 300, seed)
        acknowledged, done = self.write(name, disk, journal, synchronous)
        self.assertEqual(done.returncode, -9, done.stderr)
        return acknowledged, self.stored(name)

    def losses(self, journal, synchronous):
        """Returns for how many seeds acknowledged rows are missing, and for how many the database is damaged."""
        lost = damaged = 0
        for seed in SEEDS:
            acknowledged, stored = self.cut(seed, journal, synchronous)
            damaged += stored is None
            lost += stored is not None and not set(acknowledged) <= set(stored)
        return lost, damaged

    def test_without_syncs_a_power_cut_loses_rows(self):
        lost, _ = self.losses("WAL", "OFF")
        self.assertGreater(lost, len(SEEDS) // 4)

    def test_without_syncs_a_power_cut_damages_a_database_with_a_rollback_journal(self):
        _, damaged = self.losses("DELETE", "OFF")
        self.assertGreater(damaged, 0)

    def test_with_syncs_at_checkpoints_alone_rows_are_lost_but_nothing_is_damaged(self):
        lost, damaged = self.losses("WAL", "NORMAL")
        self.assertGreater(lost, 0)
        self.assertEqual(damaged, 0)

    def test_with_a_sync_per_commit_nothing_is_lost_or_damaged(self):
        self.assertEqual(self.losses("WAL", "FULL"), (0, 0))

    def test_what_a_failed_sync_left_out_is_written_again_before_it_counts(self):
        for seed in SEEDS:
            disk = chaos.Disk(self.folder / "control")
            disk.fail_at(10 + seed, for_ever=False, operations=chaos.SYNC)
            disk.cut_at(200 + seed * 37 % 300, seed)
            acknowledged, done = self.write(f"failed-{seed}.db", disk)
            self.assertEqual(done.returncode, -9, done.stderr)
            self.assertEqual(disk.errors, 1)  # Of a commit, which failed, or of a checkpoint, which is tried again.
            self.assertLessEqual(set(acknowledged), set(self.stored(f"failed-{seed}.db") or []))

    def test_the_same_seed_cuts_alike(self):
        first = self.cut(5, "WAL", "NORMAL")
        (self.folder / "WAL-NORMAL-5.db").unlink()
        for rest in self.folder.glob("WAL-NORMAL-5.db-*"):
            rest.unlink()
        self.assertEqual(self.cut(5, "WAL", "NORMAL"), first)

    def test_an_error_strikes_once_or_for_ever(self):
        for for_ever in (False, True):
            disk = chaos.Disk(self.folder / "control")
            disk.fail_at(100, for_ever, operations=chaos.SYNC)
            acknowledged, done = self.write(f"error-{for_ever}.db", disk)
            self.assertIn("disk I/O error", done.stderr)
            self.assertEqual(disk.errors > 1, for_ever)
            self.assertEqual(len(acknowledged) > 150, not for_ever)
            self.assertTrue(set(acknowledged) <= set(self.stored(f"error-{for_ever}.db")))

    def test_a_full_disk_is_one_and_gets_room_again(self):
        disk = chaos.Disk(self.folder / "control")
        disk.capacity = 64 << 10
        acknowledged, done = self.write("full.db", disk)
        self.assertIn("full", done.stderr)
        disk.heal()
        more, done = self.write("full.db", disk)
        self.assertEqual((len(more), done.stderr), (200, ""))
        self.assertEqual(self.stored("full.db"), acknowledged + more)

    def test_sqlite_alone_forgets_what_a_partial_checkpoint_copied_before_a_sync_that_failed(self):
        """This is why the servers let every sync of a database fail after one that failed (sealing_vfs.h)."""
        for fails in (False, True):
            damaged = 0
            for seed in SEEDS[:8]:
                control = self.folder / "control"
                disk = chaos.Disk(control)
                name = f"partial-{fails}-{seed}.db"
                done = subprocess.run(
                    [sys.executable, "-c", PARTIAL_CHECKPOINT, self.folder / name, control, str(seed), str(int(fails))],
                    env={**os.environ, **disk.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
                    capture_output=True,
                    text=True,
                    timeout=60,
                    check=False,
                )
                self.assertEqual(done.returncode, -9, done.stderr)
                acknowledged = [int(line) for line in done.stdout.split()]
                damaged += not set(acknowledged) <= set(self.stored(name) or [])
            self.assertEqual(damaged > 0, fails)
