"""TLS: who is let in, certificates that change or break, followers, the port for health, and floods inside of TLS."""

import os
import re
import socket
import ssl
import subprocess
import threading
import time
import unittest

import grpc
from attacks import wire
from harness import environment, pb, servers
from harness.certificates import Authority
from harness.client import Client, Refusal

RELOAD_SECONDS = 10


class SecureShop(servers.Shop):
    """The three servers with TLS. With `mutual`, everybody shows a certificate, the followers too."""

    def __init__(self, mutual=False):
        super().__init__()
        self.authority = Authority(self.folder / "certificates")
        self.pairs = {}
        for server in self.servers:
            certificate, key = self.pairs[server.name] = self.authority.issue(server.name)
            server.flags += [f"--tls-cert={certificate}", f"--tls-key={key}"]
            if mutual:
                server.flags.append(f"--tls-client-ca={self.authority.certificate}")
            if server.upstreams:
                server.flags.append(f"--upstream-ca={self.authority.certificate}")
            server._client = self.client(server, self.authority.issue("tests"))

    def client(self, server, pair=None, authority=None):
        """A client that trusts the authority and shows the certificate of `pair`, if there is one."""
        certificate, key = (path.read_bytes() for path in pair) if pair else (None, None)
        trusted = (authority or self.authority).certificate.read_bytes()
        return Client(server.address, credentials=grpc.ssl_channel_credentials(trusted, key, certificate))


def ask(client, timeout=10):
    return client.admin.GetStatus(pb.GetStatusRequest(), timeout=timeout)


def code_of(client):
    """The code that a call ends with."""
    try:
        ask(client, timeout=5)
        return grpc.StatusCode.OK
    except grpc.RpcError as error:
        return error.code()
    finally:
        client.close()


