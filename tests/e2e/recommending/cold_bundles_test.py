"""Bundles for products that were hardly or never sold come from the products most like them, and say so."""

import math
import random

from harness import pb, rows
from harness.case import ShopTest

DAYS = 40
#: Sold together, of the category Tea and the brand Aldo.
POT, CUP = 1, 2
#: Never sold, like POT: the same category, brand, price and most words of the name.
NEW_POT = 90
#: Never sold and like nothing else.
STRANGER = 91
#: Never sold, out of stock, like POT.
MISSING = 92
#: Sold once, alone, like POT.
ONCE = 93


def product(sku, name, price, category="", brand="", in_stock=True):
    return pb.Product(
        product_sku=sku, product_name=name, price=price, unit_cost=price / 2, category=category, brand=brand,
        in_stock=in_stock,
    )


def shop_products():
    return [
        product(POT, "Blue tea pot", 30, "Tea", "Aldo"),
        product(CUP, "Plain cup", 5, "Cups", "Birk"),
        *(product(sku, f"Thing {sku}", 10 + sku, "Things", "Cole") for sku in range(3, 30)),
        product(NEW_POT, "Green tea pot", 32, "Tea", "Aldo"),
        product(STRANGER, "Zzyzx", 9999),
        product(MISSING, "Red tea pot", 31, "Tea", "Aldo", in_stock=False),
        product(ONCE, "Grey tea pot", 29, "Tea", "Aldo"),
    ]


def shop_baskets():
    """Returns (day, skus)."""
    chance = random.Random(11)
    baskets = [(5, (ONCE,))]
    for day in range(DAYS):
        for _ in range(20):
            baskets.append((day, tuple(chance.sample(range(3, 30), 2))))
        for _ in range(chance.randint(2, 6)):
            baskets.append((day, (POT, CUP)))
    return baskets


