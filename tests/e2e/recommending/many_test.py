"""Recommendations for all customers or products as one stream, and requests that are divided between two models."""

import csv
import io
import random
import time

import grpc
from grpc import StatusCode

from harness import pb, rows
from harness.case import ShopTest
from harness.client import CHANNEL, Client, Refusal, outcome
from harness.servers import eventually, shared_postgres

PRODUCTS, CUSTOMERS, DAYS, BASKETS = 30, 250, 60, 1000


class ManyTest(ShopTest):
    @classmethod
    def populate(cls):
        people = [
            pb.Customer(customer_id=3 * number, first_name="A", last_name="B", city=("Bern", "Basel")[number % 2],
                        **({"external_id": f"c{number}"} if number % 2 else {}))
            for number in range(1, CUSTOMERS + 1)
        ]
        cls.catalog_revision = rows.import_catalog(cls.shop, rows.products(PRODUCTS), people, rows.timeframes(DAYS))
        chance = random.Random(8)
        headers, lines = [], []
        for number in range(1, BASKETS + 1):
            customer = 3 * chance.randint(1, CUSTOMERS - 10)
            headers.append(
                pb.Transaction(transaction_id=number, customer_id=customer, time_id=1 + number * DAYS // (BASKETS + 1), channel="Online")
            )
            group = customer % 5 if chance.random() < 0.7 else chance.randrange(5)
            for place in chance.sample(range(6), 2):
                lines.append(
                    pb.Sale(sale_id=len(lines) + 1, transaction_id=number, product_sku=group * 6 + place + 1, quantity=1)
                )
        rows.import_rows(cls.shop.sales.client, headers, min_catalog_revision=cls.catalog_revision)
        cls.sales_revision = rows.import_rows(cls.shop.sales.client, lines).revision
        # A training takes the baskets that bundles has by then.
        cls.shop.bundles.client.recommendations.RecommendProducts(
            pb.RecommendProductsRequest(min_sales_revision=cls.sales_revision)
        )
        cls.trained = list(cls.shop.bundles.client.models.TrainModel(pb.TrainModelRequest(), timeout=120))[-1].model.model_id

    def setUp(self):
        super().setUp()
        self.activate("heuristic-v0")

    def activate(self, model_id):
        return self.answer(self.bundles.models.ActivateModel, pb.ActivateModelRequest(model_id=model_id))

    def many(self, **fields):
        fields.setdefault("request", {"limit": 5})
        return list(self.bundles.recommendations.RecommendForMany(pb.RecommendForManyRequest(**fields), timeout=60))

    def one(self, **fields):
        fields.setdefault("limit", 5)
        return self.answer(self.bundles.recommendations.RecommendProducts, pb.RecommendProductsRequest(**fields))

    def traffic(self, *shares):
        request = pb.SetTrafficRequest(shares=[{"model_id": name, "percent": percent} for name, percent in shares])
        return outcome(self.bundles.models.SetTraffic, request)

    def percents(self):
        listed = self.answer(self.bundles.models.ListModels, pb.ListModelsRequest()).models
        return {model.model_id: model.traffic_percent for model in listed}

    def test_every_customer_gets_what_a_single_call_gives(self):
        for model_id in ("heuristic-v0", self.trained):
            messages = self.many(request={"limit": 5, "model_id": model_id, "min_sales_revision": self.sales_revision})
            results = [result for message in messages for result in message.results]
            self.assertEqual([result.id for result in results], [3 * number for number in range(1, CUSTOMERS + 1)])
            self.assertEqual(messages[-1].done_count, CUSTOMERS)
            self.assertEqual({message.total_count for message in messages}, {CUSTOMERS})
            self.assertTrue(all(len(message.results) <= 100 for message in messages))
            for result in results[::17]:
                single = self.one(customer_id=result.id, model_id=model_id)
                self.assertEqual(list(result.recommendations), list(single.recommendations))
                self.assertEqual(result.model_id, single.provenance.model_id)
                number = result.id // 3
                self.assertEqual(result.external_id, f"c{number}" if number % 2 else "")

    def test_products_given_ids_and_conditions_select(self):
        similar = {"limit": 3, "intent": pb.PRODUCT_INTENT_SIMILAR}
        results = [result for message in self.many(request=similar, subjects=pb.MANY_SUBJECTS_PRODUCTS) for result in message.results]
        self.assertEqual([result.id for result in results], list(range(1, PRODUCTS + 1)))
        self.assertEqual(list(results[4].recommendations), list(self.one(basket_skus=[5], intent=pb.PRODUCT_INTENT_SIMILAR, limit=3).recommendations))
        given = self.many(ids=[9, 3, 9], external_ids=["c5", "c1"])
        self.assertEqual([result.id for result in given[0].results], [3, 9, 15])
        bern = self.many(customers={"cities": ["Bern"]})
        self.assertEqual([result.id for message in bern for result in message.results], [3 * n for n in range(2, CUSTOMERS + 1, 2)])
        nobody = self.many(customers={"cities": ["Nowhere"]})
        self.assertEqual([(len(message.results), message.total_count) for message in nobody], [(0, 0)])

    def test_a_call_resumes_after_the_last_id(self):
        whole = [result for message in self.many() for result in message.results]
        stream = self.bundles.recommendations.RecommendForMany(pb.RecommendForManyRequest(request={"limit": 5}), timeout=60)
        first = next(stream)
        stream.cancel()
        self.assertEqual(first.last_id, first.results[-1].id)
        rest = [result for message in self.many(after_id=first.last_id) for result in message.results]
        self.assertEqual([*first.results, *rest], whole)

    def test_few_calls_are_open_at_once_and_a_client_that_does_not_read_costs_one_message(self):
        # Without this, a fast client's window grows until the whole answer fits in.
        slow = Client(self.shop.bundles.address, options=[*CHANNEL, ("grpc.http2.bdp_probe", 0)])
        self.addCleanup(slow.channel.close)
        streams = [
            slow.recommendations.RecommendForMany(pb.RecommendForManyRequest(request={"limit": 30}), timeout=60)
            for _ in range(2)
        ]
        for stream in streams:
            next(stream)
        refused = outcome(self.bundles.recommendations.RecommendForMany, pb.RecommendForManyRequest(), timeout=60)
        self.assertEqual((refused.code, refused.reason), (StatusCode.RESOURCE_EXHAUSTED, "QUOTA"))
        start = time.monotonic()
        self.one(customer_id=3)
        self.assertLess(time.monotonic() - start, 5)
        for stream in streams:
            stream.cancel()
        eventually(lambda: not isinstance(outcome(self.many), Refusal), 20, "the slots are not free")

    def test_refusals_name_the_field_and_the_remedy(self):
        for fields, code, text in (
            ({"request": {"customer_id": 1}}, StatusCode.INVALID_ARGUMENT, "request.customer_id: is set, but the call sets it"),
            ({"request": {"basket_skus": [1]}, "subjects": pb.MANY_SUBJECTS_PRODUCTS}, StatusCode.INVALID_ARGUMENT, "request.basket_skus"),
            ({"customers": {"channels": ["Online"]}}, StatusCode.INVALID_ARGUMENT, "customers.channels: is a condition on baskets"),
            ({"customers": {"cities": ["Bern"]}, "ids": [3]}, StatusCode.INVALID_ARGUMENT, "customers: selects among all customers"),
            ({"request": {"intent": pb.PRODUCT_INTENT_SIMILAR}}, StatusCode.INVALID_ARGUMENT, "request.basket_skus: 0 entries"),
            ({"request": {"intent": pb.PRODUCT_INTENT_DISCOVER}}, StatusCode.INVALID_ARGUMENT, "needs a trained model"),
            ({"external_ids": ["nobody"]}, StatusCode.NOT_FOUND, "nobody"),
            ({"request": {"model_id": "nobody"}}, StatusCode.NOT_FOUND, 'no model "nobody"'),
            ({"after_id": -1}, StatusCode.INVALID_ARGUMENT, "after_id: -1 is below 0"),
        ):
            with self.subTest(text), self.assertRaises(grpc.RpcError) as refused:
                self.many(**fields)
            self.assertEqual(refused.exception.code(), code)
            self.assertIn(text, refused.exception.details())

    def test_the_command_writes_a_csv_and_goes_on_after_an_id(self):
        done = self.ctl("recommend", "--all-customers", "--limit=2", "--output=csv")
        table = list(csv.DictReader(io.StringIO(done.stdout)))
        self.assertEqual(len(table), 2 * CUSTOMERS)
        self.assertEqual((table[0]["for_id"], table[0]["for_external_id"], table[0]["rank"]), ("3", "c1", "1"))
        self.assertEqual(int(table[0]["product_sku"]), self.one(customer_id=3, limit=2).recommendations[0].product_sku)
        self.assertIn(f"{CUSTOMERS} customers", done.stderr)
        rest = self.ctl("recommend", "--all-customers", "--limit=1", "--city=Bern", "--after-id=700").stdout
        self.assertEqual([int(line.split(":")[0]) for line in rest.splitlines()],
                         [3 * n for n in range(2, CUSTOMERS + 1, 2) if 3 * n > 700])
        self.assertIn("2: ", self.ctl("recommend", "--all-products", "--intent=similar", "--limit=1").stdout)

    def test_the_command_waits_while_bundles_starts_again(self):
        self.shop.bundles.stop()
        asking = self.shop.start_ctl("--output=csv", "recommend", "--all-products", "--intent=similar")
        time.sleep(1)
        self.assertIsNone(asking.poll(), "it gave up at once")
        self.shop.bundles.start()
        out, err = asking.communicate(timeout=30)
        self.assertEqual(asking.returncode, 0, err)
        self.assertEqual(len({row["for_id"] for row in csv.DictReader(io.StringIO(out))}), PRODUCTS)

    def test_traffic_is_divided_by_a_sticky_key_and_survives_a_restart(self):
        self.assertEqual(list(self.traffic(("heuristic-v0", 40), (self.trained, 60)).shares)[1].percent, 60)
        self.assertEqual({name: percent for name, percent in self.percents().items() if percent}, {"heuristic-v0": 40, self.trained: 60})
        by_key = {key: self.one(traffic_key=key).provenance.model_id for key in (f"session {n}" for n in range(300))}
        share = list(by_key.values()).count(self.trained) / len(by_key)
        self.assertTrue(0.45 < share < 0.75, share)
        by_customer = {number: self.one(customer_id=number).provenance.model_id for number in range(3, 90, 3)}
        self.assertEqual(len(set(by_customer.values())), 2)
        self.assertEqual(self.one(customer_external_id="c1").provenance.model_id, by_customer[3])
        self.assertEqual({result.id: result.model_id for result in self.many()[0].results if result.id in by_customer}, by_customer)
        self.assertEqual(self.one().provenance.model_id, "heuristic-v0", "a request without a key gets the active model")
        self.assertEqual(self.one(traffic_key="x", model_id=self.trained).provenance.model_id, self.trained)
        discover = pb.PRODUCT_INTENT_DISCOVER  # heuristic-v0 does not know it
        for number in by_customer:
            self.assertEqual(self.one(customer_id=number, intent=discover).provenance.model_id, self.trained)
        self.assertTrue(self.many(request={"limit": 5, "intent": discover}))
        self.shop.bundles.restart()
        for key, model_id in list(by_key.items())[:40]:
            self.assertEqual(self.one(traffic_key=key, min_sales_revision=self.sales_revision).provenance.model_id, model_id)
        last = list(self.bundles.models.TrainModel(pb.TrainModelRequest(activate_if_better=True, seed=3), timeout=120))[-1]
        self.assertIn("not activated, because SetTraffic divides the traffic", last.outcome)
        self.activate("heuristic-v0")
        self.assertEqual({name: percent for name, percent in self.percents().items() if percent}, {"heuristic-v0": 100})
        self.assertEqual({self.one(traffic_key=key).provenance.model_id for key in list(by_key)[:40]}, {"heuristic-v0"})

    def test_the_share_of_a_lost_model_falls_to_the_active_one(self):
        lost = list(self.bundles.models.TrainModel(pb.TrainModelRequest(seed=9), timeout=120))[-1].model.model_id
        self.traffic(("heuristic-v0", 10), (lost, 90))
        self.shop.bundles.stop()
        self.cut_off(lost)
        self.shop.bundles.start()
        self.assertEqual(self.one(traffic_key="x", min_sales_revision=self.sales_revision).provenance.model_id, "heuristic-v0")
        self.assertEqual({name: percent for name, percent in self.percents().items() if percent}, {"heuristic-v0": 100})
        problems = " ".join(self.bundles.admin.GetStatus(pb.GetStatusRequest()).problems)
        self.assertIn(f"the model {lost}, which has 90 % of the traffic, cannot be loaded; heuristic-v0 answers instead", problems)

    def cut_off(self, model_id):
        """Leaves only the first bytes of the file of a model, or of its rows in the database."""
        if self.on_postgresql:
            cut = f"UPDATE bundle_files SET content = substr(content, 1, 100) WHERE name = '{model_id}.model'"
            return shared_postgres().sql(cut, self.shop.bundles.database_url.rpartition("/")[2])
        with open(f"{self.shop.bundles.database}.models/{model_id}.model", "r+b") as file:
            file.truncate(100)

    def test_bad_divisions_are_refused(self):
        for shares, code, text in (
            ([("heuristic-v0", 50)], StatusCode.INVALID_ARGUMENT, "shares: the percentages add up to 50"),
            ([("heuristic-v0", 50), ("heuristic-v0", 50)], StatusCode.INVALID_ARGUMENT, "shares[1].model_id"),
            ([("nobody", 100)], StatusCode.NOT_FOUND, 'no model "nobody"'),
            ([("heuristic-v0", 101)], StatusCode.INVALID_ARGUMENT, "shares[0].percent: 101 is above 100"),
        ):
            refused = self.traffic(*shares)
            self.assertEqual(refused.code, code)
            self.assertIn(text, refused.message)
        self.ctl("traffic", f"heuristic-v0=30", f"{self.trained}=70")
        self.assertIn("70 %", self.ctl("models").stdout)
        self.assertIn("active model answers all", self.ctl("traffic", "--end").stdout)
        self.assertIn("add up to 99", self.ctl("traffic", "heuristic-v0=99", code=3).stderr)
        self.ctl("traffic", code=2)
