"""After a restart, bundles has the floor from its database, and exact counts once it has caught up."""

import contextlib
import json
import random
import sqlite3
import time

from grpc import StatusCode

from harness import pb, rows, servers
from harness.case import ShopTest
from harness.client import Refusal, outcome
from harness.reference import baskets, differences, rule_of, rules, served_rules


class BundlesRestartTest(ShopTest):
    @classmethod
    def populate(cls):
        cls.catalog_revision = rows.import_catalog(cls.shop, rows.products(15), rows.customers(5), rows.timeframes(31))
        chance = random.Random(3)
        headers = [
            pb.Transaction(transaction_id=number, customer_id=chance.randint(1, 5), time_id=chance.randint(1, 31))
            for number in range(1, 401)
        ]
        lines = [
            pb.Sale(
                sale_id=10 * header.transaction_id + place,
                transaction_id=header.transaction_id,
                product_sku=sku,
                quantity=1,
            )
            for header in headers
            for place, sku in enumerate(chance.sample(range(1, 16), chance.randint(1, 5)))
        ]
        rows.import_rows(cls.shop.sales.client, headers, min_catalog_revision=cls.catalog_revision)
        rows.import_rows(cls.shop.sales.client, lines)

    def brute_force(self):
        return rules(baskets(rows.export(self.sales, "transactions"), rows.export(self.sales, "sales"), []))

    def served(self, **fields):
        return served_rules(self.bundles, pb.ListAssociationRulesRequest(**fields))[0]

    def buy(self):
        return self.sales.transactions.RecordPurchase(rows.purchase(1, [(1, 1), (2, 1)]))

    def test_floor_is_stored_in_a_readable_table(self):
        wanted = self.brute_force()
        self.assertEqual(differences(self.served(**self.shop.revisions()), wanted), "")
        self.shop.bundles.stop()
        with sqlite3.connect(f"file:{self.shop.bundles.database}?mode=ro", uri=True) as database:
            columns = [column[1] for column in database.execute("PRAGMA table_info(bundle_rules)")]
            count = database.execute("SELECT COUNT(*), COUNT(DISTINCT rule_id) FROM bundle_rules").fetchone()
            lifts = [value for value, in database.execute("SELECT lift FROM bundle_rules")]
            totals = database.execute("SELECT DISTINCT basket_count FROM bundle_rules").fetchall()
        self.assertLessEqual(
            {"rule_id", "antecedents", "consequents", "support", "confidence", "lift", "count_ab", "basket_count"},
            set(columns),
        )
        self.assertEqual(count, (len(wanted), len(wanted)))
        self.assertGreaterEqual(min(lifts), 1)
        self.assertEqual(len(totals), 1)

    def test_floor_is_written_at_most_every_ten_seconds(self):
        """Buys all the time, which changes the floor, and counts how often it is written."""
        pause, watched = 10, 25
        path = f"file:{self.shop.bundles.database}?mode=ro"
        written = set()
        start = time.monotonic()
        while time.monotonic() < start + watched:
            self.buy()
            with contextlib.closing(sqlite3.connect(path, uri=True)) as database:
                written.update(database.execute("SELECT sales_revision FROM bundle_floor"))
            time.sleep(0.05)
        elapsed = time.monotonic() - start
        self.assertGreaterEqual(len(written), 2, "it is written again")
        self.assertLessEqual(len(written), elapsed / pause + 2, f"in {elapsed:.0f} s")

    def test_floor_answers_while_catalog_and_sales_are_down(self):
        wanted = self.brute_force()
        self.assertEqual(differences(self.served(**self.shop.revisions()), wanted), "")
        revision = self.shop.revisions()["min_sales_revision"]
        for server in reversed(self.shop.servers):
            server.stop()
        self.shop.bundles.launch().wait("clustr.bundles.v1.AssociationRuleService")
        got, provenance = served_rules(self.bundles, pb.ListAssociationRulesRequest())
        self.assertEqual(differences(got, wanted), "")
        self.assertEqual(provenance.sales_revision, revision)
        some_rule = self.bundles.rules.ListAssociationRules(pb.ListAssociationRulesRequest(page_size=1)).rules[0]
        one = self.answer(
            self.bundles.rules.GetAssociationRule, pb.GetAssociationRuleRequest(rule_id=some_rule.rule_id)
        )
        self.assertEqual(rule_of(one.rule), rule_of(some_rule))
        self.assertNotEqual(self.shop.bundles.health(), pb.HealthCheckResponse.SERVING)
        self.assertNotEqual(
            self.shop.bundles.health("clustr.bundles.v1.RecommendationService"), pb.HealthCheckResponse.SERVING
        )
        refusal = self.refused(
            StatusCode.UNAVAILABLE,
            "STARTING",
            self.bundles.rules.ListAssociationRules,
            pb.ListAssociationRulesRequest(population=pb.Population(channels=["Online"])),
            timeout=1,
        )
        self.assertIsNotNone(refusal.retry_info)
        self.shop.catalog.start()
        self.shop.sales.start()
        self.shop.bundles.wait()
        self.assertEqual(differences(self.served(**self.shop.revisions()), wanted), "")

    def test_status_waits_until_the_rules_are_counted(self):
        shop = servers.Shop().start()
        try:
            for first in (1, 20):  # Before, the floor is empty in the first round and smaller in the second.
                revision = rows.import_catalog(shop, rows.products(9, first), rows.customers(1), rows.timeframes(31))
                client = shop.sales.client.transactions
                for sku in range(first, first + 8):
                    for _ in range(3):
                        client.RecordPurchase(
                            rows.purchase(1, [(sku, 1), (sku + 1, 1)], min_catalog_revision=revision)
                        )
                told = shop.ctl("status", "--wait", "--output=json").stdout
                counts = json.loads(told.splitlines()[-1])["row_counts"]
                listed = shop.bundles.client.rules.ListAssociationRules(
                    pb.ListAssociationRulesRequest(page_size=1, **shop.revisions())
                )
                self.assertGreater(listed.total_size, 0)
                self.assertEqual(int(counts["rules"]), listed.total_size)
                self.assertEqual(int(counts["baskets"]), listed.provenance.basket_count)
        finally:
            shop.close()

    def test_verify_prints_no_difference_after_purchases_and_a_restart(self):
        for number in range(5):
            self.buy()
            if number % 2:
                self.shop.bundles.kill()
                self.shop.bundles.start()
        self.assertRegex(self.ctl("verify").stdout, r"\b0 differences")
        self.assertEqual(differences(self.served(**self.shop.revisions()), self.brute_force()), "")

    def test_verify_finds_no_difference_in_a_population_while_purchases_continue(self):
        stream = self.bundles.rules.VerifyAssociationRules(
            pb.VerifyAssociationRulesRequest(
                population=pb.Population(start_date="2024-01-03"), thresholds=pb.RuleThresholds(min_support=0.001)
            ),
            timeout=60,
        )
        for _ in range(20):
            self.buy()
        verdict = list(stream)[-1].verdict
        self.assertEqual(verdict.difference_count, 0, verdict)
        self.assertEqual(verdict.served_rule_count, verdict.reference_rule_count)
        self.assertGreater(verdict.served_rule_count, 0)
        self.assertRegex(verdict.digest, "^[0-9a-f]{64}$")

    def test_digest_is_the_same_after_a_restart(self):
        def digest():
            return list(
                self.bundles.rules.VerifyAssociationRules(
                    pb.VerifyAssociationRulesRequest(**self.shop.revisions()), timeout=60
                )
            )[-1].verdict.digest

        before = digest()
        self.shop.bundles.restart()
        self.assertEqual(digest(), before)

    def test_a_list_goes_on_after_a_restart_until_the_shop_changes(self):
        rules = self.served(**self.shop.revisions())  # bundles has counted all purchases.
        first = self.answer(self.bundles.rules.ListAssociationRules, pb.ListAssociationRulesRequest(page_size=2))
        self.assertEqual(first.total_size, len(rules))
        next_page = pb.ListAssociationRulesRequest(page_size=2, page_token=first.next_page_token)
        second = self.answer(self.bundles.rules.ListAssociationRules, next_page)
        self.shop.bundles.restart()
        again = self.answer(self.bundles.rules.ListAssociationRules, next_page)
        self.assertEqual(again.rules, second.rules)
        self.assertEqual(again.total_size, second.total_size)
        self.shop.bundles.restart()
        self.answer(
            self.bundles.rules.ListAssociationRules,
            pb.ListAssociationRulesRequest(page_size=2, min_sales_revision=self.buy().revision),
        )
        self.refused(
            StatusCode.ABORTED, "PAGE_TOKEN_EXPIRED", self.bundles.rules.ListAssociationRules, next_page
        )

    def test_pages_of_a_listing_are_from_one_state(self):
        first = self.answer(self.bundles.rules.ListAssociationRules, pb.ListAssociationRulesRequest(page_size=5))
        bought = self.buy()
        self.answer(
            self.bundles.rules.ListAssociationRules,
            pb.ListAssociationRulesRequest(page_size=1, min_sales_revision=bought.revision),
        )
        second = self.answer(
            self.bundles.rules.ListAssociationRules,
            pb.ListAssociationRulesRequest(page_size=5, page_token=first.next_page_token),
        )
        self.assertEqual(second.provenance.sales_revision, first.provenance.sales_revision)
        self.assertEqual({rule.basket_count for rule in second.rules}, {rule.basket_count for rule in first.rules})

    def test_every_order_breaks_ties_by_rule_id(self):
        for order, key in (
            ("", lambda rule: (-rule.lift, rule.rule_id)),
            ("lift desc", lambda rule: (-rule.lift, rule.rule_id)),
            ("confidence desc", lambda rule: (-rule.confidence, rule.rule_id)),
            ("count_ab", lambda rule: (rule.count_ab, rule.rule_id)),
            ("rule_id desc", lambda rule: -rule.rule_id),
        ):
            with self.subTest(order):
                got = self.answer(
                    self.bundles.rules.ListAssociationRules,
                    pb.ListAssociationRulesRequest(order_by=order, page_size=1000),
                ).rules
                self.assertEqual([rule.rule_id for rule in got], [rule.rule_id for rule in sorted(got, key=key)])
        self.refused(
            StatusCode.INVALID_ARGUMENT,
            None,
            self.bundles.rules.ListAssociationRules,
            pb.ListAssociationRulesRequest(order_by="no_such_field"),
        )

    def test_bundles_follows_catalog_and_sales_after_they_restart(self):
        for server in (self.shop.sales, self.shop.catalog):
            server.kill()
            server.start()
        bought = self.buy()
        got = outcome(
            self.bundles.rules.ExplainAssociationRule,
            pb.ExplainAssociationRuleRequest(antecedents=[1], consequents=[2], min_sales_revision=bought.revision),
        )
        self.assertNotIsInstance(got, Refusal, str(got))
