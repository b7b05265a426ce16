"""What is attacked, for how long, and how an attack goes on after the server has closed its connection."""

import dataclasses
import threading
import time

from attacks.wire import Closed, Peer


@dataclasses.dataclass
class Target:
    host: str
    port: int
    end: float  # A time of time.monotonic().
    #: Methods of the server that is attacked: one with a small answer, one that streams much, one that takes a stream.
    unary: str = "/clustr.sales.v1.TransactionService/RecordPurchase"
    server_stream: str = "/clustr.sales.v1.SalesStreamService/StreamSales"
    client_stream: str = "/clustr.sales.v1.TransactionService/ImportTransactions"
    list: str = "/clustr.sales.v1.TransactionService/ListTransactions"
    closed: int = 0  # How often the server ended a connection of the attacker.

    @property
    def seconds_left(self):
        return self.end - time.monotonic()


def persist(target, body, own_settings=None, pause=0.01):
    """Runs `body(peer)` on one connection after the other until the time is over."""
    while target.seconds_left > 0:
        try:
            with Peer(target, own_settings=own_settings) as peer:
                body(peer)
        except Closed:
            target.closed += 1
        time.sleep(pause)


def in_threads(count, work):
    """Runs `work()` in several threads and waits for all."""
    threads = [threading.Thread(target=work) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def hold_open(target, count, own_settings=None, introduce=True, prepare=lambda peer: None, read=True):
    """Keeps `count` connections open to the end, each prepared once; does not replace those that the server closes."""
    peers = []
    for _ in range(count):
        try:
            peer = Peer(target, introduce=introduce, own_settings=own_settings)
            peers.append(peer)
            prepare(peer)
        except Closed:
            target.closed += 1
        if target.seconds_left <= 0:
            break
    while target.seconds_left > 0:
        for peer in list(peers):
            try:
                peer.idle(0.001, read)
            except Closed:
                target.closed += 1
                peers.remove(peer)
                peer.socket.close()
        time.sleep(0.05)
    for peer in peers:
        peer.socket.close()
