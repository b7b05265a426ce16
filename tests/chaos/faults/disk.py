"""A disk that fails, fills up or stalls under a running server."""

import errno
import time

from disk import disk as disks
from harness.servers import eventually

PATIENCE_SECONDS = 20
#: Within which so many operations come under load. Bundles writes its rules every ten seconds at most.
WRITE_SECONDS = {"catalog": 20, "sales": 20, "bundles": 60}
#: When an error strikes: while the server starts, while it runs, or at the checkpoint with which it ends.
STARTED, LOADED, ENDED = "start", "load", "end"


def error(name, for_ever, phase):
    """Returns a fault: the n-th operation on the disk fails, once or with all after it, where n rises by 1 from run to
    run. Errors that stay end with a restart on a disk that is well again."""

    def strike(episode):
        server, disk = episode.server(name), episode.disks[name]
        count = episode.next_count()
        if phase == STARTED:
            server.stop()
            disk.reset()
            disk.fail_at(count, for_ever)
            start_with_errors(server)
        elif phase == ENDED:
            disk.fail_at(count, for_ever)
            end_by_itself(server)
        else:
            disk.fail_at(count, for_ever)
            eventually(lambda: disk.errors, WRITE_SECONDS[name], "an error")
            if for_ever:
                episode.let_pass(0.1, 0.3)
            elif episode.chance.random() < 0.5:
                # What the disk did not confirm may be in the file that the next process finds.
                episode.let_pass(0, 0.1)
                server.kill()
        restart = for_ever or not server.running
        disk.heal()
        ended = time.monotonic()
        if restart:
            if server.process is not None:
                end_by_itself(server)
            ended = time.monotonic()
            server.launch()
        return ended, name

    return strike


def start_with_errors(server):
    """A server either starts, or ends with exit code 2 and a last line that says what to do."""
    server.launch()
    eventually(lambda: not server.running or server.health() == 1, PATIENCE_SECONDS, server.log_tail)


def end_by_itself(server):
    """SIGTERM ends a server in time, whatever its disk does; one that could not start has ended with exit code 2."""
    if server.running:
        code = server.stop()
        assert code == 0, f"{server.name} ended with {code}\n{server.log_tail()}"
        return
    process, server.process = server.process, None
    last = server.log_tail(1).splitlines()[1]
    assert process.returncode == 2, f"{server.name} ended with {process.returncode}\n{server.log_tail()}"
    assert last.startswith(f"clustr-{server.name}: ") and ";" in last, f"the last line has no remedy: {last}"


def full(name):
    """Returns a fault: no file can grow; then there is room again."""

    def strike(episode):
        server, disk = episode.server(name), episode.disks[name]
        files = [server.database, server.database.with_name(f"{server.database.name}-wal")]
        disk.errors = 0
        disk.capacity = max(file.stat().st_size for file in files if file.exists()) + episode.chance.randint(1, 20_000)
        eventually(lambda: disk.errors, PATIENCE_SECONDS, "a full disk")
        episode.let_pass(0.1, 0.5)
        disk.heal()
        return time.monotonic(), name

    return strike


def really_full(episode):
    """A file fills the file system of all servers; then it is removed."""
    episode.workload.reasons.clear()
    filler = episode.shop.folder / "filler"
    try:
        with open(filler, "wb", buffering=0) as file:
            while True:
                file.write(bytes(1 << 16))
    except OSError as error:
        assert error.errno == errno.ENOSPC, error
    eventually(lambda: "DISK_FULL" in episode.workload.reasons, PATIENCE_SECONDS, "a call that is refused")
    filler.unlink()
    return time.monotonic(), "sales"


def stall(name, seconds):
    """Returns a fault: the disk confirms nothing for some seconds. Meanwhile, reads and health are answered."""

    def strike(episode):
        server, disk = episode.server(name), episode.disks[name]
        disk.stalled = 1
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            asked = time.monotonic()
            assert server.health() is not None, f"{name} does not answer health"
            assert time.monotonic() - asked < 1, f"health took {time.monotonic() - asked:.1f} s"
            time.sleep(0.1)
        disk.heal()
        return time.monotonic(), name

    return strike
