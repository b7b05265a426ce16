"""Intents that are counted from the baskets, and explanations of products and bundles that add up to their scores."""

import datetime
import itertools
import pathlib
import random
import tempfile
import xml.dom.minidom

from grpc import StatusCode

from harness import pb, rows
from harness.case import ShopTest
from harness.client import Refusal, outcome

PRODUCTS, CUSTOMERS, DAYS, BASKETS = 24, 60, 140, 1500
#: 1 and 2 replace each other beside 3 and 4; 5 is followed by 6 after four days; 7 is new in the last two weeks.
TRENDING, SIMILAR, AFTER = pb.PRODUCT_INTENT_TRENDING, pb.PRODUCT_INTENT_SIMILAR, pb.PRODUCT_INTENT_AFTER


def day_of(number):
    return (datetime.date(2024, 1, 1) + datetime.timedelta(days=number)).isoformat()


class IntentsTest(ShopTest):
    @classmethod
    def populate(cls):
        people = [
            pb.Customer(customer_id=number, first_name="A", last_name="B", external_id=f"c{number}",
                        gender="Female" if number % 2 else "Male")
            for number in range(1, CUSTOMERS + 1)
        ]
        products = rows.products(PRODUCTS)
        for product in products:
            product.external_id = f"p{product.product_sku}"
        cls.catalog_revision = rows.import_catalog(cls.shop, products, people, rows.timeframes(DAYS))
        chance = random.Random(5)
        cls.baskets = []  # (customer, day, products)
        for number in range(BASKETS):
            day = number * DAYS // BASKETS
            skus = set(chance.sample(range(8, PRODUCTS), 2))
            if chance.random() < 0.4:
                skus |= {chance.choice([1, 2]), 3, 4}
            if day >= DAYS - 14 and chance.random() < 0.3:
                skus.add(7)
            cls.baskets.append((chance.randint(1, CUSTOMERS), day, skus))
        for customer in range(1, 31):
            cls.baskets.append((customer, 20 + customer, {5}))
            if customer % 2:
                cls.baskets.append((customer, 24 + customer, {6}))
        headers, lines = [], []
        for number, (customer, day, skus) in enumerate(cls.baskets, 1):
            headers.append(
                pb.Transaction(transaction_id=number, customer_id=customer, time_id=day + 1, channel=("Online", "Store")[number % 2])
            )
            for sku in skus:
                lines.append(pb.Sale(sale_id=len(lines) + 1, transaction_id=number, product_sku=sku, quantity=1))
        rows.import_rows(cls.shop.sales.client, headers, min_catalog_revision=cls.catalog_revision)
        cls.sales_revision = rows.import_rows(cls.shop.sales.client, lines).revision
        # A training takes the baskets that bundles has by then.
        cls.shop.bundles.client.recommendations.RecommendProducts(
            pb.RecommendProductsRequest(min_sales_revision=cls.sales_revision)
        )
        cls.model_id = list(cls.shop.bundles.client.models.TrainModel(pb.TrainModelRequest(), timeout=120))[-1].model.model_id

    def setUp(self):
        super().setUp()
        self.answer(self.bundles.models.ActivateModel, pb.ActivateModelRequest(model_id="heuristic-v0"))

    def ask(self, **fields):
        fields.setdefault("min_sales_revision", self.sales_revision)
        return self.answer(self.bundles.recommendations.RecommendProducts, pb.RecommendProductsRequest(**fields))

    def refusal(self, **fields):
        refused = outcome(self.bundles.recommendations.RecommendProducts, pb.RecommendProductsRequest(**fields))
        self.assertIsInstance(refused, Refusal)
        return refused

    def skus(self, answer):
        return [item.product_sku for item in answer.recommendations]

    def test_trending_counts_exactly_and_is_no_list_of_bestsellers(self):
        answer = self.ask(intent=TRENDING, recent_days=14)
        self.assertEqual(self.skus(answer), [7])
        recent = [skus for _, day, skus in self.baskets if day >= DAYS - 14]
        earlier = [skus for _, day, skus in self.baskets if DAYS - 70 <= day < DAYS - 14]
        trend = answer.recommendations[0].trend
        self.assertEqual(trend.recent_count, sum(7 in skus for skus in recent))
        self.assertEqual((trend.recent_basket_count, trend.earlier_count), (len(recent), 0))
        self.assertEqual(trend.earlier_basket_count, len(earlier))
        self.assertEqual(
            (trend.earlier_start_date, trend.recent_start_date, trend.recent_end_date),
            (day_of(DAYS - 70), day_of(DAYS - 14), day_of(DAYS - 1)),
        )
        self.assertFalse(trend.HasField("growth"))
        self.assertLess(trend.p_value, 0.001)
        self.assertGreater(answer.recommendations[0].score, 2)
        self.assertEqual([(item.field, item.more_count) for item in answer.shortfalls], [("intent", 9)])
        store = self.ask(intent=TRENDING, recent_days=14, population={"channels": ["Store"]})
        self.assertEqual(
            store.recommendations[0].trend.recent_count,
            sum(7 in skus and number % 2 == 1 for number, (_, day, skus) in enumerate(self.baskets, 1) if day >= DAYS - 14),
        )

    def test_similar_finds_what_replaces_a_product_by_either_id(self):
        answer = self.ask(intent=SIMILAR, basket_skus=[1], limit=3)
        self.assertEqual(answer.recommendations[0].product_sku, 2)
        similarity = answer.recommendations[0].similarity
        self.assertEqual(similarity.together_count, 0)
        self.assertLessEqual({3, 4}, set(similarity.context_skus))
        self.assertEqual(list(answer.recommendations[0].because_skus), [1])
        self.assertEqual(self.ask(intent=SIMILAR, basket_external_ids=["p1"], limit=3).recommendations, answer.recommendations)

    def test_after_counts_customers_and_days(self):
        answer = self.ask(intent=AFTER, basket_skus=[5], within_days=7, limit=500)
        self.assertEqual(answer.recommendations[0].product_sku, 6)
        sequel = answer.recommendations[0].sequel
        self.assertEqual((sequel.buyer_count, sequel.after_count, sequel.before_count), (30, 15, 0))
        self.assertEqual((sequel.median_gap_days, answer.recommendations[0].score), (4, 0.5))
        for item in answer.recommendations:
            after = before = 0
            for customer in range(1, 31):
                days = [day for who, day, skus in self.baskets if who == customer and item.product_sku in skus]
                start = 20 + customer
                after += any(1 <= day - start <= 7 for day in days)
                before += any(1 <= start - day <= 7 for day in days)
            self.assertEqual((item.sequel.after_count, item.sequel.before_count), (after, before), item.product_sku)
        nobody = self.ask(intent=AFTER, basket_skus=[5], within_days=3)
        self.assertNotIn(6, self.skus(nobody))

    def test_bounds_hold_and_shortfalls_name_them(self):
        answer = self.ask(intent=SIMILAR, basket_skus=[1], constraints={"max_price": 1})
        self.assertEqual(self.skus(answer), [])
        self.assertIn("constraints.max_price", [item.field for item in answer.shortfalls])
        self.assertNotIn(2, self.skus(self.ask(intent=SIMILAR, basket_skus=[1], constraints={"excluded_external_ids": ["p2"]})))

    def test_refusals_name_the_field_and_the_remedy(self):
        for fields, text in (
            ({"intent": SIMILAR}, "basket_skus: 0 entries, but intent PRODUCT_INTENT_SIMILAR is about one product; give one"),
            ({"intent": AFTER, "basket_skus": [1, 2]}, "basket_skus: 2 entries"),
            ({"intent": SIMILAR, "basket_skus": [1], "within_days": 3}, "within_days: 3 is for intent PRODUCT_INTENT_AFTER only"),
            ({"recent_days": 3}, "recent_days: 3 is for intent PRODUCT_INTENT_TRENDING only"),
            ({"intent": TRENDING, "recent_days": 366}, "recent_days: 366 is above 365"),
        ):
            with self.subTest(text):
                refused = self.refusal(**fields)
                self.assertEqual(refused.code, StatusCode.INVALID_ARGUMENT)
                self.assertIn(text, refused.message)
        for fields in ({"basket_skus": [9999]}, {"basket_external_ids": ["nobody"]}):
            refused = self.refusal(intent=SIMILAR, **fields)
            self.assertEqual(refused.code, StatusCode.NOT_FOUND, fields)
            self.assertIn(str(next(iter(fields.values()))[0]), refused.message)

    def test_a_basket_of_ten_thousand_products_is_answered(self):
        for model_id in ("heuristic-v0", self.model_id):
            answer = self.ask(basket_skus=[1, *range(1000, 10_999)], model_id=model_id)
            self.assertIn(3, self.skus(answer))

    def explain(self, sku, **request):
        request.setdefault("min_sales_revision", self.sales_revision)
        return self.answer(
            self.bundles.recommendations.ExplainProduct, pb.ExplainProductRequest(product_sku=sku, request=request)
        )

    def test_the_parts_of_a_product_add_up_to_its_score(self):
        requests = [
            {"basket_skus": [1, 3]}, {"basket_skus": [1, 3], "customer_id": 7}, {"customer_id": 7}, {},
            {"basket_skus": [3], "population": {"genders": ["Female"]}}, {"customer_id": 3, "population": {"channels": ["Store"]}},
            {"intent": TRENDING}, {"intent": SIMILAR, "basket_skus": [1]}, {"intent": AFTER, "basket_skus": [5]},
            {"intent": pb.PRODUCT_INTENT_BUY_AGAIN, "customer_id": 7}, {"intent": pb.PRODUCT_INTENT_DISCOVER, "customer_id": 7},
        ]
        ranks = 0
        for request, model_id in itertools.product(requests, ("heuristic-v0", self.model_id)):
            if model_id == "heuristic-v0" and request.get("intent") in (pb.PRODUCT_INTENT_BUY_AGAIN, pb.PRODUCT_INTENT_DISCOVER):
                continue
            answer = self.ask(limit=12, model_id=model_id, **request)
            places = {item.product_sku: (place, item) for place, item in enumerate(answer.recommendations, 1)}
            for sku in range(1, PRODUCTS + 1):
                with self.subTest(request=request, model=model_id, sku=sku):
                    why = self.explain(sku, limit=12, model_id=model_id, **request)
                    place, item = places.get(sku, (0, None))
                    self.assertEqual(why.rank, place)
                    self.assertNotEqual(bool(place), bool(why.excluded_by))
                    if item is not None:
                        self.assertEqual(why.recommendation, item)
                        ranks += 1
                    total = sum(part.contribution for part in why.parts)
                    self.assertAlmostEqual(total, why.recommendation.score, delta=1e-6)
                    rounding = sum(part.contribution for part in why.parts if part.feature == "rounding")
                    self.assertAlmostEqual(rounding, 0, delta=1e-5 * max(1, abs(total)))
                    for part in why.parts:
                        if part.from_sku:
                            self.assertLessEqual(part.together_count, min(part.from_count, why.count))
        self.assertGreater(ranks, 100)

    def test_an_explanation_says_what_keeps_a_product_out(self):
        self.assertEqual(list(self.explain(1, basket_skus=[1]).excluded_by), ["basket_skus"])
        self.assertEqual(
            list(self.explain(20, basket_skus=[1], constraints={"max_price": 3, "categories": ["none"]}).excluded_by),
            ["constraints.max_price", "constraints.categories"],
        )
        self.assertEqual(list(self.explain(8, intent=TRENDING).excluded_by), ["intent"])
        last = self.ask(limit=500).recommendations[-1].product_sku
        self.assertEqual(list(self.explain(last, limit=1).excluded_by), ["limit"])
        by_name = self.answer(
            self.bundles.recommendations.ExplainProduct, pb.ExplainProductRequest(product_external_id="p3", request={"basket_skus": [1]})
        )
        self.assertEqual(by_name.recommendation.product_sku, 3)
        self.assertEqual(by_name.parts[0].from_external_id, "p1")
        unknown = outcome(self.bundles.recommendations.ExplainProduct, pb.ExplainProductRequest(product_sku=99_999))
        self.assertEqual(unknown.code, StatusCode.NOT_FOUND)

    def test_the_parts_of_a_bundle_add_up_to_its_score(self):
        chance = random.Random(11)
        for _ in range(60):
            bundle = chance.sample(range(1, PRODUCTS + 1), chance.randint(2, 5))
            population = chance.choice([{}, {"genders": ["Male"]}, {"channels": ["Online"]}])
            for model_id in ("heuristic-v0", self.model_id):
                why = self.answer(
                    self.bundles.recommendations.ExplainBundle,
                    pb.ExplainBundleRequest(bundle=bundle, request={"population": population, "model_id": model_id}),
                )
                raw = why.bias + sum(part.contribution for part in why.parts)
                score = why.recommendation.score
                if why.provenance.model_id == "heuristic-v0":
                    raw = 1 / (1 + 2.718281828459045 ** -raw)
                self.assertAlmostEqual(raw, score, delta=1e-6)

    def test_the_first_page_of_bundles_has_no_near_duplicates(self):
        def page(**fields):
            return self.answer(self.bundles.recommendations.RecommendBundles, pb.RecommendBundlesRequest(**fields))

        few = page(limit=5)
        for place, item in enumerate(few.recommendations):
            for earlier in few.recommendations[:place]:
                self.assertLessEqual(len(set(item.bundle) & set(earlier.bundle)) / len(item.bundle), 0.4)
        every = page(limit=5, constraints={"max_overlap": 1})
        self.assertEqual(every.recommendations[0], few.recommendations[0])
        self.assertNotEqual(every.recommendations, few.recommendations)
        # With too few others, near-duplicates fill the page, and it is no shorter for them.
        full, all_of_them = page(limit=20), page(limit=20, constraints={"max_overlap": 1})
        self.assertEqual(len(full.recommendations), len(all_of_them.recommendations))
        scores = [item.score for item in full.recommendations]
        self.assertEqual(scores, sorted(scores, reverse=True))
        bounded = page(limit=20, constraints={"max_overlap": 0.4})
        self.assertLess(len(bounded.recommendations), 20)
        self.assertIn("constraints.max_overlap", [item.field for item in bounded.shortfalls])
        around = self.answer(self.bundles.recommendations.RecommendBundles, pb.RecommendBundlesRequest(anchor_skus=[3], limit=2))
        others = [set(item.bundle) - {3} for item in around.recommendations]
        self.assertGreater(len(others), 1)
        for one, other in itertools.combinations(others, 2):
            self.assertLessEqual(len(one & other) / len(other), 0.4)

    def test_a_report_is_one_page_with_plots(self):
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder) / "model.html"
            self.assertIn("wrote", self.ctl("evaluate", self.model_id, f"--report={path}").stderr)
            page = path.read_text(encoding="utf-8")
            heuristic = self.ctl("evaluate", "heuristic-v0", f"--report={path}").stderr
            self.assertIn("Nothing was measured", path.read_text(encoding="utf-8"))
            self.assertIn("wrote", heuristic)
            self.assertIn("cannot be written", self.ctl("evaluate", f"--report={folder}/none/x.html", code=3).stderr)
        model = self.answer(self.bundles.models.GetModel, pb.GetModelRequest(model_id=self.model_id)).model
        for metric in model.metrics:
            self.assertIn(f">{metric.name}<", page)
            self.assertIn(f"{metric.value:.4f}", page)
        for task in ("products", "next_basket"):
            shares = [item.share for item in model.importances if item.task == task]
            self.assertAlmostEqual(sum(shares), 1, 6)
            self.assertEqual(shares, sorted(shares, reverse=True))
        # Every point of the calibration is a circle; without a probability, the page says so in words.
        self.assertEqual(page.count("<circle"), len(model.calibration))
        self.assertEqual("no calibrated probability" in page, not model.calibration)
        self.assertNotIn("http", page.replace("http://www.w3.org", ""))
        self.assertEqual(xml.dom.minidom.parseString(page[page.index("<svg"): page.index("</svg>") + 6]).documentElement.tagName, "svg")

    def test_commands_show_intents_and_explanations(self):
        shown = self.ctl("recommend", "--intent=similar", "--basket=1", "--limit=2").stdout
        self.assertIn("Product 2", shown)
        self.assertIn("of its context; together in 0 baskets", shown)
        self.assertIn("15 of 30 buyers", self.ctl("complete", "5", "--intent=after", "--within-days=7").stdout)
        self.assertIn("before 0 of", self.ctl("recommend", "--intent=trending", "--recent-days=14").stdout)
        self.assertIn("confidence", self.ctl("why-product", "3", "1").stdout)
        refused = self.ctl("recommend", "--intent=trending", "--anchor=1", code=2)
        self.assertIn("--anchor: is about bundles", refused.stderr)
