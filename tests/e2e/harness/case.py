"""Base class of the tests: one shop per class, checks of refusals, and the servers' logs with every failure."""

import re
import unittest

from harness import pb
from harness.client import Refusal, outcome
from harness.servers import Shop, shared_postgres

#: Internals that must not appear in a message: SQL, libraries, files.
INTERNAL = re.compile(r"\b(SELECT|INSERT|UPDATE|WHERE|sqlite\w*|soci|libpq|sqlstate)\b|\.(cc|h|db):?\b|std::|0x[0-9a-f]{6}")


class ShopTest(unittest.TestCase):
    """Tests that share three running servers. Each test creates the rows that it needs."""

    shop = None
    #: True if catalog and sales keep their rows in PostgreSQL, as users who may only read and write rows.
    on_postgresql = False

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.shop = Shop(shared_postgres() if cls.on_postgresql else None, two_users=cls.on_postgresql).start()
        cls.addClassCleanup(cls.shop.close)
        cls.populate()

    @classmethod
    def populate(cls):
        """Creates the rows that all tests of the class read."""

    def setUp(self):
        for server in self.shop.servers:
            if not server.running:
                server.kill()
                server.start()

    @property
    def catalog(self):
        return self.shop.catalog.client

    @property
    def sales(self):
        return self.shop.sales.client

    @property
    def bundles(self):
        return self.shop.bundles.client

    def run(self, result=None):
        before = len(result.failures) + len(result.errors) if result is not None else 0
        result = super().run(result)
        if result is not None and self.shop is not None and len(result.failures) + len(result.errors) > before:
            print(f"\n{self.id()} failed\n{self.shop.logs()}", flush=True)
        return result

    def answer(self, call, request, **options):
        """Returns the answer of a call that must succeed."""
        got = outcome(call, request, **options)
        self.assertNotIsInstance(got, Refusal, f"refused: {got}\nrequest: {str(request)[:2000]}")
        return got

    def refused(self, code, reason, call, request, field=None, **options):
        """Returns the refusal of a call that must fail with this code and reason, and name `field` if one is given."""
        got = outcome(call, request, **options)
        if reason == "NOT_YET_VISIBLE" and isinstance(got, Refusal) and got.by_the_client:
            got = outcome(call, request, **options)
        shown = str(request)[:500]
        self.assertIsInstance(
            got, Refusal, f"expected {code.name} {reason}, got an answer: {str(got)[:500]}\nrequest: {shown}"
        )
        self.check_refusal(got, code, reason, field)
        return got

    def check_refusal(self, got, code, reason, field=None):
        """Checks code, reason and field of a refusal, and that its message is complete and exposes no internals."""
        self.assertEqual(got.code, code, str(got))
        if reason:
            self.assertEqual(got.reason, reason, str(got))
            self.assertEqual(got.info.domain, "clustr", str(got))
            self.assertTrue(got.message.strip(), "a refusal says why")
            self.check_metadata(got)
            self.assertLess(len(got.message), 4096)
        if reason == "FIELD_INVALID":
            self.assertTrue(got.fields, f"no details: {got}")
        if field:
            self.assertIn(field, got.fields, str(got))
        for violation in got.violations:
            self.assertIn(f"{violation.field}: {violation.description}", got.message, "the message must stand alone")
        self.assertNotRegex(got.message, INTERNAL)
        self.assertNotIn(str(self.shop.folder), got.message)

    def check_metadata(self, got):
        """Checks that the metadata are those that the contract documents for the reason, and none of them is empty."""
        always, sometimes = pb.metadata_of(got.reason)
        names = set(got.info.metadata)
        self.assertLessEqual(always, names, f"undocumented or missing metadata: {got}\n{got.info}")
        self.assertLessEqual(names, always | sometimes, f"metadata that the contract does not document: {got}\n{got.info}")
        if "field" in names and got.fields:
            self.assertEqual(got.info.metadata["field"], got.fields[0], str(got))
        if "violation_count" in names:
            self.assertGreater(int(got.info.metadata["violation_count"]), 1)
        for name, value in got.info.metadata.items():
            self.assertTrue(value or name == "value", f"{name} is empty: {got}")
            self.assertLessEqual(len(value), 1000, f"{name} is long: {got}")

    def ctl(self, *arguments, code=0, **options):
        """Runs clustrctl, which must exit with `code`."""
        done = self.shop.ctl(*arguments, **options)
        self.assertEqual(
            done.returncode,
            code,
            f"clustrctl {' '.join(map(str, arguments))}\nstdout: {done.stdout[-2000:]}\nstderr: {done.stderr[-2000:]}",
        )
        return done

    def status(self, client):
        return client.admin.GetStatus(pb.GetStatusRequest())
