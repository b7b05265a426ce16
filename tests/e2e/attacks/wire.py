"""HTTP/2 frames made by hand, and a peer that sends them: what no well-behaved library would send."""

import select
import socket
import struct
import time

PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
DATA, HEADERS, PRIORITY, RST_STREAM, SETTINGS, PUSH_PROMISE, PING, GOAWAY, WINDOW_UPDATE, CONTINUATION = range(10)
END_STREAM = ACK = 1
END_HEADERS = 4
#: Settings by number: the size of the window of each stream, and the largest frame that this side accepts.
INITIAL_WINDOW_SIZE = 4
MAX_FRAME = 16384
CANCEL = 8


def frame(kind, flags, stream, payload=b""):
    return struct.pack(">I", len(payload))[1:] + bytes([kind, flags]) + struct.pack(">I", stream) + payload


def settings(values):
    return frame(SETTINGS, 0, 0, b"".join(struct.pack(">HI", key, value) for key, value in values.items()))


def number(value, prefix_bits, first=0):
    """Encodes an integer as HPACK does, behind the bits of `first`."""
    limit = (1 << prefix_bits) - 1
    if value < limit:
        return bytes([first | value])
    encoded = bytearray([first | limit])
    value -= limit
    while value >= 128:
        encoded.append(value % 128 | 128)
        value //= 128
    encoded.append(value)
    return bytes(encoded)


def header(name, value, indexed=False):
    """Encodes a header with a new name, without Huffman coding; `indexed` puts it into the peer's dynamic table."""
    return bytes([0x40 if indexed else 0]) + number(len(name), 7) + name + number(len(value), 7) + value


def request_headers(path, *more):
    """Encodes the headers of a gRPC call."""
    return b"".join(
        [
            b"\x83\x86",  # :method POST, :scheme http
            b"\x04" + number(len(path), 7) + path.encode(),
            b"\x01" + number(9, 7) + b"127.0.0.1",
            header(b"content-type", b"application/grpc"),
            header(b"te", b"trailers"),
            *more,
        ]
    )


def message(payload, declared=None):
    """Frames a message of gRPC, which may declare another length than it has."""
    return b"\0" + struct.pack(">I", len(payload) if declared is None else declared) + payload


def data_frames(stream, payload, end=True):
    """Divides a payload into DATA frames."""
    pieces = [payload[at : at + MAX_FRAME] for at in range(0, len(payload), MAX_FRAME)] or [b""]
    flags = [0] * (len(pieces) - 1) + [END_STREAM if end else 0]
    return b"".join(frame(DATA, flag, stream, piece) for flag, piece in zip(flags, pieces))


class Closed(Exception):
    """The server closed the connection, or the time of the attack is over."""


class Peer:
    """One connection of an attacker. Sends until `end`, a time of time.monotonic()."""

    def __init__(self, target, introduce=True, own_settings=None):
        self.end = target.end
        self.streams = iter(range(1, 1 << 31, 2))
        self.received = b""
        try:
            self.socket = socket.create_connection((target.host, target.port), timeout=5)
        except OSError as error:
            raise Closed from error
        self.socket.setblocking(False)
        if introduce:
            self.send(PREFACE + settings(own_settings or {}))

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.close()

    def send(self, frames, read=True):
        """Sends everything. Meanwhile it discards what the server sends, unless `read` is false."""
        left = memoryview(frames)
        while left:
            self.check_time()
            ready = self.wait((select.POLLIN if read else 0) | select.POLLOUT, 0.2)
            if read and ready & ~select.POLLOUT:
                self.discard()
            if ready & ~select.POLLIN:
                try:
                    left = left[self.socket.send(left) :]
                except BlockingIOError:
                    pass
                except OSError as error:
                    raise Closed from error

    def wait(self, events, seconds):
        """Waits for events of the socket, and returns those that came."""
        poll = select.poll()
        poll.register(self.socket, events)
        return sum(event for _, event in poll.poll(seconds * 1000))

    def discard(self):
        """Reads and forgets what has arrived."""
        try:
            if not self.socket.recv(1 << 20):
                raise Closed
        except BlockingIOError:
            pass
        except OSError as error:
            raise Closed from error

    def acknowledge(self):
        """Acknowledges the settings of the server, as an honest client does first."""
        self.send(frame(SETTINGS, ACK, 0))

    def call(self, path, *more, end=False):
        """Sends the headers of a call and returns the number of its stream."""
        stream = next(self.streams)
        flags = END_HEADERS | (END_STREAM if end else 0)
        self.send(frame(HEADERS, flags, stream, request_headers(path, *more)))
        return stream

    def idle(self, seconds, read=True):
        """Waits, and discards what arrives unless `read` is false."""
        until = min(self.end, time.monotonic() + seconds)
        while (left := until - time.monotonic()) > 0:
            if self.wait(select.POLLIN if read else 0, left) and read:
                self.discard()
            elif not read:
                time.sleep(min(left, 0.01))

    def check_time(self):
        if time.monotonic() >= self.end:
            raise Closed
