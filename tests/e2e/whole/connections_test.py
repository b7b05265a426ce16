"""Connections: silent peers are closed in seconds, floods are refused, and idle channels do not delay the end of a server."""

import os
import resource
import signal
import socket
import time
import unittest

import grpc
from harness import pb, servers
from harness.client import Client

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


class ListenTest(unittest.TestCase):
    def test_a_name_with_addresses_of_both_families_is_served_on_127_0_0_1(self):
        shop = servers.Shop()
        self.addCleanup(shop.close)
        port = shop.catalog.address.rsplit(":", 1)[1]
        shop.catalog.address = f"localhost:{port}"
        shop.catalog.start()
        answer = Client(f"127.0.0.1:{port}").health.Check(pb.HealthCheckRequest(), timeout=5)
        self.assertEqual(answer.status, pb.HealthCheckResponse.SERVING)


class KeepaliveTest(unittest.TestCase):
    def setUp(self):
        self.shop = servers.Shop()
        self.addCleanup(self.shop.close)

    def test_a_client_may_ping_every_five_seconds_without_calls(self):
        server = self.shop.catalog.start()
        channel = grpc.insecure_channel(
            server.address,
            options=[
                ("grpc.keepalive_time_ms", 5000),
                ("grpc.keepalive_permit_without_calls", 1),
                ("grpc.http2.max_pings_without_data", 0),
            ],
        )
        self.addCleanup(channel.close)
        states = []
        channel.subscribe(states.append)
        grpc.channel_ready_future(channel).result(10)
        time.sleep(17)  # Three pings; the third used to end the connection.
        self.assertEqual(states[-1], grpc.ChannelConnectivity.READY, states)

    def test_a_hung_upstream_is_noticed_within_seconds_and_followed_again(self):
        catalog = self.shop.catalog.start()
        sales = self.shop.sales.start()

        def status():
            return sales.client.admin.GetStatus(pb.GetStatusRequest(), timeout=2)

        servers.eventually(lambda: status().upstreams[0].connected, 10, lambda: "sales does not follow catalog")
        os.kill(catalog.process.pid, signal.SIGSTOP)
        try:
            servers.eventually(
                lambda: not status().upstreams[0].connected, 15, lambda: "sales takes the hung catalog for connected"
            )
            self.assertIn("is not connected", status().problems[0])
        finally:
            os.kill(catalog.process.pid, signal.SIGCONT)
        servers.eventually(lambda: status().upstreams[0].connected, 15, lambda: "sales does not follow catalog again")


class FloodTest(unittest.TestCase):
    """More connections than a server may have: the others are refused, and the server goes on."""

    def flooded(self, count, **environ):
        shop = servers.Shop()
        self.addCleanup(shop.close)
        shop.catalog.environ.update(environ)
        server = shop.catalog.start()
        host, port = server.address.rsplit(":", 1)
        peers = []
        for _ in range(count):
            peers.append(socket.create_connection((host, int(port))))
            self.addCleanup(peers[-1].close)
        return server, peers

    def closed(self, peers):
        """How many of the connections the server has closed already."""
        count = 0
        for peer in peers:
            peer.settimeout(0.2)
            try:
                count += peer.recv(1) == b""
            except ConnectionError:
                count += 1
            except socket.timeout:
                pass
        return count

    def assert_serves_a_new_client(self, server):
        def serving():
            try:
                answer = Client(server.address).health.Check(pb.HealthCheckRequest(), timeout=2)
            except grpc.RpcError:
                return False
            return answer.status == pb.HealthCheckResponse.SERVING

        servers.eventually(serving, 20, lambda: "a new client is not served after the flood")

    def test_connections_beyond_the_limit_are_closed_and_room_returns(self):
        server, peers = self.flooded(40, CLUSTR_MAX_CONNECTIONS="20")
        # The harness itself has a connection.
        self.assertIn(self.closed(peers), range(20, 23))
        self.assert_serves_a_new_client(server)

    def test_one_peer_takes_no_more_than_its_share(self):
        server, peers = self.flooded(30, CLUSTR_MAX_CONNECTIONS_PER_PEER="10")
        self.assertIn(self.closed(peers), range(20, 23))
        self.assert_serves_a_new_client(server)

    def test_a_server_with_few_file_descriptors_goes_on_after_a_flood(self):
        shop = servers.Shop()
        self.addCleanup(shop.close)
        server = shop.catalog.start()
        resource.prlimit(server.process.pid, resource.RLIMIT_NOFILE, (90, 90))
        host, port = server.address.rsplit(":", 1)
        for peer in [socket.create_connection((host, int(port))) for _ in range(150)]:
            peer.close()
        self.assert_serves_a_new_client(server)


if __name__ == "__main__":
    unittest.main()
