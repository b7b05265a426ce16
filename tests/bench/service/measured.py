"""Runs a command and writes its wall seconds and its peak memory in KiB to FILE: measured.py FILE COMMAND..."""

import resource
import subprocess
import sys
import time

file, *command = sys.argv[1:]
start = time.monotonic()
code = subprocess.run(command, check=False).returncode
seconds = time.monotonic() - start
with open(file, "w", encoding="ascii") as out:
    print(f"{seconds:.3f} {resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss}", file=out)
sys.exit(code)
