"""The wall clock of one server jumps."""

import time

NANOS = 10**9
#: Seconds. Less than the 24 hours for which a request_id is remembered.
JUMPS = [-7200, -60, -2, -0.5, 0.5, 2, 60, 7200]


def jump(name):
    """Returns a fault: the clock jumps, three times in a row, and stays wherever it is."""

    def strike(episode):
        for _ in range(3):
            episode.disks[name].clock_offset = int(episode.chance.choice(JUMPS) * NANOS)
            episode.let_pass(0.05, 0.3)
        return time.monotonic(), name

    return strike
