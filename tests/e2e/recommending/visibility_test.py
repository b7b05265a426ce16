"""Read your writes: every read that names the revision of an acknowledged purchase counts that purchase."""

import threading
import time

from grpc import StatusCode

from harness import pb, rows
from harness.case import ShopTest


class VisibilityTest(ShopTest):
    @classmethod
    def populate(cls):
        cls.catalog_revision = rows.import_catalog(cls.shop, rows.products(10), rows.customers(4), rows.timeframes(31))

    def buy(self, *skus, **fields):
        return self.answer(
            self.sales.transactions.RecordPurchase,
            rows.purchase(1, [(sku, 1) for sku in skus], min_catalog_revision=self.catalog_revision, **fields),
        )

    def explain(self, antecedent, consequent, **fields):
        return self.answer(
            self.bundles.rules.ExplainAssociationRule,
            pb.ExplainAssociationRuleRequest(antecedents=[antecedent], consequents=[consequent], **fields),
        )

    def test_each_purchase_is_counted_at_once(self):
        before = self.explain(1, 2, **self.shop.revisions()).rule.count_ab
        for number in range(1, 51):
            bought = self.buy(1, 2, 3)
            got = self.explain(1, 2, min_sales_revision=bought.revision, example_count=1)
            self.assertEqual(got.rule.count_ab, before + number)
            self.assertGreaterEqual(got.provenance.sales_revision, bought.revision)

    def test_concurrent_buyers_each_see_their_own_purchase(self):
        problems = []

        def shop_and_look(sku):
            for _ in range(20):
                bought = self.sales.transactions.RecordPurchase(
                    rows.purchase(2, [(sku, 1)], min_catalog_revision=self.catalog_revision)
                )
                got = self.bundles.rules.ExplainAssociationRule(
                    pb.ExplainAssociationRuleRequest(
                        antecedents=[sku], consequents=[10], min_sales_revision=bought.revision
                    )
                )
                counted.setdefault(sku, []).append(got.rule.count_a)
                if got.provenance.sales_revision < bought.revision:
                    problems.append((sku, bought.revision, got.provenance))

        counted = {}
        threads = [threading.Thread(target=shop_and_look, args=(sku,)) for sku in range(4, 10)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
        self.assertEqual(problems, [])
        for sku in range(4, 10):
            counts = counted[sku]
            self.assertEqual(counts, list(range(counts[0], counts[0] + 20)))

    def test_a_revision_that_never_comes_ends_at_the_deadline(self):
        head = self.shop.revisions()
        start = time.monotonic()
        for fields in (
            {"min_sales_revision": head["min_sales_revision"] + 1_000_000},
            {"min_catalog_revision": head["min_catalog_revision"] + 1_000_000},
        ):
            with self.subTest(str(fields)):
                self.refused(
                    StatusCode.DEADLINE_EXCEEDED,
                    "NOT_YET_VISIBLE",
                    self.bundles.rules.ExplainAssociationRule,
                    pb.ExplainAssociationRuleRequest(antecedents=[1], consequents=[2], **fields),
                    timeout=1,
                )
                self.refused(
                    StatusCode.DEADLINE_EXCEEDED,
                    "NOT_YET_VISIBLE",
                    self.bundles.rules.ListAssociationRules,
                    pb.ListAssociationRulesRequest(**fields),
                    timeout=1,
                )
        self.assertLess(time.monotonic() - start, 10)

    def test_explain_returns_newest_examples_counts_by_month_and_names(self):
        first = self.buy(8, 9, purchase_date="2024-01-20").transaction.transaction_id
        second = self.buy(8, 9, purchase_date="2024-02-20").transaction.transaction_id
        third = self.buy(8, 9, purchase_date="2024-01-20")
        got = self.explain(8, 9, min_sales_revision=third.revision, example_count=10)
        self.assertEqual(list(got.example_transaction_ids), [second, third.transaction.transaction_id, first])
        self.assertEqual([(month.month, month.count) for month in got.months], [("2024-01", 2), ("2024-02", 1)])
        self.assertEqual(list(got.rule.product_names), ["Product 8", "Product 9"])
        self.assertTrue(got.rule.HasField("measures"))

    def test_explain_refuses_overlapping_repeating_empty_and_large_sides(self):
        for left, right in (([1], [1]), ([1, 1], [2]), ([], [1]), ([1], []), (list(range(1, 10)), [10])):
            with self.subTest(f"{left} {right}"):
                self.refused(
                    StatusCode.INVALID_ARGUMENT,
                    "FIELD_INVALID",
                    self.bundles.rules.ExplainAssociationRule,
                    pb.ExplainAssociationRuleRequest(antecedents=left, consequents=right),
                )

    def test_unknown_products_have_a_count_of_zero(self):
        got = self.explain(987_654, 1)
        self.assertEqual((got.rule.count_a, got.rule.count_ab, got.rule.lift), (0, 0, 0))
