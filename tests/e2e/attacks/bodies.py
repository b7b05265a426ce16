"""Attacks with messages: large ones in parallel, ones that never end, and frames without contents."""

import time

from attacks.target import in_threads, persist
from attacks.uploads import UploadingPeer
from attacks.wire import DATA, Closed, frame, message

#: A message of nearly 4 MiB with one field of a number that no message has.
SIZE = (4 << 20) - 100
SIZE_AS_VARINT = bytes([SIZE & 127 | 128, SIZE >> 7 & 127 | 128, SIZE >> 14 & 127 | 128, SIZE >> 21])
LARGE = message(b"\xc2\x3e" + SIZE_AS_VARINT + b"x" * SIZE)
#: A message of nearly 4 MiB of two million empty entries, in field 2 as in RecordPurchase, or in field 1 as in imports.
EMPTY_LINES = message(b"\x12\x00" * (SIZE // 2))
EMPTY_ROWS = message(b"\x0a\x00" * (SIZE // 2))
#: As many empty rows as an import may have in one message, which takes 20 KB.
REFUSED_ROWS = message(b"\x0a\x00" * 10000)


def _upload(target, connections, calls, path, body, ends, repeat):
    """Sends bodies on `calls` streams of each connection; then, with `repeat`, on new ones, otherwise it waits."""

    def work():
        while target.seconds_left > 0:
            try:
                with UploadingPeer(target) as peer:
                    while True:
                        peer.upload({peer.call(path): (body, ends) for _ in range(calls)})
                        if not repeat:
                            peer.idle(target.seconds_left)
                            raise Closed
            except Closed:
                target.closed += 1
            time.sleep(0.01)

    in_threads(connections, work)


def large_messages(target):
    """messages of 4 MB, 25 at a time on each of 8 connections, as fast as the server takes them"""
    _upload(target, 8, 25, target.unary, LARGE, ends=True, repeat=True)


def unfinished_messages(target):
    """800 messages of 4 MB of which the last byte never comes"""
    _upload(target, 8, 100, target.unary, LARGE[:-1], ends=False, repeat=False)


def declared_messages(target):
    """5,000 messages that declare 4 MB and have 100 bytes"""
    _upload(target, 50, 100, target.unary, LARGE[:100], ends=False, repeat=False)


def large_batches(target):
    """imports whose messages of 4 MB do not end, 25 on each of 8 connections"""
    _upload(target, 8, 25, target.client_stream, LARGE * 4, ends=True, repeat=True)


def empty_lines(target):
    """purchases of 2,000,000 empty lines in 4 MB, one at a time on each of 7 connections"""
    _upload(target, 7, 1, target.unary, EMPTY_LINES, ends=True, repeat=True)


def empty_rows(target):
    """imports whose messages of 4 MB have 2,000,000 empty rows, 25 on each of 8 connections"""
    _upload(target, 8, 25, target.client_stream, EMPTY_ROWS * 4, ends=True, repeat=True)


def refused_rows(target):
    """imports that do not end, of 10,000 empty rows in each message of 20 KB, 25 on each of 8 connections"""
    _upload(target, 8, 25, target.client_stream, REFUSED_ROWS * 200, ends=True, repeat=True)


def empty_data(target):
    """empty DATA frames as fast as possible"""

    def body(peer):
        peer.acknowledge()
        burst = frame(DATA, 0, peer.call(target.client_stream)) * 1000
        while True:
            peer.send(burst)

    in_threads(2, lambda: persist(target, body))
