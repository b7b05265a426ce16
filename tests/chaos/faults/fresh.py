"""A power cut or a disk error while a server makes its first database and takes its first writes."""

import itertools
import time

import grpc

from disk.disk import Disk
from harness import pb
from harness.servers import Server, eventually

PATIENCE_SECONDS = 20


def first_start(harm):
    """Returns a fault: catalog starts on a new database, and at the n-th operation on its disk, where n rises by 1 from
    run to run, `harm` strikes. It takes the disk, n and a seed. Then catalog is started again on a good disk."""

    def strike(episode):
        count = episode.next_count()
        folder = episode.shop.folder / f"fresh-{count}"
        folder.mkdir()
        disk = Disk(folder / "disk")
        server = Server("catalog", folder, environ=disk.environ)
        harm(disk, count, episode.chance.getrandbits(32))
        try:
            stored = write_until(server.launch(), disk)
            server.kill()
            disk.heal()
            ended = time.monotonic()
            server.start()
            check(server, stored)
        finally:
            server.close()
        return ended, time.monotonic() - ended

    return strike


def cut(disk, count, seed):
    disk.cut_at(count, seed)


def error(disk, count, seed):
    disk.fail_at(count, for_ever=True)


def write_until(server, disk):
    """Creates products until the fault has struck; returns the names of those that were acknowledged."""
    eventually(lambda: not server.running or server.health() == 1, PATIENCE_SECONDS, server.log_tail)
    stored = []
    for number in itertools.count(1):
        if disk.errors or not server.running or number > 200:
            return stored
        product = pb.Product(product_name=f"Product {number}", price=1)
        try:
            server.client.products.CreateProduct(pb.CreateProductRequest(product=product), timeout=3)
            stored.append(product.product_name)
        except grpc.RpcError:
            continue


def check(server, stored):
    exported = server.client.products.ExportProducts(pb.ExportProductsRequest())
    found = [product.product_name for message in exported for product in message.products]
    assert set(stored) <= set(found) and len(found) == len(set(found)), f"acknowledged {stored}, found {found}"
