"""The scoring models: what there is from the first start, kept over restarts, and how a request names one."""

import hashlib
import math
import time

from grpc import StatusCode

from harness import pb, rows
from harness.case import ShopTest

PARAMETERS = """model heuristic-v0
weight.lift 0.25
weight.least_confidence 0.25
weight.support 0.2
weight.jaccard 0.15
weight.mean_confidence 0.15
slope 5
centre 0.5
reference_support 0.001
reference_count 2
"""


class ModelsTest(ShopTest):
    @classmethod
    def populate(cls):
        rows.import_catalog(cls.shop, rows.products(3), rows.customers(1), rows.timeframes(1))

    def model(self):
        return self.answer(self.bundles.models.GetModel, pb.GetModelRequest()).model

    def test_the_baseline_is_active_from_the_first_start(self):
        model = self.model()
        self.assertEqual(model.model_id, "heuristic-v0")
        self.assertTrue(model.active)
        self.assertEqual(
            list(model.features), ["lift", "least_confidence", "support", "jaccard", "mean_confidence"]
        )
        self.assertEqual(model.digest, hashlib.sha256(PARAMETERS.encode()).hexdigest())
        self.assertLess(abs(time.time() - model.create_time.ToNanoseconds() / 1e9), 600)
        self.assertEqual((model.sales_revision, model.split_date, model.horizon_days), (0, "", 0))
        self.assertEqual(list(model.metrics), [])
        self.assertEqual(
            self.answer(self.bundles.models.GetModel, pb.GetModelRequest(model_id="heuristic-v0")).model, model
        )
        self.assertEqual(
            self.answer(self.bundles.models.ListModels, pb.ListModelsRequest()), pb.ListModelsResponse(models=[model])
        )
        self.assertIn("heuristic-v0", self.ctl("models").stdout)

    def test_its_time_survives_a_restart(self):
        before = self.model()
        self.shop.bundles.restart()
        self.assertEqual(self.model(), before)

    def test_an_unknown_model_is_not_found_by_its_name(self):
        recommend = self.bundles.recommendations
        for call, request in (
            (self.bundles.models.GetModel, pb.GetModelRequest(model_id="nobody")),
            (recommend.RecommendBundles, pb.RecommendBundlesRequest(model_id="nobody")),
            (recommend.RecommendProducts, pb.RecommendProductsRequest(model_id="nobody")),
            (
                recommend.ScoreBundles,
                pb.ScoreBundlesRequest(model_id="nobody", bundles=[pb.Bundle(product_skus=[1, 2])]),
            ),
            (
                recommend.ExplainBundle,
                pb.ExplainBundleRequest(bundle=[1, 2], request=pb.RecommendBundlesRequest(model_id="nobody")),
            ),
        ):
            with self.subTest(type(request).__name__):
                refusal = self.refused(StatusCode.NOT_FOUND, "MODEL_NOT_FOUND", call, request)
                self.assertIn("nobody", refusal.message)
                self.assertIn("heuristic-v0", refusal.message)

    def test_pages(self):
        self.refused(
            StatusCode.INVALID_ARGUMENT,
            "FIELD_INVALID",
            self.bundles.models.ListModels,
            pb.ListModelsRequest(page_size=-1),
            field="page_size",
        )
        for token in ("nonsense", "AAAA"):
            self.refused(
                StatusCode.INVALID_ARGUMENT,
                "PAGE_TOKEN_INVALID",
                self.bundles.models.ListModels,
                pb.ListModelsRequest(page_token=token),
            )

    def test_refused_bounds_and_bundles(self):
        recommend = self.bundles.recommendations
        constraints, nan = pb.BundleConstraints, math.nan

        def bundles(*skus):
            return pb.ScoreBundlesRequest(bundles=[pb.Bundle(product_skus=entry) for entry in skus])

        def bounded(**fields):
            return pb.RecommendBundlesRequest(constraints=constraints(**fields))

        score, explain, best = recommend.ScoreBundles, recommend.ExplainBundle, recommend.RecommendBundles
        table = [
            (score, bundles(), "bundles", ["0 entries", "at least 1"]),
            (score, bundles([1, 2], []), "bundles[1].product_skus", ["0 entries", "at least 2"]),
            (score, bundles([1]), "bundles[0].product_skus", ["1 entries", "at least 2"]),
            (score, bundles([1, 2, 3, 4, 5, 6]), "bundles[0].product_skus", ["6 entries", "at most 5"]),
            (score, bundles([1, 2, 1]), "bundles[0].product_skus", ["twice", "once"]),
            (score, bundles([1, -2]), "bundles[0].product_skus[1]", ["-2", "give"]),
            (score, bundles(*[[1, 2]] * 1001), "bundles", ["1001 entries", "at most 1000"]),
            (explain, pb.ExplainBundleRequest(bundle=[1]), "bundle", ["1 entries", "at least 2"]),
            (explain, pb.ExplainBundleRequest(bundle=[2, 2]), "bundle", ["twice", "once"]),
            (explain, pb.ExplainBundleRequest(bundle=range(1, 7)), "bundle", ["6 entries", "at most 5"]),
            (
                explain,
                pb.ExplainBundleRequest(bundle=[1, 2], request=bounded(max_overlap=nan)),
                "request.constraints.max_overlap",
                ["nan", "give 0 to 1"],
            ),
            (
                explain,
                pb.ExplainBundleRequest(bundle=[1, 2], request=pb.RecommendBundlesRequest(limit=-3)),
                "request.limit",
                ["-3", "at least 0"],
            ),
            (best, bounded(max_overlap=1.01), "constraints.max_overlap", ["1.01", "give 0 to 1"]),
            (best, bounded(max_overlap=-0.5), "constraints.max_overlap", ["-0.5", "give 0 to 1"]),
            (best, bounded(max_overlap=nan), "constraints.max_overlap", ["nan", "give 0 to 1"]),
            (best, bounded(min_confidence=nan), "constraints.min_confidence", ["nan", "give 0 to 1"]),
            (best, bounded(min_items=4, max_items=3), "constraints.min_items", ["4", "3", "at most"]),
            (best, bounded(max_items=6), "constraints.max_items", ["6", "at most 5"]),
        ]
        for call, request, field, words in table:
            with self.subTest(f"{field} {str(request)[:60]!r}"):
                refusal = self.refused(StatusCode.INVALID_ARGUMENT, "FIELD_INVALID", call, request, field=field)
                for word in words:
                    self.assertIn(word, refusal.message)
        self.assertEqual(
            len(self.answer(score, bundles(*[[1, 2]] * 1000)).recommendations), 1000, "as many as there may be"
        )
