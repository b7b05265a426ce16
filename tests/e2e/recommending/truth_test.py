"""What `generate --patterns` plants is what the intents find: a shop whose truth is known."""

import json
import pathlib
import tempfile

from harness import pb
from harness.case import ShopTest


class TruthTest(ShopTest):
    @classmethod
    def populate(cls):
        with tempfile.TemporaryDirectory() as folder:
            sizes = ("--products=200", "--customers=300", "--baskets=12000", "--days=300")
            for command in (("generate", folder, "--patterns", "--seed=4", *sizes), ("import", folder)):
                done = cls.shop.ctl(*command, timeout=120)
                assert done.returncode == 0, done.stderr
            cls.truth = json.loads((pathlib.Path(folder) / "truth.json").read_text(encoding="utf-8"))

    def skus(self, limit, **fields):
        request = pb.RecommendProductsRequest(limit=limit, **self.shop.revisions(), **fields)
        answer = self.answer(self.bundles.recommendations.RecommendProducts, request)
        return [item.product_sku for item in answer.recommendations]

    def test_the_truth_names_what_was_planted(self):
        self.assertEqual(
            {name: len(entries) for name, entries in self.truth.items() if name not in ("families", "loyal_customers")},
            {"seasons": 10, "refills": 10, "substitutes": 5, "sequels": 5, "launches": 5, "tastes": 10},
        )
        self.assertGreater(len(self.truth["loyal_customers"]), 50)

    def test_what_was_launched_is_trending(self):
        launched = {entry["product_sku"] for entry in self.truth["launches"]}
        seasonal = {entry["product_sku"] for entry in self.truth["seasons"]}
        trending = self.skus(500, intent=pb.PRODUCT_INTENT_TRENDING)
        self.assertGreaterEqual(len(launched & set(trending)), 3, (launched, trending))
        self.assertLessEqual(len(set(trending) - launched - seasonal), 2, "little else grows")

    def test_substitutes_are_similar(self):
        found = [second in self.skus(5, intent=pb.PRODUCT_INTENT_SIMILAR, basket_skus=[first]) for first, second in self.truth["substitutes"]]
        self.assertGreaterEqual(sum(found), 4, self.truth["substitutes"])

    def test_sequels_come_after(self):
        found = [
            entry["then_sku"] in self.skus(5, intent=pb.PRODUCT_INTENT_AFTER, basket_skus=[entry["product_sku"]], within_days=30)
            for entry in self.truth["sequels"]
        ]
        self.assertGreaterEqual(sum(found), 4, self.truth["sequels"])
