"""Rolling upgrades: one server after the other is replaced by one of another version, in any order, under load."""

import time

from harness import pb
from harness.servers import eventually
from versions import other_fields

NAMES = ("catalog", "sales", "bundles")


def upgrade_from(episode):
    """Replaces the servers of an earlier version, with which the episode has begun, by the present ones. After that, each
    run tries the earlier ones on the databases of the present ones: they go on with them, or refuse them in words."""
    earlier = episode.earlier

    def exchange(server):
        if earlier.replaced(server):
            earlier.take_back(server)
            go_on_or_refuse(server)
        earlier.replace(server)

    return roll(episode, exchange)


def fields_change(episode):
    """Each store is upgraded from a version whose models had other fields: one is renamed and one added by the start of
    the present version, which refuses a database with a field that it does not have and leaves it as it is."""

    def exchange(server):
        if server.name not in other_fields.FIELDS:
            return
        other_fields.add_unknown(server)
        refuse(server, "which the model no longer has; restore the field")
        other_fields.remove_unknown(server)
        other_fields.rename_and_drop(server)

    return roll(episode, exchange)


def roll(episode, exchange):
    """Stops each server, lets `exchange` change it, and starts it again. Returns the moment at which the last one had
    ended and the longest recovery, or the name of a server that did not recover."""
    slowest = 0
    names = list(NAMES)
    episode.chance.shuffle(names)
    for name in names:
        server = episode.server(name)
        code = server.stop()
        assert code == 0, f"{name} ended with {code}\n{server.log_tail()}"
        exchange(server)
        ended = time.monotonic()
        server.launch()
        seconds = episode.recovery(ended, name)
        if seconds is None:
            return ended, name
        slowest = max(slowest, seconds)
        episode.let_pass(0, 0.3)
    return ended, slowest


def go_on_or_refuse(server):
    """Starts a server that does not run; it must serve, or end with exit code 2 and a remedy."""
    server.launch()
    eventually(lambda: not server.running or server.health() == pb.HealthCheckResponse.SERVING, 60, server.log_tail)
    if server.running:
        assert server.stop() == 0
    else:
        check_refusal(server, "start that version, or give another --database")


def refuse(server, remedy):
    """Starts a server that does not run; it must end with exit code 2 and a remedy."""
    server.launch()
    eventually(lambda: not server.running, 60, server.log_tail)
    check_refusal(server, remedy)


def check_refusal(server, remedy):
    code, server.process = server.process.returncode, None
    sentence = server.log_tail(1)
    assert code == 2 and remedy in sentence, f"{code}: {sentence}"
