"""Several servers of bundles on one database of PostgreSQL answer alike, and share models and the turn to train."""

import time

import grpc
from grpc import StatusCode

from harness import pb, rows
from harness.case import ShopTest
from harness.postgres import Postgres
from harness.servers import Server, Shop, eventually, free_port
from recommending import training_test
from recommending.rule_sets_test import header, messages

FOLLOWED_SECONDS = 2
WATCH_SECONDS = 5  # Between looks of a server whether it is time to train.


class TwoServersTest(ShopTest):
    """A shop with a second bundles on the database of the first."""

    flags = ["--train=off"]

    @classmethod
    def setUpClass(cls):
        super(ShopTest, cls).setUpClass()
        cls.postgres = Postgres(free_port())
        cls.addClassCleanup(cls.postgres.close)
        cls.postgres.start()
        cls.shop = Shop(cls.postgres)
        cls.addClassCleanup(cls.shop.close)
        cls.shop.bundles.flags = cls.flags
        cls.shop.start()
        folder = cls.shop.folder / "second-bundles"
        folder.mkdir()
        first = cls.shop.bundles
        cls.second = Server(
            "bundles", folder, first.upstreams, environ=first.environ, flags=first.flags, database_url=first.database_url
        )
        cls.addClassCleanup(cls.second.close)
        cls.second.start()
        training_test.TrainingTest.populate.__func__(cls)

    answer_of = training_test.TrainingTest.__dict__["answer_of"]

    @property
    def both(self):
        return self.bundles, self.second.client

    def visible(self):
        return {"min_sales_revision": self.sales_revision, "min_catalog_revision": self.catalog_revision}

    def products(self, client, **fields):
        return self.answer(
            client.recommendations.RecommendProducts, pb.RecommendProductsRequest(**fields, **self.visible())
        )

    def train(self, client, **fields):
        return list(client.models.TrainModel(pb.TrainModelRequest(**fields), timeout=120))[-1].model

    def models(self, client):
        return list(self.answer(client.models.ListModels, pb.ListModelsRequest()).models)

    def activate(self, client, model_id):
        return self.answer(client.models.ActivateModel, pb.ActivateModelRequest(model_id=model_id))

    def follows(self, client, model_id):
        """Waits until a request that names no model is answered by this one."""

        def answered():
            return self.products(client, basket_skus=[1]).provenance.model_id == model_id

        eventually(answered, FOLLOWED_SECONDS, lambda: f"{model_id} does not answer")


