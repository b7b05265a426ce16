"""A shop's whole day in its own ids: bundles takes and answers external_ids, and tells those that it does not know."""

import random

from grpc import StatusCode

from harness import pb, rows
from harness.case import ShopTest

INVALID = (StatusCode.INVALID_ARGUMENT, "FIELD_INVALID")
NO_PRODUCT = (StatusCode.NOT_FOUND, "PRODUCT_NOT_FOUND")
PRODUCTS = [f"sku-{number:02}" for number in range(1, 13)]
CUSTOMERS = [f"c-{number}" for number in range(1, 7)]


class ExternalIdsTest(ShopTest):
    @classmethod
    def populate(cls):
        cls.catalog_revision = rows.import_catalog(
            cls.shop,
            [
                pb.Product(external_id=key, product_name=f"Product {key}", price=4 + number, category=f"C{number % 4}")
                for number, key in enumerate(PRODUCTS)
            ]
            + [pb.Product(product_sku=900, product_name="Nameless", price=1)],
            [
                pb.Customer(external_id=key, first_name="A", last_name=key, gender="Female" if number % 2 else "Male")
                for number, key in enumerate(CUSTOMERS)
            ],
            rows.timeframes(31),
        )
        chance = random.Random(11)
        headers, lines = [], []
        for number in range(400):
            order = f"o-{number}"
            headers.append(
                pb.Transaction(
                    external_id=order,
                    customer_external_id=chance.choice(CUSTOMERS),
                    purchase_date=f"2024-01-{chance.randint(1, 31):02}",
                )
            )
            for key in chance.sample(PRODUCTS[:8], chance.randint(2, 4)):
                lines.append(
                    pb.Sale(
                        external_id=f"{order}/{len(lines)}",
                        transaction_external_id=order,
                        product_external_id=key,
                        quantity=1,
                    )
                )
        # A product without an external_id, in every fourth basket.
        for number in range(0, 400, 4):
            line = pb.Sale(external_id=f"o-{number}/900", transaction_external_id=f"o-{number}", product_sku=900, quantity=1)
            lines.append(line)
        client = cls.shop.sales.client
        first = rows.import_rows(client, headers, min_catalog_revision=cls.catalog_revision)
        assert first.failed_count == 0, first
        second = rows.import_rows(client, lines)
        assert second.failed_count == 0, second
        cls.sales_revision = second.revision
        products = cls.shop.catalog.client.products.BatchGetProducts(pb.BatchGetProductsRequest(external_ids=PRODUCTS))
        cls.sku = {row.external_id: row.product_sku for row in products.products}
        people = cls.shop.catalog.client.customers.BatchGetCustomers(
            pb.BatchGetCustomersRequest(external_ids=CUSTOMERS)
        )
        cls.customer = {row.external_id: row.customer_id for row in people.customers}

    def waiting(self, **fields):
        fields.setdefault("min_sales_revision", self.sales_revision)
        fields.setdefault("min_catalog_revision", self.catalog_revision)
        return fields

    def products_of(self, **fields):
        request = pb.RecommendProductsRequest(**self.waiting(**fields))
        return self.answer(self.bundles.recommendations.RecommendProducts, request)

    def bundles_of(self, **fields):
        request = pb.RecommendBundlesRequest(**self.waiting(**fields))
        return self.answer(self.bundles.recommendations.RecommendBundles, request)

    def rules_of(self, **fields):
        request = pb.ListAssociationRulesRequest(**self.waiting(**fields))
        return self.answer(self.bundles.rules.ListAssociationRules, request)

    def same(self, by_key, by_id):
        """The answers to the same question, once in keys and once in ids, are the same."""
        for answer in (by_key, by_id):
            answer.provenance.Clear()
        self.assertEqual(by_key, by_id)

    def test_products_for_a_basket(self):
        skus = [self.sku["sku-01"], self.sku["sku-03"]]
        by_key = self.products_of(basket_external_ids=["sku-01", "sku-03"])
        self.same(by_key, self.products_of(basket_skus=skus))
        self.assertEqual(len(by_key.recommendations), 10)
        for found in by_key.recommendations:
            if found.product_sku == 900:
                self.assertFalse(found.HasField("external_id"))
            else:
                self.assertEqual(self.sku[found.external_id], found.product_sku)
            self.assertEqual(
                [self.sku.get(key, 900) for key in found.because_external_ids], list(found.because_skus)
            )
        self.same(self.products_of(basket_external_ids=["sku-03"], basket_skus=skus[:1]), self.products_of(basket_skus=skus[::-1]))
        excluded = [found.external_id for found in by_key.recommendations if found.external_id][:3]
        narrowed = self.products_of(
            basket_external_ids=["sku-01"],
            constraints=pb.ProductConstraints(excluded_external_ids=excluded),
        )
        self.assertFalse({found.external_id for found in narrowed.recommendations} & set(excluded))
        self.same(
            self.products_of(customer_external_id="c-2"), self.products_of(customer_id=self.customer["c-2"])
        )

    def test_unknown_ids_are_told(self):
        got = self.products_of(
            basket_external_ids=["gone", "sku-01", "gone", "lost"],
            customer_external_id="nobody",
            constraints=pb.ProductConstraints(excluded_external_ids=["lost", "never"]),
        )
        self.assertEqual(sorted(got.unknown_external_ids), ["gone", "lost", "never"])
        self.assertEqual(got.unknown_customer_external_id, "nobody")
        known = self.products_of(basket_external_ids=["sku-01"])
        self.assertEqual(got.recommendations, known.recommendations)
        self.assertEqual(list(known.unknown_external_ids), [])
        many = self.products_of(basket_external_ids=[f"no {number}" for number in range(10_000)])
        self.assertEqual(len(many.unknown_external_ids), 10_000)
        bundles = self.bundles_of(
            customer_external_id="nobody", constraints=pb.BundleConstraints(excluded_external_ids=["gone"])
        )
        self.assertEqual((list(bundles.unknown_external_ids), bundles.unknown_customer_external_id), (["gone"], "nobody"))
        self.assertTrue(bundles.recommendations)

    def test_bundles(self):
        by_key = self.bundles_of(anchor_external_ids=["sku-02"], customer_external_id="c-3")
        self.same(by_key, self.bundles_of(anchor_skus=[self.sku["sku-02"]], customer_id=self.customer["c-3"]))
        self.assertTrue(by_key.recommendations)
        for bundle in by_key.recommendations:
            self.assertIn("sku-02", bundle.external_ids)
            self.assertEqual([self.sku.get(key, 900) for key in bundle.external_ids], list(bundle.bundle))
        excluded = self.bundles_of(constraints=pb.BundleConstraints(excluded_external_ids=["sku-01", "sku-02"]))
        self.assertFalse({key for bundle in excluded.recommendations for key in bundle.external_ids} & {"sku-01", "sku-02"})
        scored = pb.ScoreBundlesRequest(
            bundles=[pb.Bundle(external_ids=["sku-05", "sku-02"]), pb.Bundle(external_ids=["sku-01"], product_skus=[900])],
            **self.waiting(),
        )
        got = self.answer(self.bundles.recommendations.ScoreBundles, scored).recommendations
        self.assertEqual([list(bundle.external_ids) for bundle in got], [["sku-02", "sku-05"], ["sku-01", ""]])
        explained = pb.ExplainBundleRequest(
            bundle_external_ids=["sku-02", "sku-05"],
            request=pb.RecommendBundlesRequest(customer_external_id="c-1", **self.waiting()),
        )
        got = self.answer(self.bundles.recommendations.ExplainBundle, explained)
        self.assertEqual(list(got.recommendation.external_ids), ["sku-02", "sku-05"])
        self.assertEqual({len(rule.antecedent_external_ids) for rule in got.rules}, {1})

    def test_rules(self):
        loose = pb.RuleThresholds(min_support=0.001, min_lift=0, max_items=3)
        every = self.rules_of(thresholds=loose, page_size=1000).rules
        self.assertTrue(every)
        called = {sku: key for key, sku in self.sku.items()}  # All but products of other tests, which are gone.
        for rule in every:
            self.assertEqual(list(rule.antecedent_external_ids), [called.get(sku, "") for sku in rule.antecedents])
            self.assertEqual(list(rule.consequent_external_ids), [called.get(sku, "") for sku in rule.consequents])
        by_key = pb.ListAssociationRulesRequest(
            antecedent_external_ids=["sku-04"], consequent_external_ids=["sku-01"], thresholds=loose, page_size=1, **self.waiting()
        )
        wanted = [
            rule for rule in every if "sku-04" in rule.antecedent_external_ids and "sku-01" in rule.consequent_external_ids
        ]
        found = []
        while True:
            page = self.answer(self.bundles.rules.ListAssociationRules, by_key)
            found += page.rules
            if not page.next_page_token:
                break
            by_key.page_token = page.next_page_token
        self.assertEqual(found, wanted)
        explain = pb.ExplainAssociationRuleRequest(
            antecedent_external_ids=["sku-04"], consequent_external_ids=["sku-01"], **self.waiting()
        )
        got = self.answer(self.bundles.rules.ExplainAssociationRule, explain)
        self.assertEqual((list(got.rule.antecedent_external_ids), got.rule.antecedents[0]), (["sku-04"], self.sku["sku-04"]))
        self.assertGreater(got.rule.count_ab, 0)
        one = self.rules_of(page_size=1).rules[0]
        by_number = self.answer(
            self.bundles.rules.GetAssociationRule, pb.GetAssociationRuleRequest(rule_id=one.rule_id, **self.waiting())
        ).rule
        self.assertEqual(by_number.antecedent_external_ids, one.antecedent_external_ids)

    def test_what_an_answer_is_about_must_be_known_and_distinct(self):
        rules, recommend = self.bundles.rules, self.bundles.recommendations
        for call, kind, fields in (
            (recommend.RecommendBundles, pb.RecommendBundlesRequest, {"anchor_external_ids": ["no", "sku-01", "nor"]}),
            (rules.ListAssociationRules, pb.ListAssociationRulesRequest, {"antecedent_external_ids": ["no"], "consequent_external_ids": ["nor"]}),
            (rules.ExplainAssociationRule, pb.ExplainAssociationRuleRequest, {"antecedent_external_ids": ["no"], "consequent_external_ids": ["nor"]}),
            (recommend.ScoreBundles, pb.ScoreBundlesRequest, {"bundles": [pb.Bundle(external_ids=["no", "nor"])]}),
        ):
            refusal = self.refused(*NO_PRODUCT, call, kind(**fields, **self.waiting()))
            self.assertEqual(refusal.message, 'no product with external_id "no", "nor"')
        self.refused(*NO_PRODUCT, recommend.ExplainBundle, pb.ExplainBundleRequest(bundle_external_ids=["no", "nor"]))
        twice = {"anchor_external_ids": ["sku-01"], "anchor_skus": [self.sku["sku-01"]]}
        self.refused(*INVALID, recommend.RecommendBundles, pb.RecommendBundlesRequest(**twice), "anchor_skus")
        both_sides = {"antecedent_external_ids": ["sku-01"], "consequent_external_ids": ["sku-01"]}
        for call, kind in (
            (rules.ListAssociationRules, pb.ListAssociationRulesRequest),
            (rules.ExplainAssociationRule, pb.ExplainAssociationRuleRequest),
        ):
            self.refused(*INVALID, call, kind(**both_sides))
        for call, request, field in (
            (recommend.RecommendProducts, pb.RecommendProductsRequest(customer_id=1, customer_external_id="c-1"), "customer_external_id"),
            (recommend.RecommendProducts, pb.RecommendProductsRequest(basket_external_ids=[""]), "basket_external_ids[0]"),
            (recommend.RecommendProducts, pb.RecommendProductsRequest(basket_external_ids=["x" * 257]), "basket_external_ids[0]"),
            (recommend.RecommendProducts, pb.RecommendProductsRequest(basket_external_ids=["x"] * 10_001), "basket_external_ids"),
            (recommend.RecommendProducts, pb.RecommendProductsRequest(basket_external_ids=["x"] * 10_000, basket_skus=[1]), "basket_skus"),
            (recommend.RecommendBundles, pb.RecommendBundlesRequest(anchor_external_ids=PRODUCTS[:3], anchor_skus=[1, 2]), "anchor_skus"),
            (recommend.ScoreBundles, pb.ScoreBundlesRequest(bundles=[pb.Bundle(external_ids=["sku-01"])]), "bundles[0].product_skus"),
            (rules.ExplainAssociationRule, pb.ExplainAssociationRuleRequest(antecedent_external_ids=["sku-01"]), "consequents"),
        ):
            self.refused(*INVALID, call, request, field)

    def test_clustrctl_takes_and_prints_keys(self):
        self.products_of()  # Waits until bundles has read the shop.
        shown = self.shop.ctl("complete", "sku-01,gone", "--customer=nobody", "--exclude=sku-02", "--limit=3")
        self.assertEqual(shown.returncode, 0, shown.stderr)
        self.assertRegex(shown.stdout, r"sku-0\d +Product sku-0\d .* sku-01")
        self.assertNotIn("sku-02", shown.stdout)
        self.assertIn("unknown products, which had no effect: gone", shown.stderr)
        self.assertIn("unknown customer, who had no effect: nobody", shown.stderr)
        self.assertIn("sku-02 Product", self.shop.ctl("recommend", "--anchor=sku-02").stdout)
        explained = self.shop.ctl("explain", "sku-01", "sku-02,900")
        self.assertIn("sku-02 Product sku-02 + 900 Nameless", explained.stdout, explained.stderr)
        self.assertIn("sku-01 Product", self.shop.ctl("why", "sku-01,sku-02").stdout)
        self.assertIn("sku-03 Product", self.shop.ctl("rules", "--with=sku-03", "--min-lift=0").stdout)
        missing = self.shop.ctl("rules", "--with=none")
        self.assertEqual(missing.returncode, 3)
        self.assertIn('no product with external_id "none"', missing.stderr)

    def test_intents_are_about_a_customer_that_may_be_named_by_key(self):
        request = pb.RecommendProductsRequest(intent=pb.PRODUCT_INTENT_BUY_AGAIN)
        refusal = self.refused(*INVALID, self.bundles.recommendations.RecommendProducts, request, "customer_id")
        self.assertIn("customer_external_id", refusal.message)
        request.customer_external_id = "c-1"
        refusal = self.refused(*INVALID, self.bundles.recommendations.RecommendProducts, request, "intent")
        self.assertIn("needs a trained model", refusal.message)

    def test_a_day_in_the_shop(self):
        """Catalog, purchases, a return, a correction, a deletion, lists, recommendations and rules, without an id."""
        catalog, sales = self.catalog, self.sales
        made = self.answer(
            catalog.products.CreateProduct,
            pb.CreateProductRequest(product=pb.Product(external_id="day-scarf", product_name="Scarf", price=9.5)),
        ).product
        self.answer(
            catalog.customers.CreateCustomer,
            pb.CreateCustomerRequest(customer=pb.Customer(external_id="day-kim", first_name="Kim", last_name="K")),
        )
        revision = 0
        for number in range(6):
            bought = pb.RecordPurchaseRequest(
                transaction=pb.Transaction(
                    external_id=f"day-{number}", customer_external_id="day-kim", purchase_date="2024-01-20"
                ),
                sales=[
                    pb.Sale(external_id=f"day-{number}/1", product_external_id="day-scarf", quantity=2),
                    pb.Sale(external_id=f"day-{number}/2", product_external_id="sku-12", quantity=1),
                ],
                min_catalog_revision=made.revision,
                request_id=f"day-{number}",
            )
            revision = self.answer(sales.transactions.RecordPurchase, bought).revision
        question = {"basket_external_ids": ["sku-12"], "min_sales_revision": revision, "limit": 1}
        found = self.products_of(**question).recommendations[0]
        self.assertEqual((found.external_id, found.score, list(found.because_external_ids)), ("day-scarf", 1.0, ["sku-12"]))
        returned = pb.ReturnSaleRequest(external_id="day-0/1", quantity=2)
        self.answer(sales.sales.ReturnSale, returned)
        swapped = pb.UpdateSaleRequest(sale=pb.Sale(external_id="day-1/1", product_external_id="sku-11"))
        self.answer(sales.sales.UpdateSale, swapped)
        revision = self.answer(
            sales.transactions.DeleteTransaction, pb.DeleteTransactionRequest(external_id="day-2")
        ).revision
        explain = pb.ExplainAssociationRuleRequest(
            antecedent_external_ids=["sku-12"], consequent_external_ids=["day-scarf"], min_sales_revision=revision
        )
        rule = self.answer(self.bundles.rules.ExplainAssociationRule, explain).rule
        self.assertEqual((rule.count_a, rule.count_b, rule.count_ab), (5, 3, 3))
        orders = self.answer(
            sales.transactions.ListTransactions, pb.ListTransactionsRequest(filter='customer_external_id = "day-kim"')
        ).transactions
        self.assertEqual([order.external_id for order in orders], ["day-0", "day-1", "day-3", "day-4", "day-5"])
        # The customer takes another number of the shop, and the scarf is no longer sold.
        rename = pb.UpdateCustomerRequest(external_id="day-kim", customer=pb.Customer(external_id="day-kim-2"))
        self.answer(catalog.customers.UpdateCustomer, rename)
        gone = self.answer(
            catalog.products.DeleteProduct, pb.DeleteProductRequest(external_id="day-scarf")
        ).revision
        got = self.products_of(
            basket_external_ids=["sku-12", "day-scarf"], customer_external_id="day-kim", min_catalog_revision=gone
        )
        self.assertEqual((list(got.unknown_external_ids), got.unknown_customer_external_id), (["day-scarf"], "day-kim"))
        self.assertNotIn("Scarf", [found.product_name for found in got.recommendations])
        got = self.products_of(customer_external_id="day-kim-2", min_catalog_revision=gone)
        self.assertEqual(got.unknown_customer_external_id, "")
        # After a restart, bundles reads the same names.
        self.shop.bundles.restart()
        again = self.products_of(customer_external_id="day-kim-2", min_catalog_revision=gone)
        self.same(again, got)
