"""A shop under load while faults strike, and the full check after each of them."""

import itertools
import random
import subprocess
import time
import unittest

import grpc

from disk.disk import Disk
from harness import pb, rows
from harness.client import Client
from harness.figures import Figures, summary_of
from harness.servers import Shop, eventually
from history import checker, follower
from history.makers import CUSTOMERS, DAYS, PRODUCTS
from history.operation import History
from history.scan import scan
from history.settle import settle
from history.violation import WRONG, Violation
from history.workload import Workload
from network.proxy import Proxy
from versions import old_build

RECOVERY_LIMIT_SECONDS = 30
SMALL_DISK_BYTES = 64 << 20
CALLERS = ("sales", "sales", "sales", "catalog", "catalog")
#: The connections that can lead through a proxy.
LINKS = ["client-catalog", "client-sales", "sales-catalog", "bundles-catalog", "bundles-sales"]


class Episode:
    """Use as a context manager. `seed` decides everything that is decided by chance, except for the threads' timing.
    With `disks`, the servers have faulty disks; with `proxies`, every connection leads through a proxy; with
    `small_disk`, the servers share a real file system of their own, which needs the right to mount; with `earlier`,
    they begin as servers of an earlier version; with `postgresql`, which returns a Postgres or a Cluster, catalog and
    sales have their rows there. `callers` names the service that each thread of the load calls."""

    def __init__(
        self,
        seed,
        disks=False,
        proxies=False,
        small_disk=False,
        earlier=False,
        postgresql=None,
        callers=CALLERS,
        first_run=0,
    ):
        if earlier:
            old_build.require()
        self.chance = random.Random(seed)
        self.counts = itertools.count(first_run + 1)
        self.postgres = postgresql() if postgresql else None
        self.shop = Shop(self.postgres)
        self.earlier = old_build.OldBuild(self.shop.servers) if earlier else None
        self.small_disk = small_disk
        if small_disk:
            mount = ["mount", "-t", "tmpfs", "-o", f"size={SMALL_DISK_BYTES}", "tmpfs", str(self.shop.folder)]
            if subprocess.run(mount, capture_output=True, check=False).returncode:
                self.shop.close()
                raise unittest.SkipTest("no right to mount a file system")
        self.disks, self.proxies = {}, {}
        self.crashes = []
        if disks:
            for server in self.shop.servers:
                disk = self.disks[server.name] = Disk(self.shop.folder / f"{server.name}.disk")
                server.environ = disk.environ
        self.databases = {}
        if postgresql:
            for server in (self.shop.catalog, self.shop.sales):
                self.databases[server.name] = server.database_url.rpartition("/")[2]
        if postgresql and proxies:
            # Only the connections to the database: the others are those of every episode with proxies.
            direct = f"127.0.0.1:{self.postgres.port}"
            link = self.proxies["sales-database"] = Proxy(direct)
            self.shop.sales.database_url = self.shop.sales.database_url.replace(direct, link.address)
        elif proxies:
            self.proxies = {link: Proxy(self.server(link.split("-")[1]).address) for link in LINKS}
            for server in self.shop.servers:
                for proxy in server.upstreams:
                    link = self.proxies[f"{server.name}-{proxy.name}"]
                    server.upstreams = [each for each in server.upstreams if each is not proxy] + [
                        Address(proxy.name, link.address)
                    ]
        clients = {name: Client(self.address_for_clients(name)) for name in ("sales", "catalog")}
        self.history = History()
        self.workload = Workload(self.history, clients, seed, callers)
        self.before = set()
        self.followers = []
        self.known = set()

    def server(self, name):
        return getattr(self.shop, name)

    def address_for_clients(self, name):
        link = self.proxies.get(f"client-{name}")
        return link.address if link else self.server(name).address

    def __enter__(self):
        try:
            self.shop.start()
            self.populate()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        self.workload.stop()
        for each in self.followers:
            each.stop()
        for client in self.workload.clients.values():
            client.close()
        for proxy in self.proxies.values():
            proxy.close()
        for server in self.shop.servers:
            server.close()
        if self.small_disk:
            subprocess.run(["umount", str(self.shop.folder)], check=True)
        self.shop.close()

    def populate(self):
        """Stores what the workload refers to, and begins to follow both streams."""
        days = rows.timeframes(DAYS)
        revision = rows.import_catalog(self.shop, rows.products(PRODUCTS), rows.customers(CUSTOMERS), days)
        ready = rows.purchase(1, [(1, 1)], transaction_amount=1e9, min_catalog_revision=revision)
        self.shop.sales.client.transactions.RecordPurchase(ready)
        found = scan(self.shop)
        for table in ("headers", "lines", "products"):
            self.before |= {(table, key) for key in found.table(table)}
        sales, catalog = self.shop.sales.client, self.shop.catalog.client
        self.followers = [follower.follow_sales(sales), follower.follow_catalog(catalog)]

    # Faults

    def next_count(self):
        """Returns the number of this run among all runs of its fault, from 1. To be called once per run."""
        return next(self.counts)

    def let_pass(self, least, most):
        time.sleep(self.chance.uniform(least, most))

    def recovery(self, moment, name):
        """Returns the seconds from a moment until a server answers honestly again: sales and catalog a write of the
        workload, bundles a recommendation that includes all that sales and catalog hold, "catalog in sales" a figure
        that includes all that catalog holds. None if it takes too long."""
        while time.monotonic() < moment + RECOVERY_LIMIT_SECONDS:
            if name in ("catalog", "sales"):
                first = self.history.first_success_after(moment, name)
                if first is not None:
                    return first - moment
            elif self.answers(name):
                return time.monotonic() - moment
            time.sleep(0.005)
        return None

    def answers(self, name):
        """True if a follower has what the others hold."""
        try:
            newest = self.shop.revisions()
            if name == "bundles":
                request = pb.RecommendProductsRequest(basket_skus=[1], limit=3, **newest)
                self.shop.bundles.client.recommendations.RecommendProducts(request, timeout=5)
            else:
                request = pb.ListTopProductsRequest(min_catalog_revision=newest["min_catalog_revision"])
                self.shop.sales.client.analytics.ListTopProducts(request, timeout=5)
            return True
        except grpc.RpcError:
            return False

    def note_crashes(self):
        """Remembers servers that ended by themselves, and starts them again."""
        for server in self.shop.servers:
            if server.process is not None and not server.running:
                self.crashes.append(f"{server.name} ended with {server.process.returncode}\n{server.log_tail()}")
                server.process = None
            if server.process is None:
                server.start()

    # Check

    def check(self):
        """Stops the load, settles what is unknown, compares everything, and returns the violations that no earlier
        check has found."""
        self.workload.stop()
        self.note_crashes()
        for server in self.shop.servers:
            server.wait()
        if self.postgres is not None:
            eventually(self.reach_database, RECOVERY_LIMIT_SECONDS, "a database server that catalog and sales reach")
        before = scan(self.shop)
        violations = settle(self.history, self.workload, before)
        found = scan(self.shop)
        violations += checker.check(self.history, found, self.before)
        violations += self.check_streams(found)
        violations += self.check_sums(found)
        violations += self.check_bundles(found)
        self.note_crashes()
        new = [each for each in violations if each not in self.known]
        self.known.update(new)
        return new

    def reach_database(self):
        """True if neither catalog nor sales has lost its database, as they say themselves."""
        clients = (self.shop.catalog.client, self.shop.sales.client)
        problems = [client.admin.GetStatus(pb.GetStatusRequest()).problems for client in clients]
        return not any("could not be reached" in problem for each in problems for problem in each)

    def check_streams(self, found):
        revisions = self.shop.revisions().values()
        for each, revision in zip(self.followers, revisions, strict=True):
            yield from each.violations
            each.violations = []
            if not each.reach(revision):
                yield Violation(WRONG, f"the stream of {each.name} stays at {each.revision}, not at {revision}")
                return
        yield from follower.compare(*(each.rows for each in self.followers), found)

    def check_sums(self, found):
        client = self.shop.sales.client
        wanted = Figures(found.headers.values(), found.lines.values(), [], []).summary()
        got = summary_of(client.analytics.GetSalesSummary(pb.GetSalesSummaryRequest()))
        if got != wanted:
            yield Violation(WRONG, f"GetSalesSummary answers {got}, the rows add up to {wanted}")
        for server, counts in (
            (self.shop.sales, {"transactions": len(found.headers), "sales": len(found.lines)}),
            (self.shop.catalog, {"products": len(found.products)}),
        ):
            status = server.client.admin.GetStatus(pb.GetStatusRequest())
            for name, count in counts.items():
                if status.row_counts[name] != count:
                    yield Violation(WRONG, f"{server.name} counts {status.row_counts[name]} {name}, holds {count}")

    def check_bundles(self, found):
        rules = self.shop.bundles.client.rules
        revisions = self.shop.revisions()
        verify = pb.VerifyAssociationRulesRequest(**revisions)
        verdict = list(rules.VerifyAssociationRules(verify, timeout=60))[-1].verdict
        if verdict.difference_count:
            yield Violation(WRONG, f"bundles differs from the independent miner: {verdict}")
        baskets = {line.transaction_id for line in found.lines.values() if line.quantity > line.returned_quantity}
        list_rules = pb.ListAssociationRulesRequest(page_size=1, **revisions)
        counted = rules.ListAssociationRules(list_rules, timeout=60).provenance.basket_count
        if counted != len(baskets):
            yield Violation(WRONG, f"bundles counts {counted} baskets, sales holds {len(baskets)}")


class Address:
    """An upstream as a server is told of it."""

    def __init__(self, name, address):
        self.name, self.address = name, address
