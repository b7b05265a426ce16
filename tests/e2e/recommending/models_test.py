"""A scoring model exists from the first start, survives restarts, and can be named in requests."""

import hashlib
import time

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

    def test_the_creation_time_of_a_model_survives_a_restart(self):
        before = self.model()
        self.shop.bundles.restart()
        self.assertEqual(self.model(), before)
