"""Connections that do nothing: silent peers are closed in seconds, and idle channels do not delay the end of a server."""

import socket
import time
import unittest

import grpc
from harness import servers

PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"


class IdleConnectionsTest(unittest.TestCase):
    def setUp(self):
        self.shop = servers.Shop()
        self.addCleanup(self.shop.close)
        self.server = self.shop.catalog.start()

    def test_peers_that_never_introduce_themselves_are_disconnected_within_seconds(self):
        host, port = self.server.address.rsplit(":", 1)
        for name, sent in (("silent", b""), ("preface only", PREFACE)):
            with self.subTest(name), socket.create_connection((host, int(port))) as peer:
                peer.sendall(sent)
                peer.settimeout(15)
                try:
                    while peer.recv(4096):
                        pass
                except ConnectionError:
                    pass  # A reset is an end as well; a timeout is an error of this test.

    def test_idle_channels_do_not_delay_the_end(self):
        channels = [
            grpc.insecure_channel(self.server.address, options=[("grpc.use_local_subchannel_pool", 1)])
            for _ in range(20)
        ]
        for channel in channels:
            grpc.channel_ready_future(channel).result(10)
            self.addCleanup(channel.close)
        begin = time.monotonic()
        self.assertEqual(self.server.stop(), 0)
        self.assertLess(time.monotonic() - begin, 8, "waited for idle channels, which used to take 10 s")


if __name__ == "__main__":
    unittest.main()