class ReplicasTest(TwoServersTest):
    def setUp(self):
        super().setUp()
        if not self.second.running:
            self.second.kill()
            self.second.start()
        self.activate(self.bundles, "heuristic-v0")
        self.follows(self.second.client, "heuristic-v0")

    # Answers

    def test_both_have_the_same_digest_and_answers(self):
        verdicts = []
        for client in self.both:
            request = pb.VerifyAssociationRulesRequest(**self.visible())
            verdicts.append(list(client.rules.VerifyAssociationRules(request, timeout=60))[-1].verdict)
        self.assertEqual([verdict.difference_count for verdict in verdicts], [0, 0])
        self.assertGreater(verdicts[0].served_rule_count, 10)
        self.assertEqual(verdicts[0].digest, verdicts[1].digest)
        self.assertEqual(verdicts[0].sales_revision, verdicts[1].sales_revision)
        request = pb.ListAssociationRulesRequest(page_size=500, **self.visible())
        lists = [self.answer(client.rules.ListAssociationRules, request) for client in self.both]
        self.assertEqual(lists[0].rules, lists[1].rules)
        self.assertEqual(lists[0].provenance, lists[1].provenance)
        request = pb.RecommendBundlesRequest(**self.visible())
        bundles = [self.answer(client.recommendations.RecommendBundles, request) for client in self.both]
        self.assertTrue(bundles[0].recommendations)
        self.assertEqual(bundles[0], bundles[1])
        products = [self.products(client, basket_skus=[1, 9]) for client in self.both]
        self.assertEqual(products[0], products[1])

    def page(self, client, **fields):
        return self.answer(client.rules.ListAssociationRules, pb.ListAssociationRulesRequest(**fields))

    def test_a_list_of_rules_goes_on_at_the_other_while_the_shop_is_the_same(self):
        whole = self.page(self.bundles, page_size=1000, **self.visible())
        size = len(whole.rules) // 5 + 1
        pages = [self.page(self.bundles, page_size=size, **self.visible())]
        while pages[-1].next_page_token:
            client = self.both[len(pages) % 2]
            pages.append(self.page(client, page_size=size, page_token=pages[-1].next_page_token, **self.visible()))
        self.assertGreater(len(pages), 3)
        self.assertEqual([rule for page in pages for rule in page.rules], list(whole.rules))

        purchase = rows.purchase(1, [(1, 1), (37, 1)], min_catalog_revision=self.catalog_revision)
        revision = self.answer(self.sales.transactions.RecordPurchase, purchase).revision
        for client in self.both:  # Both count it.
            self.page(client, min_sales_revision=revision)
        begun = dict(page_size=size, page_token=pages[0].next_page_token, **self.visible())
        self.assertEqual(self.page(self.bundles, **begun).rules, pages[1].rules)
        fresh = self.page(self.bundles, page_size=size + 1, min_sales_revision=revision)
        purchase = rows.purchase(1, [(1, 1), (37, 1)], min_catalog_revision=self.catalog_revision)
        revision = self.answer(self.sales.transactions.RecordPurchase, purchase).revision
        self.page(self.second.client, min_sales_revision=revision)
        gone = pb.ListAssociationRulesRequest(
            page_size=size + 1, page_token=fresh.next_page_token, min_sales_revision=fresh.provenance.sales_revision
        )
        self.refused(StatusCode.ABORTED, "PAGE_TOKEN_EXPIRED", self.second.client.rules.ListAssociationRules, gone)

    def test_a_client_sees_its_own_write_at_either(self):
        for number in range(10):
            purchase = rows.purchase(1, [(1, 1), (37, 1)], min_catalog_revision=self.catalog_revision)
            revision = self.answer(self.sales.transactions.RecordPurchase, purchase).revision
            request = pb.ExplainAssociationRuleRequest(
                antecedents=[1], consequents=[37], min_sales_revision=revision
            )
            told = [self.answer(client.rules.ExplainAssociationRule, request) for client in self.both]
            self.assertGreater(told[0].rule.count_ab, number)
            self.assertEqual(told[0].rule, told[1].rule)
            self.assertGreaterEqual(told[number % 2].provenance.sales_revision, revision)

    # Models

    def test_one_trains_and_the_other_serves_the_same_model(self):
        trained = self.train(self.bundles, seed=7)
        # At once: the other looks into the database before it says that there is no such model.
        answers = [
            self.products(client, basket_skus=[1, 5], customer_id=3, model_id=trained.model_id) for client in self.both
        ]
        self.assertEqual(answers[0].provenance.model_id, trained.model_id)
        self.assertTrue(answers[0].recommendations)
        self.assertEqual(answers[0], answers[1], "equal scores, bit by bit")
        got = [
            self.answer(client.models.GetModel, pb.GetModelRequest(model_id=trained.model_id)).model
            for client in self.both
        ]
        self.assertEqual(got[0], got[1])
        self.assertEqual(got[1].digest, trained.digest)
        self.assertEqual(self.models(self.bundles), self.models(self.second.client))

    def test_a_choice_at_one_holds_at_the_other_within_a_moment(self):
        model_id = self.train(self.second.client).model_id
        self.activate(self.bundles, model_id)
        self.follows(self.second.client, model_id)
        self.activate(self.second.client, "heuristic-v0")
        self.follows(self.bundles, "heuristic-v0")
        shares = [pb.ModelShare(model_id=model_id, percent=50), pb.ModelShare(model_id="heuristic-v0", percent=50)]
        self.answer(self.bundles.models.SetTraffic, pb.SetTrafficRequest(shares=shares))

        def divided():
            got = self.answer(self.second.client.models.GetModel, pb.GetModelRequest(model_id=model_id))
            return got.model.traffic_percent == 50

        eventually(divided, FOLLOWED_SECONDS, "the traffic is not divided at the other")
        for key in range(20):
            answers = [self.products(client, basket_skus=[1], traffic_key=f"visitor-{key}") for client in self.both]
            self.assertEqual(answers[0], answers[1])

    def test_a_server_that_was_down_finds_what_was_added_and_chosen(self):
        self.second.stop()
        model_id = self.train(self.bundles, seed=11).model_id
        self.activate(self.bundles, model_id)
        self.second.start()
        self.follows(self.second.client, model_id)
        self.assertEqual(self.models(self.second.client), self.models(self.bundles))
        self.assertEqual(list(self.status(self.second.client).problems), [])

    def test_a_rule_set_is_served_by_both(self):
        rules = [pb.CountedRule(antecedents=[1], consequents=[2], count_a=70, count_b=60, count_ab=50)]
        stream = list(messages(header("elsewhere", rules), rules))
        imported = self.bundles.rules.ImportRules(iter(stream), timeout=30).rule_set
        request = pb.ListAssociationRulesRequest(rule_set="elsewhere", **self.visible())
        told = [self.answer(client.rules.ListAssociationRules, request) for client in self.both]
        self.assertEqual(told[0], told[1])
        self.assertEqual(told[1].rule_set, imported)
        again = self.second.client.rules.ImportRules(iter(stream), timeout=30)
        self.assertTrue(again.replayed)
        self.answer(self.second.client.rules.DeleteRuleSet, pb.DeleteRuleSetRequest(name="elsewhere"))

        def gone():
            return not self.answer(self.bundles.rules.ListRuleSets, pb.ListRuleSetsRequest()).rule_sets

        eventually(gone, FOLLOWED_SECONDS, "the rule set is still there")

    # Training

    def test_the_other_trains_only_when_the_first_is_done_or_dead(self):
        before = {model.model_id for model in self.models(self.bundles)}
        call = self.second.client.models.TrainModel(pb.TrainModelRequest(), timeout=120)
        next(call)
        refused = self.training_refusal(self.bundles)
        self.assertEqual(refused.code(), StatusCode.RESOURCE_EXHAUSTED)
        self.assertIn("already being trained by another server of this database", refused.details())
        self.second.kill()  # SIGKILL in the middle of the training
        killed = time.monotonic()

        def trained():
            try:
                return self.train(self.bundles)
            except grpc.RpcError as error:
                self.assertEqual(error.code(), StatusCode.RESOURCE_EXHAUSTED)
                return None

        model = eventually(trained, 60, "the dead server still has the turn")
        self.assertLess(time.monotonic() - killed, 60)
        after = {model.model_id for model in self.models(self.bundles)}
        self.assertEqual(after - before, {model.model_id}, "nothing is left of the training that was killed")

    def training_refusal(self, client):
        with self.assertRaises(grpc.RpcError) as refused:
            list(client.models.TrainModel(pb.TrainModelRequest(), timeout=60))
        return refused.exception

    # The floor

    def test_the_floor_of_the_newest_state_is_kept_whoever_stops_last(self):
        purchase = rows.purchase(2, [(2, 1), (3, 1)], min_catalog_revision=self.catalog_revision)
        revision = self.answer(self.sales.transactions.RecordPurchase, purchase).revision
        for client in self.both:
            request = pb.ListAssociationRulesRequest(min_sales_revision=revision)
            rules = self.answer(client.rules.ListAssociationRules, request)
        self.second.stop()
        self.shop.bundles.stop()
        database = self.shop.bundles.database_url.rpartition("/")[2]
        stored = self.postgres.sql("SELECT sales_revision FROM bundle_floor", database)
        self.assertEqual(stored, str(revision))
        count = self.postgres.sql("SELECT count(*) FROM bundle_rules", database)
        self.assertEqual(int(count), rules.total_size)
        self.shop.bundles.start()
        self.second.start()


class AutomaticTrainingTest(TwoServersTest):
    flags = ["--train=auto"]

    def test_one_of_them_trains_and_both_serve_the_model(self):
        def trained():
            return self.products(self.bundles, basket_skus=[1]).provenance.model_id == "trained-1"

        eventually(trained, 90, "no model was trained")
        self.follows(self.second.client, "trained-1")
        time.sleep(3 * WATCH_SECONDS)  # Each has looked again whether it is time to train.
        for client in self.both:
            self.assertEqual([model.model_id for model in self.models(client)], ["trained-1", "heuristic-v0"])
