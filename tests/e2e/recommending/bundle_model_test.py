"""A trained model ranks bundles by what they will sell beyond chance, with a probability, and leaves other shops to heuristic-v0."""

import hashlib
import math
import pathlib
import random
import struct

from harness import pb, rows
from harness.case import ShopTest

DAYS, PAIRS = 60, 40
#: The products of the pair that sells best in the second half.
STRONG = [77, 78]


def seasonal_baskets():
    """Returns (day, skus) of a shop whose odd pairs sold in its first half and whose even pairs sell now."""
    chance = random.Random(5)
    baskets = []
    for day in range(DAYS):
        for pair in range(PAIRS):
            sells = (pair % 2 == 0) == (day >= DAYS // 2)
            if chance.random() < (0.025 * pair if sells else 0.01):
                baskets.append((day, (2 * pair + 1, 2 * pair + 2)))
        for _ in range(10):
            baskets.append((day, (chance.randint(1, 2 * PAIRS),)))
    return baskets


class BundleModelTest(ShopTest):
    @classmethod
    def populate(cls):
        cls.catalog_revision = rows.import_catalog(
            cls.shop, rows.products(2 * PAIRS), rows.customers(9), rows.timeframes(DAYS)
        )
        headers, lines = [], []
        for number, (day, skus) in enumerate(seasonal_baskets(), 1):
            channel = "Phone" if number % 100 == 0 else "Online"
            headers.append(
                pb.Transaction(transaction_id=number, customer_id=1 + number % 9, time_id=1 + day, channel=channel)
            )
            for sku in skus:
                lines.append(
                    pb.Sale(sale_id=len(lines) + 1, transaction_id=number, product_sku=sku, quantity=1)
                )
        rows.import_rows(cls.shop.sales.client, headers, min_catalog_revision=cls.catalog_revision)
        cls.revision = rows.import_rows(cls.shop.sales.client, lines).revision
        cls.recommend()
        messages = cls.shop.bundles.client.models.TrainModel(pb.TrainModelRequest(), timeout=120)
        cls.model = list(messages)[-1].model
        cls.shop.bundles.client.models.ActivateModel(pb.ActivateModelRequest(model_id=cls.model.model_id))

    @classmethod
    def recommend(cls, **fields):
        fields.setdefault("min_sales_revision", cls.revision)
        fields.setdefault("min_catalog_revision", cls.catalog_revision)
        return cls.shop.bundles.client.recommendations.RecommendBundles(pb.RecommendBundlesRequest(**fields))

    def score(self, *bundles, **fields):
        request = pb.ScoreBundlesRequest(bundles=[pb.Bundle(product_skus=skus) for skus in bundles], **fields)
        return self.answer(self.bundles.recommendations.ScoreBundles, request)

    def test_the_model_serves_bundles_because_it_ranks_them_better(self):
        champions = {champion.task: champion.method for champion in self.model.champions}
        self.assertEqual(champions["bundles"], "rates")
        self.assertEqual(self.model.horizon_days, 12)
        self.assertEqual(list(self.model.features)[-2:], ["recent_purchases", "purchases_by_chance"])
        metrics = {metric.name: metric for metric in self.model.metrics}
        for name in ("bundles.ndcg_at_100", "bundles.average_precision", "bundles.brier", "bundles.calibration_error"):
            metric = metrics[name]
            self.assertGreater(metric.case_count, 20)
            values = {baseline.name: baseline.value for baseline in metric.baselines}
            is_error = name in ("bundles.brier", "bundles.calibration_error")
            self.assertEqual(metric.baseline_value, (min if is_error else max)(values.values()))
            if is_error:
                self.assertLess(metric.value, values["heuristic_v0"], name)
            else:
                self.assertGreater(metric.value, values["heuristic_v0"], name)
        evaluated = self.ctl("evaluate").stdout
        self.assertIn("bundles.calibration_error", evaluated)
        self.assertIn("bundles is served by rates", evaluated)

    def test_answers_name_the_model_and_come_in_the_order_of_their_scores(self):
        answer = self.recommend(limit=8)
        self.assertEqual(answer.provenance.model_id, self.model.model_id)
        scores = [bundle.score for bundle in answer.recommendations]
        self.assertEqual(scores, sorted(scores, reverse=True))
        for bundle in answer.recommendations:
            self.assertTrue(bundle.HasField("probability"))
            self.assertTrue(0 < bundle.probability <= 1)
            self.assertEqual(bundle.basis, pb.RECOMMENDATION_BASIS_POPULATION)
            pair = (bundle.bundle[0] - 1) // 2
            self.assertEqual(pair % 2, 0, f"{bundle.bundle} sold in the first half only")
        before = self.recommend(limit=8, model_id="heuristic-v0")
        self.assertEqual(before.provenance.model_id, "heuristic-v0")
        self.assertFalse(any(bundle.HasField("probability") for bundle in before.recommendations))

    def test_scored_bundles_equal_recommended_ones(self):
        recommended = self.recommend(limit=8).recommendations
        scored = self.score(*[bundle.bundle for bundle in recommended]).recommendations
        self.assertEqual(list(scored), list(recommended))
        strange = self.score([1, 987_654]).recommendations[0]
        self.assertEqual((strange.count, strange.score), (0, 0))
        self.assertLess(strange.probability, 0.05)

    def test_the_parts_of_an_explanation_add_up_to_the_score(self):
        request = pb.RecommendBundlesRequest(limit=8)
        for rank, bundle in enumerate(self.recommend(limit=8).recommendations, 1):
            explained = self.answer(
                self.bundles.recommendations.ExplainBundle,
                pb.ExplainBundleRequest(bundle=bundle.bundle, request=request),
            )
            self.assertEqual(explained.provenance.model_id, self.model.model_id)
            self.assertEqual(explained.rank, rank)
            self.assertEqual(explained.recommendation, bundle)
            self.assertEqual(
                [part.feature for part in explained.parts], ["recent_purchases", "purchases_by_chance"]
            )
            total = explained.bias + sum(part.contribution for part in explained.parts)
            self.assertTrue(math.isclose(total, bundle.score, rel_tol=0, abs_tol=1e-6))
            self.assertGreater(len(explained.rules), 0)

    def test_a_purchase_counts_at_once(self):
        pair = [1, 4]
        before = self.score(pair).recommendations[0]
        revision = self.sales.transactions.RecordPurchase(
            rows.purchase(1, [(sku, 1) for sku in pair], time_id=DAYS)
        ).revision
        after = self.score(pair, min_sales_revision=revision).recommendations[0]
        self.assertEqual(after.count, before.count + 1)
        self.assertGreater(after.score, before.score)
        self.assertGreater(after.probability, before.probability)

    def test_a_small_population_is_drawn_towards_all_baskets_and_says_so(self):
        everyone = self.score(STRONG, min_sales_revision=self.revision).recommendations[0]
        few = self.score(STRONG, population=pb.Population(channels=["Phone"])).recommendations[0]
        self.assertLess(few.basket_count, 30)
        self.assertEqual(few.basis, pb.RECOMMENDATION_BASIS_ALL_BASKETS)
        share = few.basket_count / everyone.basket_count
        self.assertTrue(0 < few.score < 20 * share * everyone.score)
        none = self.score(STRONG, population=pb.Population(channels=["Fax"])).recommendations[0]
        self.assertEqual((none.score, none.count), (0, 0))

    def test_constraints_hold_and_overlaps_are_bounded(self):
        answer = self.recommend(
            limit=20,
            constraints=pb.BundleConstraints(max_overlap=0, min_support=0, min_confidence=0, min_count=1),
        )
        skus = [sku for bundle in answer.recommendations for sku in bundle.bundle]
        self.assertEqual(len(skus), len(set(skus)))
        anchored = self.recommend(anchor_skus=[STRONG[0]]).recommendations
        self.assertTrue(all(STRONG[0] in bundle.bundle for bundle in anchored))

    def test_a_restart_changes_no_answer(self):
        before = self.recommend(limit=8)
        self.shop.bundles.restart()
        self.assertEqual(self.recommend(limit=8), before)


    def test_a_file_of_the_version_before_recommends_products_and_leaves_bundles_to_the_heuristic(self):
        path = pathlib.Path(f"{self.shop.bundles.database}.models") / f"{self.model.model_id}.model"
        content = path.read_bytes()
        line = b"clustr model, version 3\n"
        self.assertTrue(content.startswith(line))
        info, products, bundles = struct.unpack_from("<3Q", content, len(line))
        self.assertGreater(bundles, 0)
        parts = content[len(line) + 24 :][: info + products]
        before = line.replace(b"3", b"1") + struct.pack("<2Q", info, products) + parts
        self.shop.bundles.stop()
        path.write_bytes(before + hashlib.sha256(before).digest())
        self.shop.bundles.start()
        try:
            self.assertEqual(self.recommend().provenance.model_id, "heuristic-v0")
            request = pb.RecommendProductsRequest(basket_skus=STRONG[:1])
            answer = self.answer(self.bundles.recommendations.RecommendProducts, request)
            self.assertEqual(answer.provenance.model_id, self.model.model_id)
        finally:
            self.shop.bundles.stop()
            path.write_bytes(content)
            self.shop.bundles.start()
        self.assertEqual(self.recommend().provenance.model_id, self.model.model_id)


class WithoutBundlesTest(ShopTest):
    @classmethod
    def populate(cls):
        catalog_revision = rows.import_catalog(cls.shop, rows.products(20), rows.customers(9), rows.timeframes(DAYS))
        chance = random.Random(1)
        headers, lines = [], []
        for number in range(1, 301):
            headers.append(
                pb.Transaction(
                    transaction_id=number, customer_id=1 + number % 9, time_id=1 + number * DAYS // 301, channel="Online"
                )
            )
            lines.append(
                pb.Sale(sale_id=number, transaction_id=number, product_sku=chance.randint(1, 20), quantity=1)
            )
        rows.import_rows(cls.shop.sales.client, headers, min_catalog_revision=catalog_revision)
        cls.revision = rows.import_rows(cls.shop.sales.client, lines).revision

    def test_a_shop_without_bundles_leaves_them_to_the_heuristic(self):
        request = pb.ScoreBundlesRequest(bundles=[pb.Bundle(product_skus=[1, 2])], min_sales_revision=self.revision)
        self.answer(self.bundles.recommendations.ScoreBundles, request)
        model = list(self.bundles.models.TrainModel(pb.TrainModelRequest(), timeout=120))[-1].model
        self.assertIn(("bundles", "heuristic_v0"), [(one.task, one.method) for one in model.champions])
        self.assertEqual(model.horizon_days, 0)
        request.model_id = model.model_id
        scored = self.answer(self.bundles.recommendations.ScoreBundles, request)
        self.assertEqual(scored.provenance.model_id, "heuristic-v0")
        self.assertFalse(scored.recommendations[0].HasField("probability"))
