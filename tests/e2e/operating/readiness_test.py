"""When a server says that it is ready: not while it starts, restores a backup or ends, though it lives all the time."""

import contextlib
import queue
import signal
import sqlite3
import threading
import time
import unittest

import grpc

from harness import pb, rows, scrape, servers
from harness.client import Client

LIVENESS = "clustr.ops.v1.AdminService"
SERVING, NOT_SERVING = pb.HealthCheckResponse.SERVING, pb.HealthCheckResponse.NOT_SERVING


class ReadinessTest(unittest.TestCase):
    def setUp(self):
        self.shop = servers.Shop()
        self.addCleanup(self.shop.close)

    def health_port(self, server):
        """Gives a server that is not running a port for health, and returns a client of it."""
        port = servers.free_port()
        server.flags.append(f"--health-listen=127.0.0.1:{port}")
        probe = Client(f"127.0.0.1:{port}")
        self.addCleanup(probe.close)
        return probe

    def health(self, probe, service=""):
        return probe.health.Check(pb.HealthCheckRequest(service=service), wait_for_ready=True).status

    def begun_restore(self, server, probe, chunks):
        """Begins a restore, waits until the server is not ready, and returns what is sent and the call; None if it is refused."""
        to_send = queue.SimpleQueue()
        call = server.client.raw("/clustr.ops.v1.AdminService/Restore", "stream_unary")
        future = call.future(iter(to_send.get, None), timeout=60)
        for chunk in chunks:
            to_send.put(pb.RestoreRequest(chunk=chunk).SerializeToString())
        servers.eventually(lambda: future.done() or self.health(probe) == NOT_SERVING, 30, "the server is not ready")
        if not future.done():
            return to_send, future
        to_send.put(None)
        return None

    def test_the_health_port_says_that_a_server_lives_which_still_opens_its_database(self):
        for server in (self.shop.catalog, self.shop.sales):
            server.start().stop()
            probe = self.health_port(server)
            with sqlite3.connect(server.database, isolation_level=None) as other:
                other.execute("BEGIN EXCLUSIVE")
                server.launch()
                self.assertEqual(self.health(probe, LIVENESS), SERVING, server.name)
                self.assertEqual(self.health(probe), NOT_SERVING, server.name)
                other.execute("ROLLBACK")
            server.wait()
            self.assertEqual(self.health(probe), SERVING, server.name)

    def test_a_server_is_not_ready_while_it_restores_a_backup(self):
        old, new = self.shop.catalog, servers.Server("catalog", self.shop.folder / "new")
        new.folder.mkdir()
        self.addCleanup(new.close)
        probe = self.health_port(new)
        for server in (old, new):
            server.start()
        old.client.products.ImportProducts(iter([pb.ImportProductsRequest(products=rows.products(3))]))
        chunks = [answer.chunk for answer in old.client.admin.Backup(pb.BackupRequest())]
        for complete in (False, True):
            # The place of the call before is free a moment after that has ended.
            begun = servers.eventually(lambda: self.begun_restore(new, probe, chunks[:2]), 30, "a restore begins")
            self.assertEqual(self.health(probe, "clustr.catalog.v1.ProductService"), NOT_SERVING)
            self.assertEqual(new.health(), NOT_SERVING)
            self.assertEqual(self.health(probe, LIVENESS), SERVING)
            to_send, future = begun
            if complete:
                for chunk in chunks[2:]:
                    to_send.put(pb.RestoreRequest(chunk=chunk).SerializeToString())
                to_send.put(None)
                future.result(60)
            else:
                future.cancel()
                to_send.put(None)
            servers.eventually(lambda: self.health(probe) == SERVING, 30, "ready")
        self.assertEqual(new.client.products.GetProduct(pb.GetProductRequest(product_sku=1)).product.product_sku, 1)

    def test_a_server_that_is_scraped_says_at_once_that_it_ends(self):
        catalog = self.shop.catalog
        port = servers.free_port()
        catalog.flags.append(f"--metrics-listen=127.0.0.1:{port}")
        for run in range(3):
            catalog.start()
            said = queue.SimpleQueue()
            watch = catalog.client.health.Watch(pb.HealthCheckRequest(), timeout=60)

            def listen(watch=watch, said=said):
                with contextlib.suppress(grpc.RpcError):  # It ends with the server.
                    for answer in watch:
                        said.put(answer.status)

            threading.Thread(target=listen, daemon=True).start()
            self.assertEqual(said.get(timeout=30), SERVING)
            scrape.text_of(port)
            time.sleep(run * 0.3)
            begin = time.monotonic()
            catalog.process.send_signal(signal.SIGTERM)
            self.assertEqual(said.get(timeout=30), NOT_SERVING)
            self.assertLess(time.monotonic() - begin, 1, "it used to be said after 2 s")
            self.assertEqual(catalog.stop(), 0)
