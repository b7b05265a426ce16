"""A peer that sends bodies as the windows of the server permit, as a server closes a connection that exceeds them."""

import collections
import struct

from attacks.wire import (
    ACK,
    DATA,
    END_STREAM,
    INITIAL_WINDOW_SIZE,
    MAX_FRAME,
    PING,
    SETTINGS,
    WINDOW_UPDATE,
    Closed,
    Peer,
    frame,
)

DEFAULT_WINDOW = 65535


class UploadingPeer(Peer):
    """Reads the frames of the server: its windows, its settings, and its pings, which it answers."""

    def __init__(self, target):
        self.buffer = bytearray()
        self.initial_window = DEFAULT_WINDOW
        self.connection_window = DEFAULT_WINDOW
        self.windows = collections.defaultdict(int)  # By stream, relative to initial_window.
        self.answers = []
        super().__init__(target)

    def discard(self):
        try:
            arrived = self.socket.recv(1 << 20)
        except BlockingIOError:
            return
        except OSError as error:
            raise Closed from error
        if not arrived:
            raise Closed
        self.buffer += arrived
        while len(self.buffer) >= 9:
            size = int.from_bytes(self.buffer[:3], "big")
            if len(self.buffer) < 9 + size:
                return
            kind, flags, stream = struct.unpack(">BBI", self.buffer[3:9])
            self.handle(kind, flags, stream, bytes(self.buffer[9 : 9 + size]))
            del self.buffer[: 9 + size]

    def handle(self, kind, flags, stream, payload):
        if kind == WINDOW_UPDATE:
            (more,) = struct.unpack(">I", payload)
            if stream == 0:
                self.connection_window += more
            else:
                self.windows[stream] += more
        elif kind == SETTINGS and not flags & ACK:
            for at in range(0, len(payload), 6):
                key, value = struct.unpack(">HI", payload[at : at + 6])
                if key == INITIAL_WINDOW_SIZE:
                    self.initial_window = value
            self.answers.append(frame(SETTINGS, ACK, 0))
        elif kind == PING and not flags & ACK:
            self.answers.append(frame(PING, ACK, 0, payload))

    def upload(self, bodies):
        """Sends the bodies, a dict from streams to (bytes, whether the stream ends with them), all at the same time."""
        sent = dict.fromkeys(bodies, 0)
        open_streams = collections.deque(bodies)
        blocked = 0
        while open_streams:
            answers, self.answers = self.answers, []
            stream = open_streams.popleft()
            body, ends = bodies[stream]
            at = sent[stream]
            room = min(self.connection_window, self.initial_window + self.windows[stream], MAX_FRAME)
            piece = body[at : at + max(0, room)]
            last = at + len(piece) == len(body)
            self.connection_window -= len(piece)
            self.windows[stream] -= len(piece)
            sent[stream] += len(piece)
            data = frame(DATA, END_STREAM if last and ends else 0, stream, piece) if piece else b""
            self.send(b"".join(answers) + data)
            if not last:
                open_streams.append(stream)
            blocked = 0 if piece else blocked + 1
            if blocked > len(open_streams):
                self.idle(0.01)
                self.check_time()
                blocked = 0
