"""Repeats messages of gRPC streams among the bytes that a server sends over HTTP/2."""

HEAD = 9  # Bytes of a frame before its payload: three of length, type, flags, four of the stream.
PREFIX = 5  # Bytes of a message before its content: whether it is compressed, four of length.
DATA = 0


class Repeater:
    """Follows the frames of one connection from its first byte on."""

    def __init__(self):
        self.frame = bytearray()  # As far as it has arrived.
        self.streams = set()  # Those that have brought a message.
        self.count = 0  # Messages that were repeated.

    def take(self, data, repeat):
        """Returns what to pass on. With `repeat`, each frame that is a whole message comes twice, unless that is the first
        message of its stream: a call with a single answer is left alone."""
        passed = bytearray()
        at = 0
        while at < len(data):
            piece = data[at : at + self.size() - len(self.frame)]
            at += len(piece)
            self.frame += piece
            passed += piece
            if len(self.frame) < HEAD or len(self.frame) < self.size():
                continue
            if self.is_later_message() and repeat:
                passed += self.frame
                self.count += 1
            self.frame.clear()
        return bytes(passed)

    def size(self):
        """The size of the frame, or of its head while that is not there."""
        return HEAD + int.from_bytes(self.frame[:3], "big") if len(self.frame) >= HEAD else HEAD

    def is_later_message(self):
        """True if the frame is a whole message, and not the first of its stream. A message in several frames is not
        noticed."""
        payload = self.frame[HEAD:]
        if self.frame[3] != DATA or self.frame[4] or len(payload) < PREFIX or payload[0]:
            return False
        if int.from_bytes(payload[1:PREFIX], "big") != len(payload) - PREFIX:
            return False
        stream = bytes(self.frame[5:HEAD])
        known = stream in self.streams
        self.streams.add(stream)
        return known
