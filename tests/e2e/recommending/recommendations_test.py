"""Recommendations obey their bounds, and an unavailable product disappears at once."""

import random

from grpc import StatusCode

from harness import pb, rows
from harness.case import ShopTest


class RecommendationsTest(ShopTest):
    @classmethod
    def populate(cls):
        products = rows.products(24)
        products[11].ClearField("unit_cost")
        products[12].in_stock = False
        cls.prices = {product.product_sku: product.price for product in products}
        people = [
            pb.Customer(
                customer_id=number,
                first_name="A",
                last_name="B",
                gender="Female" if number % 2 else "Male",
                age=20 + number,
            )
            for number in range(1, 21)
        ]
        cls.catalog_revision = rows.import_catalog(cls.shop, products, people, rows.timeframes(31))
        chance = random.Random(7)
        headers = [
            pb.Transaction(
                transaction_id=number,
                customer_id=chance.randint(1, 20),
                time_id=chance.randint(1, 31),
                channel=chance.choice(["Online", "Store"]),
            )
            for number in range(1, 801)
        ]
        lines = []
        for header in headers:
            for sku in chance.sample(range(1, 15), chance.randint(2, 6)):
                lines.append(
                    pb.Sale(sale_id=len(lines) + 1, transaction_id=header.transaction_id, product_sku=sku, quantity=1)
                )
        rows.import_rows(cls.shop.sales.client, headers, min_catalog_revision=cls.catalog_revision)
        cls.sales_revision = rows.import_rows(cls.shop.sales.client, lines).revision

    def bundles_of(self, **fields):
        fields.setdefault("min_sales_revision", self.sales_revision)
        return self.answer(self.bundles.recommendations.RecommendBundles, pb.RecommendBundlesRequest(**fields))

    def products_of(self, **fields):
        fields.setdefault("min_sales_revision", self.sales_revision)
        return self.answer(self.bundles.recommendations.RecommendProducts, pb.RecommendProductsRequest(**fields))

    def constrained(self, **fields):
        got = self.bundles_of(constraints=pb.BundleConstraints(**fields), limit=500).recommendations
        self.assertTrue(got, f"nothing satisfies {fields}")
        return got

    def test_default_answer_has_20_bundles_within_the_default_bounds(self):
        answer = self.bundles_of()
        self.assertEqual(len(answer.recommendations), 20)
        scores = [bundle.score for bundle in answer.recommendations]
        self.assertEqual(scores, sorted(scores, reverse=True))
        self.assertEqual(answer.provenance.model_id, "heuristic-v0")
        for bundle in answer.recommendations:
            self.assertEqual(list(bundle.bundle), sorted(set(bundle.bundle)))
            self.assertTrue(2 <= len(bundle.bundle) <= 4)
            self.assertGreaterEqual(bundle.confidence, 0.1)
            self.assertGreaterEqual(bundle.support, 0.001)
            self.assertGreaterEqual(bundle.count, 2)
            self.assertEqual(bundle.support, bundle.count / bundle.basket_count)
            self.assertEqual(list(bundle.product_names), [f"Product {sku}" for sku in bundle.bundle])
            self.assertEqual(bundle.total_price, sum(self.prices[sku] for sku in bundle.bundle))
            self.assertNotIn(13, bundle.bundle, "13 is out of stock")
            self.assertEqual(bundle.HasField("total_margin"), 12 not in bundle.bundle)
            self.assertEqual(bundle.basis, pb.RECOMMENDATION_BASIS_POPULATION)

    def test_counts_equal_those_of_explain(self):
        for bundle in self.bundles_of(limit=500).recommendations[::7]:
            got = self.answer(
                self.bundles.rules.ExplainAssociationRule,
                pb.ExplainAssociationRuleRequest(
                    antecedents=bundle.bundle[:1], consequents=bundle.bundle[1:], min_sales_revision=self.sales_revision
                ),
            ).rule
            self.assertEqual((bundle.count, bundle.basket_count), (got.count_ab, got.basket_count))

    def test_bundles_have_the_requested_number_of_products(self):
        self.assertEqual(
            {len(bundle.bundle) for bundle in self.constrained(min_items=3, max_items=3, min_confidence=0)}, {3}
        )
        self.assertEqual({len(bundle.bundle) for bundle in self.constrained(max_items=2)}, {2})

    def test_results_stay_within_price_bounds(self):
        for bundle in self.constrained(min_total_price=8.5, max_total_price=12.75, min_confidence=0):
            self.assertTrue(8.5 <= bundle.total_price <= 12.75, bundle)
        for item in self.products_of(
            constraints=pb.ProductConstraints(min_price=3, max_price=7), limit=500
        ).recommendations:
            self.assertTrue(3 <= item.price <= 7, item)

    def test_bundles_reach_the_min_margin_ratio_and_have_known_costs(self):
        for bundle in self.constrained(min_margin_ratio=0.55, min_confidence=0):
            self.assertNotIn(12, bundle.bundle, "its cost is unknown")
            self.assertGreaterEqual(bundle.total_margin / bundle.total_price, 0.55)

    def test_results_have_only_the_requested_categories_and_brands(self):
        for bundle in self.constrained(categories=["Category 1", "Category 2"], min_confidence=0):
            self.assertLessEqual({sku % 4 for sku in bundle.bundle}, {1, 2})
        for bundle in self.constrained(brands=["Brand 0"], min_confidence=0):
            self.assertEqual({sku % 3 for sku in bundle.bundle}, {0})
        for item in self.products_of(
            constraints=pb.ProductConstraints(categories=["Category 3"]), limit=500
        ).recommendations:
            self.assertEqual(item.product_sku % 4, 3)

    def test_bundles_contain_all_anchors_and_no_excluded_product(self):
        for bundle in self.constrained(excluded_skus=[1, 2, 3]):
            self.assertFalse({1, 2, 3} & set(bundle.bundle))
        got = self.bundles_of(
            anchor_skus=[5, 9], constraints=pb.BundleConstraints(min_confidence=0), limit=500
        ).recommendations
        self.assertTrue(got)
        for bundle in got:
            self.assertLessEqual({5, 9}, set(bundle.bundle))

    def test_unknown_anchor_is_not_found(self):
        self.refused(
            StatusCode.NOT_FOUND,
            "PRODUCT_NOT_FOUND",
            self.bundles.recommendations.RecommendBundles,
            pb.RecommendBundlesRequest(anchor_skus=[99_999]),
        )

    def test_out_of_stock_products_are_offered_on_request(self):
        offered = {sku for bundle in self.constrained(in_stock_only=False, min_confidence=0) for sku in bundle.bundle}
        self.assertIn(13, offered)

    def test_completion_never_offers_products_of_the_basket(self):
        answer = self.products_of(basket_skus=[1, 2, 3, 1, 99_999])
        self.assertEqual(len(answer.recommendations), 10)
        self.assertFalse({1, 2, 3, 13} & {item.product_sku for item in answer.recommendations})
        for item in answer.recommendations:
            self.assertLessEqual(len(item.because_skus), 3)
            self.assertLessEqual(set(item.because_skus), {1, 2, 3})
            self.assertEqual(item.product_name, f"Product {item.product_sku}")
            self.assertEqual(item.price, self.prices[item.product_sku])

    def test_the_next_basket_does_not_depend_on_the_present_one(self):
        def ask(**fields):
            request = pb.RecommendProductsRequest(model_id="heuristic-v0", intent=pb.PRODUCT_INTENT_NEXT_BASKET, **fields)
            answer = self.answer(self.bundles.recommendations.RecommendProducts, request)
            return [(each.product_sku, each.score) for each in answer.recommendations]

        basket = [sku for sku, _ in ask(limit=2)]
        best = [each for each in ask(limit=12) if each[0] not in basket]
        self.assertEqual(ask(basket_skus=basket, limit=10), best)
        own = [each for each in ask(customer_id=1, limit=12) if each[0] not in basket]
        self.assertEqual(ask(customer_id=1, basket_skus=basket, limit=10), own[:10])

    def test_completion_needs_no_basket_and_no_known_customer(self):
        self.assertTrue(self.products_of().recommendations)
        self.assertTrue(self.products_of(customer_id=5).recommendations)
        self.assertTrue(self.products_of(customer_id=777_777).recommendations)

    def test_unknown_products_and_customers_change_no_completion(self):
        unknown = 888_888
        for fields in ({"basket_skus": [1, 2]}, {}):
            known = self.products_of(**fields)
            basket = [*fields.get("basket_skus", []), unknown]
            excluding = pb.ProductConstraints(excluded_skus=[unknown])
            self.assertEqual(self.products_of(basket_skus=basket), known)
            self.assertEqual(self.products_of(constraints=excluding, **fields), known)
            self.assertEqual(self.products_of(customer_id=777_777, **fields), known)

    def test_counts_are_those_of_the_requested_population(self):
        population = pb.Population(genders=["Female"], channels=["Online"])
        answer = self.bundles_of(population=population)
        everyone = self.bundles_of()
        self.assertLess(answer.provenance.basket_count, everyone.provenance.basket_count)
        self.assertEqual({bundle.basket_count for bundle in answer.recommendations}, {answer.provenance.basket_count})

    def test_a_product_disappears_at_the_revision_that_deletes_it_or_ends_its_stock(self):
        def offered(revision):
            bundles = self.bundles_of(
                limit=500, min_catalog_revision=revision, constraints=pb.BundleConstraints(min_confidence=0)
            ).recommendations
            items = self.products_of(limit=500, min_catalog_revision=revision, basket_skus=[1]).recommendations
            return {sku for bundle in bundles for sku in bundle.bundle} | {item.product_sku for item in items}

        self.assertLessEqual({7, 8}, offered(0))
        changed = self.catalog.products.UpdateProduct(
            pb.UpdateProductRequest(
                product=pb.Product(product_sku=7, in_stock=False), update_mask={"paths": ["in_stock"]}
            )
        )
        self.assertNotIn(7, offered(changed.product.revision))
        removed = self.catalog.products.DeleteProduct(pb.DeleteProductRequest(product_sku=8))
        self.assertNotIn(8, offered(removed.revision))
        back = self.catalog.products.UpdateProduct(
            pb.UpdateProductRequest(product=pb.Product(product_sku=7, in_stock=True))
        )
        self.assertIn(7, offered(back.product.revision))
        rows.import_rows(self.catalog, rows.products(1, first=8))

    def test_a_customer_does_not_narrow_the_population_below_1000_baskets(self):
        asked = self.bundles_of(customer_id=1).recommendations
        self.assertTrue(asked)
        self.assertEqual({found.basis for found in asked}, {pb.RECOMMENDATION_BASIS_WIDER_POPULATION})
        everyone = self.bundles_of().recommendations
        self.assertEqual([list(found.bundle) for found in asked], [list(found.bundle) for found in everyone])

    def test_limit_bounds_the_number_of_bundles(self):
        self.assertEqual(len(self.bundles_of(limit=3).recommendations), 3)
