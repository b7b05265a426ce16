"""Proves the proxy with a server that echoes."""

import contextlib
import socket
import threading
import unittest

from network.proxy import DROP, PASS, REPEAT, RESET, SLOW, STALL, Proxy


def frame(stream, payload, kind=0, flags=0):
    return len(payload).to_bytes(3, "big") + bytes([kind, flags]) + stream.to_bytes(4, "big") + payload


def message(content):
    return b"\0" + len(content).to_bytes(4, "big") + content


class ProxyTest(unittest.TestCase):
    def setUp(self):
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.addCleanup(self.listener.close)
        threading.Thread(target=self.serve, daemon=True).start()
        self.proxy = Proxy("127.0.0.1:%d" % self.listener.getsockname()[1])
        self.addCleanup(self.proxy.close)

    def serve(self):
        while True:
            try:
                peer, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self.echo, args=(peer,), daemon=True).start()

    def echo(self, peer):
        with peer:
            try:
                while data := peer.recv(1 << 16):
                    peer.sendall(data)
            except OSError:
                pass

    def connect(self):
        host, port = self.proxy.address.split(":")
        peer = socket.create_connection((host, int(port)), timeout=5)
        self.addCleanup(peer.close)
        return peer

    def ask(self, peer, data=b"hello", count=None):
        """Sends data and returns `count` bytes that come back, by default as many; less if the connection ends or hangs
        for 0.3 s."""
        count = count or len(data)
        got = b""
        try:
            peer.sendall(data)
            peer.settimeout(0.3)
            while len(got) < count and (part := peer.recv(1 << 16)):
                got += part
        except OSError:
            pass
        return got

    def test_it_passes_what_both_sides_send(self):
        self.assertEqual(self.ask(self.connect(), b"x" * 100_000), b"x" * 100_000)

    def test_what_was_sent_before_an_end_arrives(self):
        peer = self.connect()
        sender = threading.Thread(target=lambda: (peer.sendall(b"x" * 3_000_000), peer.shutdown(socket.SHUT_WR)))
        sender.start()
        got = b""
        while part := peer.recv(1 << 16):
            got += part
        sender.join()
        self.assertEqual(len(got), 3_000_000)

    def test_an_end_is_not_told_while_all_is_dropped(self):
        peer = self.connect()
        self.ask(peer)
        self.proxy.set(DROP)
        peer.shutdown(socket.SHUT_WR)
        peer.settimeout(0.3)
        with self.assertRaises(TimeoutError):
            peer.recv(5)

    def test_nothing_passes_behind_what_was_dropped(self):
        peer = self.connect()
        self.ask(peer)
        self.proxy.set(DROP)
        self.assertEqual(self.ask(peer, b"lost"), b"")
        self.proxy.mode = PASS  # As seen by the thread of the proxy before it resets the connection.
        self.assertEqual(self.ask(peer, b"a gap is before this"), b"")

    def test_what_is_stalled_arrives_later(self):
        peer = self.connect()
        self.ask(peer)
        self.proxy.set(STALL)
        self.assertEqual(self.ask(peer), b"")
        self.proxy.set(PASS)
        self.assertEqual(peer.recv(5), b"hello")

    def test_a_connection_that_lost_something_is_reset_afterwards(self):
        peer = self.connect()
        self.ask(peer)
        self.proxy.set(DROP)
        self.assertEqual(self.ask(peer), b"")
        self.proxy.set(PASS)
        peer.settimeout(5)
        with self.assertRaises(ConnectionResetError):
            peer.recv(5)
        self.assertEqual(self.ask(self.connect()), b"hello")

    def test_open_and_new_connections_are_reset(self):
        peer = self.connect()
        self.ask(peer)
        self.proxy.set(RESET)
        peer.settimeout(5)
        with self.assertRaises(ConnectionResetError):
            peer.recv(5)
        with contextlib.suppress(ConnectionResetError):  # It may be reset before it is seen to be open.
            self.assertEqual(self.ask(self.connect()), b"")

    def test_a_message_is_cut(self):
        peer = self.connect()
        self.ask(peer)
        self.proxy.cut_after(1000 + 300)
        self.assertEqual(len(self.ask(peer, b"x" * 1000)), 300)
        self.assertEqual(self.ask(self.connect()), b"hello")

    def test_messages_of_a_stream_come_twice_but_for_the_first(self):
        settings, first, second = frame(0, b"", kind=4), frame(1, message(b"first")), frame(1, message(b"second"))
        other, part = frame(3, message(b"other")), frame(1, message(b"third")[:7])
        peer = self.connect()
        self.assertEqual(self.ask(peer, settings + first), settings + first)
        self.proxy.set(REPEAT)
        self.assertEqual(self.ask(peer, second[:4]), second[:4], "nothing is held back")
        twice = second[4:] + 3 * second
        self.assertEqual(self.ask(peer, second[4:] + second, len(twice)), twice)
        self.assertEqual(self.ask(peer, other + part), other + part)
        self.assertEqual(self.proxy.repeated, 2)

    def test_slow_is_slow_but_complete(self):
        self.proxy.set(SLOW)
        self.assertEqual(self.ask(self.connect(), b"x" * 2000), b"x" * 2000)
