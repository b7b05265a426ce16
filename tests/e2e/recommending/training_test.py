"""A trained model beats the simple methods it is measured with, survives restarts, and can be taken back."""

import pathlib
import random

import grpc
from grpc import StatusCode

from harness import pb, rows
from harness.case import ShopTest
from harness.servers import eventually

PRODUCTS, CUSTOMERS, DAYS, BASKETS = 40, 30, 60, 1200


class TrainingTest(ShopTest):
    @classmethod
    def populate(cls):
        people = [
            pb.Customer(customer_id=number, first_name="A", last_name="B", gender="Female" if number % 2 else "Male")
            for number in range(1, CUSTOMERS + 1)
        ]
        cls.catalog_revision = rows.import_catalog(
            cls.shop, rows.products(PRODUCTS), people, rows.timeframes(DAYS)
        )
        chance = random.Random(3)
        headers, lines = [], []
        for number in range(1, BASKETS + 1):
            customer = chance.randint(1, CUSTOMERS)
            headers.append(
                pb.Transaction(
                    transaction_id=number, customer_id=customer, time_id=1 + number * DAYS // (BASKETS + 1), channel="Online"
                )
            )
            # Products sell in groups of four, and a customer mostly buys the same group again.
            group = chance.randrange(PRODUCTS // 4) if chance.random() < 0.3 else customer % (PRODUCTS // 4)
            for place in chance.sample(range(4), chance.randint(2, 3)):
                lines.append(
                    pb.Sale(
                        sale_id=len(lines) + 1, transaction_id=number, product_sku=group * 4 + place + 1, quantity=1
                    )
                )
        rows.import_rows(cls.shop.sales.client, headers, min_catalog_revision=cls.catalog_revision)
        cls.sales_revision = rows.import_rows(cls.shop.sales.client, lines).revision
        cls.answer_of(basket_skus=[1])

    @classmethod
    def answer_of(cls, **fields):
        fields.setdefault("min_sales_revision", cls.sales_revision)
        fields.setdefault("min_catalog_revision", cls.catalog_revision)
        return cls.shop.bundles.client.recommendations.RecommendProducts(pb.RecommendProductsRequest(**fields))

    def train(self, **fields):
        """Returns all messages of a training."""
        return list(self.bundles.models.TrainModel(pb.TrainModelRequest(**fields), timeout=120))

    def activate(self, model_id):
        return self.answer(self.bundles.models.ActivateModel, pb.ActivateModelRequest(model_id=model_id))

    def models(self):
        return self.answer(self.bundles.models.ListModels, pb.ListModelsRequest()).models

    def folder(self):
        return pathlib.Path(f"{self.shop.bundles.database}.models")

    def tearDown(self):
        self.activate("heuristic-v0")

    def test_training_reports_progress_and_measures_beside_baselines(self):
        messages = self.train(activate_if_better=True, seed=5)
        percents = [message.percent for message in messages]
        self.assertEqual(percents, sorted(percents))
        self.assertEqual((messages[-1].phase, percents[-1]), ("done", 100))
        self.assertFalse(any(message.HasField("model") for message in messages[:-1]))
        self.assertIn("activated, with", messages[-1].outcome)
        model = messages[-1].model
        self.assertTrue(model.active)
        self.assertEqual(model.seed, 5)
        self.assertGreaterEqual(model.basket_count, BASKETS)
        self.assertGreaterEqual(model.sales_revision, self.sales_revision)
        self.assertLess(model.split_date, model.end_date)
        self.assertEqual([champion.task for champion in model.champions], ["products", "next_basket", "bundles"])
        metrics = {metric.name: metric for metric in model.metrics}
        champions = {champion.task: champion.method for champion in model.champions}
        for name in ("products.ndcg_at_10", "next_basket.recall_at_10"):
            metric = metrics[name]
            self.assertGreater(metric.standard_error, 0)
            # The champion was chosen on earlier days, so another may have been luckier on these, but not by much.
            self.assertGreaterEqual(metric.value + 2 * metric.standard_error, metric.baseline_value)
            # Tuned methods that are less simple than the champion are shown, but are no baselines.
            champion = champions[name.split(".")[0]]
            ranked = {"ranker", "line"}
            tuned = ranked if champion in ranked else ranked | {"blend"}
            values = [baseline.value for baseline in metric.baselines if baseline.name not in tuned]
            self.assertEqual(max(values), metric.baseline_value, metric)
        answer = self.answer_of(basket_skus=[1])
        self.assertEqual(answer.provenance.model_id, model.model_id)
        self.assertLessEqual({item.product_sku for item in answer.recommendations[:3]}, {2, 3, 4})
        self.assertEqual(self.answer_of(basket_skus=[1], model_id="heuristic-v0").provenance.model_id, "heuristic-v0")

    def test_the_same_baskets_and_seed_give_the_same_digest(self):
        first = self.train(seed=1)[-1]
        second = self.train(seed=1)[-1]
        self.assertNotEqual(first.model.model_id, second.model.model_id)
        self.assertEqual(first.model.digest, second.model.digest)
        self.assertIn("activate_if_better is not set", second.outcome)
        self.assertFalse(second.model.active)

    def test_a_model_survives_a_restart_and_can_be_taken_back(self):
        model_id = self.train()[-1].model.model_id
        activated = self.activate(model_id)
        self.assertEqual((activated.model.model_id, activated.previous_model_id), (model_id, "heuristic-v0"))
        before = self.answer_of(basket_skus=[1, 5], customer_id=3)
        self.shop.bundles.restart()
        self.assertEqual(self.answer_of(basket_skus=[1, 5], customer_id=3), before)
        self.assertEqual(self.activate("heuristic-v0").previous_model_id, model_id)
        self.assertEqual(self.answer_of(basket_skus=[1]).provenance.model_id, "heuristic-v0")

    def test_a_damaged_or_foreign_file_is_refused_and_another_model_answers(self):
        good = self.train()[-1].model.model_id
        bad = self.train(seed=2)[-1].model.model_id
        self.activate(bad)
        path = self.folder() / f"{bad}.model"
        content = path.read_bytes()
        middle = len(content) // 2
        for damage, says in (
            (content[:middle] + bytes([content[middle] ^ 1]) + content[middle + 1 :], "its checksum is wrong"),
            (content[:60], "is cut off"),
            (b"PK\x03\x04 a spreadsheet", "is no model"),
            (b"clustr model, version 9\n" + content[24:], "another version of Clustr"),
            ((self.folder() / f"{good}.model").read_bytes(), "is that of another model"),
        ):
            with self.subTest(says):
                self.shop.bundles.stop()
                path.write_bytes(damage)
                self.shop.bundles.start()
                problems = " ".join(self.bundles.admin.GetStatus(pb.GetStatusRequest()).problems)
                self.assertIn(says, problems)
                self.assertIn(f"{bad}, which was active, cannot be loaded; {good} answers instead", problems)
                self.assertEqual(self.answer_of(basket_skus=[1]).provenance.model_id, good)
        self.shop.bundles.stop()
        path.write_bytes(content)
        self.shop.bundles.start()
        self.assertEqual(self.answer_of(basket_skus=[1]).provenance.model_id, bad)

    def test_only_the_newest_models_are_kept_besides_the_active_one(self):
        first = self.train()[-1].model.model_id
        self.activate(first)
        newer = [self.train(seed=seed)[-1].model.model_id for seed in range(1, 7)]
        names = [model.model_id for model in self.models()]
        self.assertEqual(names[0], newer[-1])
        self.assertEqual(names[-1], "heuristic-v0")
        self.assertIn(first, names)
        self.assertEqual(len(names), 6, "five trained ones, the active one among them, and heuristic-v0")
        self.assertEqual({path.stem for path in self.folder().iterdir()}, set(names) - {"heuristic-v0"})
        page = self.answer(self.bundles.models.ListModels, pb.ListModelsRequest(page_size=4))
        rest = self.answer(
            self.bundles.models.ListModels, pb.ListModelsRequest(page_size=4, page_token=page.next_page_token)
        )
        self.assertEqual([model.model_id for model in [*page.models, *rest.models]], names)

    def test_a_cancelled_training_leaves_nothing_and_another_can_start(self):
        before = [model.model_id for model in self.models()]
        call = self.bundles.models.TrainModel(pb.TrainModelRequest())
        next(call)
        call.cancel()

        def trained():
            try:
                return self.train()
            except grpc.RpcError as error:
                self.assertEqual(error.code(), StatusCode.RESOURCE_EXHAUSTED)
                return None

        messages = eventually(trained, 60, "the cancelled training still runs")
        self.assertEqual(
            [model.model_id for model in self.models() if model.model_id not in before][1:],
            [],
            messages[-1].model.model_id,
        )

    def test_the_history_counts_and_a_purchase_counts_at_once(self):
        self.activate(self.train(activate_if_better=True)[-1].model.model_id)
        alone = self.answer_of(basket_skus=[1])
        stranger = self.answer_of(basket_skus=[1], customer_id=777_777)
        self.assertEqual(alone.recommendations, stranger.recommendations)
        self.assertIn(29, {item.product_sku for item in self.answer_of(customer_id=7, limit=4).recommendations})
        bought = {sku for sku in range(1, PRODUCTS + 1)} - {
            item.product_sku
            for item in self.answer_of(customer_id=7, intent=pb.PRODUCT_INTENT_DISCOVER, limit=50).recommendations
        }
        self.assertIn(29, bought)
        for item in self.answer_of(customer_id=7, intent=pb.PRODUCT_INTENT_BUY_AGAIN).recommendations:
            self.assertIn(item.product_sku, bought)
            self.assertEqual(list(item.because_skus), [item.product_sku])
        new = min(set(range(1, PRODUCTS + 1)) - bought, default=None)
        if new is not None:
            revision = self.shop.sales.client.transactions.RecordPurchase(rows.purchase(7, [(new, 1)])).revision
            later = self.answer_of(
                customer_id=7, intent=pb.PRODUCT_INTENT_DISCOVER, limit=50, min_sales_revision=revision
            )
            self.assertNotIn(new, {item.product_sku for item in later.recommendations})

    def test_commands_train_evaluate_and_activate(self):
        trained = self.ctl("train", "--seed=9")
        self.assertIn("products.ndcg_at_10", trained.stdout)
        self.assertIn("MODEL'S GAIN", trained.stdout)
        self.assertRegex(trained.stdout, r"trained-\d+: activated, with")
        model_id = self.models()[0].model_id
        self.assertIn("own_frequency", self.ctl("evaluate", model_id).stdout)
        self.assertIn(model_id, self.ctl("models").stdout)
        undo = self.ctl("activate", "heuristic-v0").stdout
        self.assertIn(f"To undo: clustrctl activate {model_id}", undo)
        self.assertIn("was not measured", self.ctl("evaluate").stdout)


class AutomaticTrainingTest(ShopTest):
    @classmethod
    def populate(cls):
        cls.shop.bundles.flags = []
        cls.shop.bundles.restart()
        TrainingTest.populate.__func__(cls)

    answer_of = TrainingTest.__dict__["answer_of"]

    def test_a_shop_trains_on_its_own(self):
        def trained():
            return self.answer_of(basket_skus=[1]).provenance.model_id == "trained-1"

        eventually(trained, 90, "no model was trained")


class TooSmallTest(ShopTest):
    @classmethod
    def populate(cls):
        rows.import_catalog(cls.shop, rows.products(3), rows.customers(1), rows.timeframes(1))

    def test_an_empty_shop_cannot_train_and_says_what_to_do(self):
        with self.assertRaises(grpc.RpcError) as refused:
            list(self.bundles.models.TrainModel(pb.TrainModelRequest()))
        self.assertEqual(refused.exception.code(), StatusCode.FAILED_PRECONDITION)
        self.assertIn("import or record purchases", refused.exception.details())
