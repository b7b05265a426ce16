"""A connection or a server that hangs, loses, cuts, slows or repeats what passes, and the order in which servers come and go."""

import itertools
import os
import signal
import time

from harness.servers import eventually
from network import proxy

PATIENCE_SECONDS = 20


def link(name, mode, seconds):
    """Returns a fault: a connection is in a mode of the proxy for some seconds."""

    def strike(episode):
        episode.let_pass(0.1, 0.3)
        episode.proxies[name].set(mode)
        time.sleep(seconds)
        episode.proxies[name].set(proxy.PASS)
        return time.monotonic(), behind(name)

    return strike


def cut(name, times):
    """Returns a fault: a connection is cut within a message, several times in a row."""

    def strike(episode):
        for _ in range(times):
            episode.proxies[name].cut_after(episode.chance.randint(1, 5000))
            episode.let_pass(0.02, 0.2)
        episode.proxies[name].cut_after(0)
        return time.monotonic(), behind(name)

    return strike


def repeat(name):
    """Returns a fault: the messages of the streams of a connection come twice."""

    def strike(episode):
        link = episode.proxies[name]
        repeated = link.repeated
        link.set(proxy.REPEAT)
        eventually(lambda: link.repeated > repeated + 100, PATIENCE_SECONDS, "messages that come twice")
        link.set(proxy.PASS)
        return time.monotonic(), behind(name)

    return strike


def behind(name):
    """Returns the server whose honest answer shows that a connection is well again."""
    client, server = name.split("-")
    if client == "client":
        return server
    return "catalog in sales" if client == "sales" else client


def pause(name, seconds):
    """Returns a fault: SIGSTOP, and SIGCONT some seconds later."""

    def strike(episode):
        process = episode.server(name).process
        os.kill(process.pid, signal.SIGSTOP)
        try:
            time.sleep(seconds)
        finally:
            os.kill(process.pid, signal.SIGCONT)
        return time.monotonic(), name

    return strike


ORDERS = list(itertools.product(*2 * [list(itertools.permutations(("catalog", "sales", "bundles")))]))


def order(episode):
    """The servers are drained in one order and started in another; each run takes the next pair of orders."""
    stopping, starting = ORDERS[(episode.next_count() - 1) % len(ORDERS)]
    for name in stopping:
        code = episode.server(name).stop()
        assert code == 0, f"{name} ended with {code}\n{episode.server(name).log_tail()}"
    ended = time.monotonic()
    for name in starting:
        episode.server(name).launch()
        episode.let_pass(0, 0.3)
    return ended, "bundles"
