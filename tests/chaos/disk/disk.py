"""The faulty disk of one server, as a test drives it while the server runs. See ../README.md and control.h."""

import mmap
import pathlib
import struct

from harness import environment

LIBRARY = environment.BUILD / "tests" / "libclustr_chaos_disk.so"

#: In the order of the struct in control.h.
FIELDS = [
    "loaded",
    "cut_countdown",
    "cut_operations",
    "cut_files",
    "seed",
    "error_countdown",
    "error_operations",
    "error_files",
    "error_for_ever",
    "stalled",
    "capacity",
    "clock_offset",
    "operations",
    "writes",
    "syncs",
    "database_writes",
    "errors",
    "flushed",
]
READ, WRITE, SYNC, TRUNCATE, SIZE, OPEN, DELETE, LOCK, MAP_INDEX = (1 << bit for bit in range(9))
EVERY_OPERATION = (1 << 9) - 1
#: What changes the disk.
CHANGES = WRITE | SYNC | TRUNCATE | DELETE
DATABASE, WAL, JOURNAL = 1, 2, 4
EVERY_FILE = DATABASE | WAL | JOURNAL
SIZE_BYTES = 256


class Disk:
    """One control file. Fields are read and written as attributes: `disk.stalled = 1`."""

    def __init__(self, path):
        path = pathlib.Path(path)
        path.write_bytes(bytes(SIZE_BYTES))
        self.map(path)

    @classmethod
    def of(cls, path):
        """The control file that another process has made."""
        disk = cls.__new__(cls)
        disk.map(pathlib.Path(path))
        return disk

    def map(self, path):
        with open(path, "r+b") as file:
            memory = mmap.mmap(file.fileno(), SIZE_BYTES)
        object.__setattr__(self, "memory", memory)
        object.__setattr__(self, "environ", {"LD_PRELOAD": str(LIBRARY), "CLUSTR_CHAOS_DISK": str(path)})

    def __getattr__(self, name):
        if name not in FIELDS:
            raise AttributeError(name)
        return struct.unpack_from("q", self.memory, 8 * FIELDS.index(name))[0]

    def __setattr__(self, name, value):
        struct.pack_into("q", self.memory, 8 * FIELDS.index(name), value)

    def reset(self):
        """Asks for nothing and sets all counts to 0."""
        self.memory[:] = bytes(SIZE_BYTES)

    def cut_at(self, countdown, seed, operations=CHANGES, files=EVERY_FILE):
        """The power fails at an operation from now on; `seed` decides what survives."""
        self.seed, self.cut_operations, self.cut_files = seed, operations, files
        self.cut_countdown = countdown

    def fail_at(self, countdown, for_ever, operations=EVERY_OPERATION, files=EVERY_FILE):
        """An operation from now on fails, and with `for_ever` all after it."""
        self.error_operations, self.error_files = operations, files
        self.error_for_ever = int(for_ever)
        self.errors = 0
        self.error_countdown = countdown

    def heal(self):
        """Ends every fault but a power cut; counts go on."""
        for field in ("cut_countdown", "error_countdown", "stalled", "capacity", "clock_offset"):
            setattr(self, field, 0)
