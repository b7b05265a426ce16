"""Connections: silent peers and floods are refused, idle channels stay, and a deaf server ends."""

import ctypes
import os
import pathlib
import resource
import shutil
import signal
import socket
import subprocess
import time
import unittest

import grpc
from harness import environment, pb, servers
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

    def test_a_peer_that_answers_no_ping_is_disconnected_while_an_idle_channel_stays(self):
        channel = grpc.insecure_channel(self.server.address, options=[("grpc.use_local_subchannel_pool", 1)])
        self.addCleanup(channel.close)
        states = []
        channel.subscribe(states.append)
        grpc.channel_ready_future(channel).result(10)
        host, port = self.server.address.rsplit(":", 1)
        with socket.create_connection((host, int(port))) as peer:
            peer.sendall(PREFACE + bytes([0, 0, 0, 4, 0, 0, 0, 0, 0]))  # Empty settings.
            peer.settimeout(90)  # It is pinged after 30 s, and closed 20 s later.
            try:
                while peer.recv(4096):
                    pass
            except ConnectionError:
                pass
        self.assertEqual(states[-1], grpc.ChannelConnectivity.READY, states)

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
    def setUp(self):
        self.shop = servers.Shop()
        self.addCleanup(self.shop.close)
        self.port = self.shop.catalog.address.rsplit(":", 1)[1]

    def assert_serves(self, address):
        answer = Client(address).health.Check(pb.HealthCheckRequest(), timeout=10)
        self.assertEqual(answer.status, pb.HealthCheckResponse.SERVING, address)

    def test_a_name_is_served_on_127_0_0_1(self):
        self.shop.catalog.address = f"localhost:{self.port}"
        self.shop.catalog.start()
        self.assert_serves(f"127.0.0.1:{self.port}")

    @unittest.skipUnless(os.path.exists("/proc/net/if_inet6") and socket.has_ipv6, "skipped: no IPv6")
    def test_all_addresses_of_ipv6_are_those_of_ipv4_too(self):
        self.shop.catalog.address = f"[::]:{self.port}"
        self.shop.catalog.flags.append("--insecure=yes")
        self.shop.catalog.start()
        self.assert_serves(f"127.0.0.1:{self.port}")
        self.assert_serves(f"[::1]:{self.port}")

    def test_a_name_is_served_at_all_its_addresses(self):
        if os.geteuid() != 0 or not shutil.which("unshare"):
            environment.missing("root, which may give a name several addresses", "root")
        hosts = self.shop.folder / "hosts"
        hosts.write_text("127.0.0.1 shop.test\n127.0.0.2 shop.test\n::1 shop.test\n")
        catalog = self.shop.catalog
        catalog.address = f"shop.test:{self.port}"
        command = f"mount --bind {hosts} /etc/hosts && exec \"$@\""
        catalog.command = lambda plain=catalog.command: ["unshare", "-m", "sh", "-c", command, "sh", *plain()]
        catalog.launch()
        addresses = [f"127.0.0.1:{self.port}", f"127.0.0.2:{self.port}", f"[::1]:{self.port}"]
        servers.eventually(lambda: '"serving"' in catalog.log.read_text(), 30, catalog.log_tail)
        for address in addresses:
            self.assert_serves(address)
            self.assertIn(address, catalog.log.read_text())

    def test_an_address_that_cannot_be_served_is_refused_with_the_reason(self):
        with socket.create_server(("127.0.0.1", 0)) as taken:
            port = taken.getsockname()[1]
            for address, code, text in (
                (f"127.0.0.1:{port}", 3, f"the port is taken: another program listens on 127.0.0.1:{port}"),
                ("192.0.2.1:0", 3, "this machine does not have the address 192.0.2.1"),
                ("no-such-host.invalid:0", 3, "the host no-such-host.invalid is unknown"),
                ("::1:50051", 2, "give for example [::1]:50051"),
                (":50051", 2, "is not HOST:PORT with a port from 0 to 65535"),
            ):
                with self.subTest(address):
                    self.shop.catalog.address = address
                    done = subprocess.run(
                        self.shop.catalog.command(),
                        cwd=self.shop.folder,
                        capture_output=True,
                        text=True,
                        check=False,
                        timeout=60,
                    )
                    self.assertEqual(done.returncode, code, done.stderr)
                    self.assertIn(f"--listen={address}", done.stderr.strip().splitlines()[-1])
                    self.assertIn(text, done.stderr.strip().splitlines()[-1])


class DeafTest(unittest.TestCase):
    """A server whose port does not answer ends; one that is full, stopped or busy does not."""

    def start(self, **environ):
        shop = servers.Shop()
        self.addCleanup(shop.close)
        shop.catalog.environ.update(environ)
        return shop.catalog.start()

    def stop_listening(self, server):
        """Shuts the listening sockets of another process down, which makes it deaf as a fault of a library would."""
        pidfd = os.pidfd_open(server.process.pid)
        self.addCleanup(os.close, pidfd)
        count = 0
        for entry in pathlib.Path(f"/proc/{server.process.pid}/fd").iterdir():
            if not os.readlink(entry).startswith("socket:"):
                continue
            fd = ctypes.CDLL(None, use_errno=True).syscall(438, pidfd, int(entry.name), 0)  # pidfd_getfd
            if fd < 0:
                environment.missing("right to reach into a child process", "ptrace")
            with socket.socket(fileno=fd) as copy:
                if copy.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN):
                    copy.shutdown(socket.SHUT_RDWR)
                    count += 1
        self.assertGreater(count, 0)

    def test_a_deaf_server_ends_and_says_why(self):
        server = self.start(CLUSTR_MAX_DEAF_SECONDS="3")
        time.sleep(2)  # It has reached itself by then.
        self.stop_listening(server)
        self.assertEqual(server.process.wait(60), 4, server.log_tail())
        self.assertIn(f"{server.address} does not answer", server.log.read_text().splitlines()[-1])

    def test_a_full_server_is_not_taken_for_deaf(self):
        server = self.start(CLUSTR_MAX_DEAF_SECONDS="2", CLUSTR_MAX_CONNECTIONS="5")
        clients = [Client(server.address) for _ in range(4)]
        for client in clients:
            client.health.Check(pb.HealthCheckRequest(), timeout=5)
        time.sleep(13)  # Two further attempts, and then the limit.
        self.assertTrue(server.running, server.log_tail())
        for client in clients:
            client.channel.close()

    def test_a_stopped_server_is_not_taken_for_deaf(self):
        server = self.start(CLUSTR_MAX_DEAF_SECONDS="2")
        time.sleep(2)
        os.kill(server.process.pid, signal.SIGSTOP)
        time.sleep(8)
        os.kill(server.process.pid, signal.SIGCONT)
        time.sleep(8)
        self.assertEqual(server.health(), pb.HealthCheckResponse.SERVING, server.log_tail())

    def test_a_server_without_free_file_descriptors_is_not_taken_for_deaf(self):
        for free in (0, 1):  # With one, it can connect to itself but not accept that.
            with self.subTest(free=free):
                server = self.start(CLUSTR_MAX_DEAF_SECONDS="3")
                time.sleep(2)
                open_files = pathlib.Path(f"/proc/{server.process.pid}/fd").iterdir()
                files = free + 1 + max(int(entry.name) for entry in open_files)
                resource.prlimit(server.process.pid, resource.RLIMIT_NOFILE, (files, files))
                time.sleep(12)
                self.assertTrue(server.running, server.log_tail())


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
            servers.eventually(lambda: status().problems, 3, lambda: "sales does not report the hung catalog")
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