class ColdBundlesTest(ShopTest):
    @classmethod
    def populate(cls):
        cls.catalog_revision = rows.import_catalog(cls.shop, shop_products(), rows.customers(9), rows.timeframes(DAYS))
        headers, lines = [], []
        for number, (day, skus) in enumerate(shop_baskets(), 1):
            headers.append(pb.Transaction(transaction_id=number, customer_id=1 + number % 9, time_id=1 + day))
            for sku in skus:
                lines.append(pb.Sale(sale_id=len(lines) + 1, transaction_id=number, product_sku=sku, quantity=1))
        rows.import_rows(cls.shop.sales.client, headers, min_catalog_revision=cls.catalog_revision)
        cls.revision = rows.import_rows(cls.shop.sales.client, lines).revision
        cls.bundles_for([POT])
        messages = cls.shop.bundles.client.models.TrainModel(pb.TrainModelRequest(), timeout=120)
        cls.models = ["heuristic-v0", list(messages)[-1].model.model_id]

    @classmethod
    def bundles_for(cls, anchors, **fields):
        request = pb.RecommendBundlesRequest(
            anchor_skus=anchors,
            min_sales_revision=cls.revision,
            min_catalog_revision=cls.catalog_revision,
            **fields,
        )
        return cls.shop.bundles.client.recommendations.RecommendBundles(request)

    def test_a_product_that_was_never_sold_gets_the_bundles_of_the_most_similar_one(self):
        for model in self.models:
            sold = self.bundles_for([POT], model_id=model).recommendations[0]
            answer = self.bundles_for([NEW_POT], model_id=model)
            first = answer.recommendations[0]
            self.assertEqual(list(first.bundle), [CUP, NEW_POT])
            self.assertEqual(first.basis, pb.RECOMMENDATION_BASIS_ATTRIBUTES)
            self.assertFalse(first.HasField("probability"))
            self.assertEqual((first.count, first.support, first.confidence, first.lift), (0, 0, 0, 0))
            self.assertEqual(first.total_price, 37)
            self.assertTrue(0 < first.score < sold.score)
            for bundle in answer.recommendations:
                self.assertIn(NEW_POT, bundle.bundle)
                self.assertEqual(bundle.basis, pb.RECOMMENDATION_BASIS_ATTRIBUTES)
            scores = [bundle.score for bundle in answer.recommendations]
            self.assertEqual(scores, sorted(scores, reverse=True))

    def test_a_product_that_was_sold_enough_rests_on_its_own_baskets(self):
        for bundle in self.bundles_for([POT]).recommendations:
            self.assertNotEqual(bundle.basis, pb.RECOMMENDATION_BASIS_ATTRIBUTES)
            self.assertGreater(bundle.count, 0)

    def test_counts_of_a_product_that_was_hardly_sold_are_its_own(self):
        first = self.bundles_for([ONCE]).recommendations[0]
        self.assertEqual(list(first.bundle), [CUP, ONCE])
        self.assertEqual((first.basis, first.count), (pb.RECOMMENDATION_BASIS_ATTRIBUTES, 0))

    def test_a_product_like_no_other_gets_an_answer_too(self):
        for model in self.models:
            answer = self.bundles_for([STRANGER], model_id=model)
            self.assertGreater(len(answer.recommendations), 0)
            self.assertTrue(all(STRANGER in bundle.bundle for bundle in answer.recommendations))

    def test_two_such_products_and_one_that_sells(self):
        first = self.bundles_for([NEW_POT, CUP]).recommendations[0]
        self.assertEqual(list(first.bundle), [CUP, NEW_POT])
        for bundle in self.bundles_for([NEW_POT, ONCE]).recommendations:
            self.assertTrue({NEW_POT, ONCE} <= set(bundle.bundle))

    def test_bounds_apply_to_the_product_itself(self):
        def skus(**bounds):
            answer = self.bundles_for([NEW_POT], constraints=pb.BundleConstraints(**bounds))
            return [list(bundle.bundle) for bundle in answer.recommendations]

        self.assertIn([CUP, NEW_POT], skus(min_total_price=37, max_total_price=37))
        self.assertNotIn([CUP, NEW_POT], skus(min_total_price=37.01))
        self.assertEqual(skus(excluded_skus=[CUP]), [bundle for bundle in skus() if CUP not in bundle])
        self.assertIn([CUP, NEW_POT], skus(cross_category_only=True))
        self.assertEqual(skus(categories=["Cups"]), [])
        out_of_stock = self.bundles_for([MISSING])
        self.assertEqual(len(out_of_stock.recommendations), 0)
        self.assertIn("constraints.in_stock_only", [shortfall.field for shortfall in out_of_stock.shortfalls])
        anyway = self.bundles_for([MISSING], constraints=pb.BundleConstraints(in_stock_only=False))
        self.assertEqual(list(anyway.recommendations[0].bundle), [CUP, MISSING])

    def test_an_explanation_names_the_likeness_and_adds_up(self):
        for model in self.models:
            request = pb.RecommendBundlesRequest(anchor_skus=[NEW_POT], model_id=model)
            answer = self.bundles_for([NEW_POT], model_id=model)
            for rank, bundle in enumerate(answer.recommendations[:3], 1):
                explained = self.answer(
                    self.bundles.recommendations.ExplainBundle,
                    pb.ExplainBundleRequest(bundle=bundle.bundle, request=request),
                )
                self.assertEqual((explained.rank, explained.recommendation), (rank, bundle))
                self.assertEqual([part.feature for part in explained.parts], ["likeness"])
                self.assertTrue(0 < explained.parts[0].value <= 1)
                raw = explained.bias + explained.parts[0].contribution
                is_log_odds = explained.provenance.model_id == "heuristic-v0"
                score = 1 / (1 + math.exp(-raw)) if is_log_odds else raw
                self.assertTrue(math.isclose(score, bundle.score, rel_tol=1e-9))
