"""Sets the wall clock of servers, and of nothing else: a library that is preloaded into them moves it."""

import pathlib
import struct
import subprocess

SOURCE = pathlib.Path(__file__).with_name("stepped_clock.c")


class SteppedClock:
    """The clock of the servers that are started with `environ`. Builds its library in `folder`."""

    def __init__(self, folder):
        library = folder / "stepped_clock.so"
        subprocess.run(["gcc", "-shared", "-fPIC", "-O1", "-o", library, SOURCE, "-ldl"], check=True)
        self._file = folder / "clock"
        self.set(0)
        self.environ = {"LD_PRELOAD": str(library), "CLUSTR_CLOCK_FILE": str(self._file)}

    def set(self, seconds):
        """Makes the wall clock differ from the true time by so many seconds, from now on."""
        if not self._file.exists():
            self._file.write_bytes(struct.pack("q", 0))
        with open(self._file, "r+b") as file:
            file.write(struct.pack("q", int(seconds * 1e9)))