def serial_of(server):
    """The number of the certificate that a new connection is shown."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    with socket.create_connection(("127.0.0.1", server.port), 5) as plain, context.wrap_socket(plain) as peer:
        der = peer.getpeercert(binary_form=True)
    text = subprocess.run(["openssl", "x509", "-inform", "DER", "-noout", "-serial"], input=der, capture_output=True, check=True)
    return text.stdout.decode().strip()


class TlsTest(unittest.TestCase):
    def setUp(self):
        self.shop = SecureShop()
        self.addCleanup(self.shop.close)
        self.server = self.shop.catalog.start()

    def certificate(self):
        return self.shop.pairs["catalog"]

    def problems(self):
        return [problem for problem in ask(self.server.client).problems if "certificate" in problem]

    def test_only_tls_with_a_trusted_name_gets_an_answer(self):
        self.assertEqual(ask(self.server.client).service, "catalog")
        self.assertEqual(code_of(Client(self.server.address)), grpc.StatusCode.UNAVAILABLE, "plaintext")
        stranger = Authority(self.shop.folder / "stranger")
        self.assertEqual(code_of(self.shop.client(self.server, authority=stranger)), grpc.StatusCode.UNAVAILABLE)
        self.assertEqual(ask(self.server.client).service, "catalog")

    def test_a_certificate_is_replaced_under_load_without_a_failed_call(self):
        stop, failures, calls = threading.Event(), [], [0]

        def load():
            while not stop.is_set():
                client = self.shop.client(self.server)  # Each has a connection, and a handshake, of its own.
                try:
                    for _ in range(5):
                        ask(client)
                        calls[0] += 1
                except grpc.RpcError as error:
                    failures.append(Refusal(error).message)
                finally:
                    client.close()

        threads = [threading.Thread(target=load) for _ in range(4)]
        for thread in threads:
            thread.start()
        try:
            for _ in range(3):
                before = serial_of(self.server)
                self.shop.authority.issue("catalog")
                servers.eventually(lambda: serial_of(self.server) != before, RELOAD_SECONDS, "the new certificate")
        finally:
            stop.set()
            for thread in threads:
                thread.join()
        self.assertEqual(failures, [])
        self.assertGreater(calls[0], 50)

    def test_files_that_cannot_be_used_leave_the_last_good_ones_in_force(self):
        certificate, key = self.certificate()
        good, good_key = certificate.read_bytes(), key.read_bytes()
        _, other_key = self.shop.authority.issue("other")
        for name, path, bad, words in (
            ("garbage", certificate, b"\x00garbage\xff" * 99, "holds no certificate in PEM form"),
            ("empty", certificate, b"", "holds no certificate in PEM form"),
            ("cut", certificate, good[: len(good) // 2], "holds no certificate in PEM form"),
            ("huge", certificate, b"x" * (2 << 20), "is longer than 1 MiB"),
            ("key of another", key, other_key.read_bytes(), "is not the key of the first certificate"),
            ("cut key", key, good_key[:40], "holds no private key in PEM form"),
            ("no file", key, None, "cannot be read"),
        ):
            with self.subTest(name):
                serial = serial_of(self.server)
                path.unlink() if bad is None else path.write_bytes(bad)
                servers.eventually(lambda: any(words in problem for problem in self.problems()), RELOAD_SECONDS, words)
                self.assertIn(str(path), self.problems()[0])
                self.assertEqual(serial_of(self.server), serial, "the last good certificate is served")
                path.write_bytes(good if path == certificate else good_key)
                servers.eventually(lambda: not self.problems(), RELOAD_SECONDS, "the problem to end")

    def test_a_certificate_near_its_end_is_a_problem(self):
        self.shop.authority.issue("catalog", days=2)
        servers.eventually(lambda: any("is valid only until" in p for p in self.problems()), RELOAD_SECONDS, "the end")
        self.shop.authority.issue("catalog", days=90)
        servers.eventually(lambda: not self.problems(), RELOAD_SECONDS, "no problem")

    def test_floods_inside_of_tls_are_ended_as_those_of_plaintext(self):
        context = ssl.create_default_context(cafile=self.shop.authority.certificate)
        context.set_alpn_protocols(["h2"])
        hello = wire.PREFACE + wire.settings({})
        for name, flood in (
            ("endless headers", wire.frame(wire.HEADERS, 0, 1, b"\0" * 100) + wire.frame(wire.CONTINUATION, 0, 1, b"\0" * 16000) * 5000),
            ("pings", wire.frame(wire.PING, 0, 0, b"\0" * 8) * 500_000),
        ):
            with self.subTest(name), socket.create_connection(("127.0.0.1", self.server.port)) as plain:
                plain.settimeout(30)
                with context.wrap_socket(plain, server_hostname="localhost") as peer, self.assertRaises(OSError):
                    for at in range(0, len(hello + flood), 1 << 16):
                        peer.sendall((hello + flood)[at : at + (1 << 16)])
                    while peer.recv(1 << 16):
                        pass
                    raise ConnectionResetError("closed in order")
        status = ask(self.server.client)
        self.assertLess(status.resident_bytes, 200 << 20)


class MutualTlsTest(unittest.TestCase):
    def setUp(self):
        self.shop = SecureShop(mutual=True)
        self.addCleanup(self.shop.close)

    def test_a_client_without_a_certificate_is_turned_away(self):
        server = self.shop.catalog.start()
        self.assertEqual(ask(server.client).service, "catalog")
        self.assertEqual(code_of(self.shop.client(server)), grpc.StatusCode.UNAVAILABLE)
        stranger = Authority(self.shop.folder / "stranger").issue("tests")
        self.assertEqual(code_of(self.shop.client(server, pair=stranger)), grpc.StatusCode.UNAVAILABLE)

    def test_followers_show_their_certificates_and_survive_their_replacement(self):
        self.shop.start()
        catalog, sales, bundles = (server.client for server in self.shop.servers)
        catalog.products.CreateProduct(pb.CreateProductRequest(product=pb.Product(product_name="Tea", price=1, in_stock=True)))
        catalog.customers.CreateCustomer(pb.CreateCustomerRequest(customer=pb.Customer(first_name="Ada", last_name="L")))

        def buy(sales, bundles):
            purchase = pb.Transaction(customer_id=1, purchase_date="2024-01-02")
            request = pb.RecordPurchaseRequest(transaction=purchase, sales=[pb.Sale(product_sku=1, quantity=1)])
            revision = sales.transactions.RecordPurchase(request).revision
            servers.eventually(lambda: ask(bundles).revision >= revision, 30, "bundles to follow")

        buy(sales, bundles)
        # Everybody gets certificates of another authority, and both are trusted meanwhile.
        second = Authority(self.shop.folder / "certificates", "second")
        with open(self.shop.authority.certificate, "ab") as trusted:
            trusted.write(second.certificate.read_bytes())
        for server in self.shop.servers:
            second.issue(server.name)
            server._client.close()
            server._client = self.shop.client(server, second.issue("tests"))
        sales, bundles = self.shop.sales.client, self.shop.bundles.client
        time.sleep(3)
        self.shop.catalog.restart()
        self.shop.sales.restart()
        servers.eventually(lambda: all(u.connected for u in ask(bundles).upstreams), 30, "both upstreams")
        buy(sales, bundles)
        self.assertEqual([], [p for p in ask(bundles).problems if "certificate" in p and "until" not in p])


class FlagsTest(unittest.TestCase):
    def setUp(self):
        self.shop = SecureShop()
        self.addCleanup(self.shop.close)
        self.server = self.shop.catalog

    def test_flags_that_cannot_be_used_end_with_2_and_a_sentence(self):
        certificate, key = self.shop.pairs["catalog"]
        for flags, words in (
            ([f"--tls-cert={certificate}"], "--tls-cert and --tls-key are given together"),
            ([f"--tls-key={key}"], "--tls-cert and --tls-key are given together"),
            ([f"--tls-client-ca={certificate}"], "--tls-client-ca needs --tls-cert"),
            ([f"--tls-cert={certificate}", "--tls-key=/no/such"], "/no/such cannot be read"),
            (["--insecure=perhaps"], "give yes or no"),
            (["--health-listen=nonsense"], "--health-listen=nonsense: it is not HOST:PORT"),
            (["--listen=0.0.0.0:0"], "without --tls-cert everything is sent in plaintext"),
        ):
            with self.subTest(flags):
                self.server.flags = flags
                done = subprocess.run(self.server.command(), capture_output=True, text=True, timeout=30, check=False)
                self.assertEqual(done.returncode, 2, done.stderr)
                self.assertIn(words, done.stderr)

    def test_plaintext_for_everybody_has_to_be_asked_for(self):
        self.server.flags = [f"--listen=0.0.0.0:{self.server.port}", "--insecure=yes"]
        self.server._client = Client(self.server.address)
        self.server.start()
        self.assertEqual(ask(self.server.client).service, "catalog")


class PageTest(unittest.TestCase):
    def test_the_commands_of_the_page_work_as_they_stand(self):
        grpcurl = environment.tool("grpcurl")
        page = (environment.ROOT / "docs" / "encryption.md").read_text(encoding="utf-8")
        shop = servers.Shop()
        self.addCleanup(shop.close)

        def lines(kind):
            block = "".join(re.findall(rf"```{kind}\n(.*?)```", page, re.S))
            for port, server in {50051: shop.catalog, 50052: shop.sales, 50053: shop.bundles}.items():
                block = block.replace(f"127.0.0.1:{port}", server.address)
            return block.splitlines()

        done = subprocess.run(["bash", "-ec", "\n".join(lines("sh"))], cwd=shop.folder, capture_output=True, text=True, check=False)
        self.assertEqual(done.returncode, 0, done.stderr)
        for server, line in zip(shop.servers, lines("servers"), strict=True):
            program, *flags = line.split()
            self.assertEqual(program, f"clustr-{server.name}")
            server.flags += flags
            server.launch()
        programs = {"grpcurl": grpcurl, "clustrctl": environment.binary("clustrctl")}
        addresses = {f"CLUSTR_{server.name.upper()}": server.address for server in shop.servers}
        for line in lines("client"):
            program, *arguments = line.split()

            def answers(command=(programs[program], *arguments)):
                done = subprocess.run(command, cwd=shop.folder, env={**os.environ, **addresses}, capture_output=True, check=False)
                return done.returncode == 0

            servers.eventually(answers, 60, line)
        self.assertEqual(code_of(Client(shop.catalog.address)), grpc.StatusCode.UNAVAILABLE, "plaintext")


class HealthPortTest(unittest.TestCase):
    def test_health_is_answered_in_plaintext_at_a_port_that_serves_nothing_else(self):
        with SecureShop() as shop:
            port = servers.free_port()
            shop.bundles.flags.append(f"--health-listen=127.0.0.1:{port}")
            shop.bundles.restart()
            probe = Client(f"127.0.0.1:{port}")
            self.addCleanup(probe.close)
            for service in ("", "clustr.ops.v1.AdminService", "clustr.bundles.v1.RecommendationService"):
                answer = probe.health.Check(pb.HealthCheckRequest(service=service), timeout=10)
                self.assertEqual(answer.status, pb.HealthCheckResponse.SERVING, service)
            for call in (
                lambda: ask(probe),
                lambda: probe.reflect(list_services=""),
                lambda: probe.models.ListModels(pb.ListModelsRequest()),
            ):
                with self.assertRaises(grpc.RpcError) as raised:
                    call()
                self.assertEqual(raised.exception.code(), grpc.StatusCode.UNIMPLEMENTED)
            self.assertEqual(shop.bundles.stop(), 0)


if __name__ == "__main__":
    unittest.main()
