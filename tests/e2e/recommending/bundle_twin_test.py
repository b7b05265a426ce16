"""Bundles, their scores and the bounds that keep them out equal brute force over the exports of the services."""

import datetime
import itertools
import math
import os
import random

from harness import pb, rows
from harness.case import ShopTest
from harness.reference import baskets

WEIGHTS = {"lift": 0.25, "least_confidence": 0.25, "support": 0.20, "jaccard": 0.15, "mean_confidence": 0.15}
DEFAULTS = {
    "min_items": 2,
    "max_items": 4,
    "min_support": 0.001,
    "min_confidence": 0.1,
    "min_count": 2,
    "in_stock_only": True,
}
#: Answers of at most so many bundles have no near-duplicates if there are others.
PAGE = 20
LOOSEST = {
    "min_items": 2,
    "max_items": 5,
    "min_support": 0,
    "min_confidence": 0,
    "min_count": 1,
    "in_stock_only": False,
}


class Twin:
    """Computes heuristic-v0 and every bound by definition, over the baskets of one population."""

    def __init__(self, products, found):
        self.products = {product.product_sku: product for product in products}
        self.baskets = found
        self.counts = {}
        self.maxima = dict.fromkeys(WEIGHTS, 0.0)
        pairs = {pair for basket in found for pair in itertools.combinations(sorted(basket), 2)}
        for pair in pairs:
            if self.count(pair) >= 2 and self.count(pair) / len(found) >= 0.001:
                for name, value in self.measures(*pair).items():
                    self.maxima[name] = max(self.maxima[name], value)

    def count(self, skus):
        key = tuple(sorted(skus))
        if key not in self.counts:
            self.counts[key] = sum(1 for basket in self.baskets if basket.issuperset(key))
        return self.counts[key]

    def measures(self, a, b):
        count_a, count_b, both, total = self.count([a]), self.count([b]), self.count([a, b]), len(self.baskets)
        if both == 0:
            return dict.fromkeys(WEIGHTS, 0.0)
        return {
            "lift": both * total / (count_a * count_b),
            "least_confidence": both / max(count_a, count_b),
            "support": both / total,
            "jaccard": both / (count_a + count_b - both),
            "mean_confidence": both * (count_a + count_b) / (2 * count_a * count_b),
        }

    def score(self, bundle):
        strengths = [
            sum(
                WEIGHTS[name] * min(1.0, value / self.maxima[name])
                for name, value in self.measures(*pair).items()
                if self.maxima[name]
            )
            for pair in itertools.combinations(sorted(bundle), 2)
        ]
        return 1 / (1 + math.exp(-5 * (sum(strengths) / len(strengths) - 0.5)))

    def broken(self, bundle, anchors, bounds):
        """Returns the names of the bounds that keep a bundle out, except max_overlap."""
        known = [self.products[sku] for sku in bundle if sku in self.products]
        price = round(sum(100 * product.price for product in known))
        costs = [round(100 * product.unit_cost) if product.HasField("unit_cost") else None for product in known]
        count, largest = self.count(bundle), max(self.count([sku]) for sku in bundle)
        categories = [product.category for product in known]
        ratio = bounds.get("min_margin_ratio")
        rules = {
            "bundle": len(known) < len(bundle),
            "anchor_skus": not set(anchors) <= set(bundle),
            "constraints.min_items": len(bundle) < bounds["min_items"],
            "constraints.max_items": len(bundle) > bounds["max_items"],
            "constraints.min_support": self.baskets and count / len(self.baskets) < bounds["min_support"],
            "constraints.min_confidence": (count / largest if largest else 0) < bounds["min_confidence"],
            "constraints.min_count": count < bounds["min_count"],
            "constraints.min_total_price": price < 100 * bounds.get("min_total_price", 0),
            "constraints.max_total_price": price > 100 * bounds.get("max_total_price", 1e9),
            "constraints.min_margin_ratio": ratio is not None
            and (len(known) < len(bundle) or None in costs or (price - sum(costs)) / price < ratio),
            "constraints.in_stock_only": bounds["in_stock_only"] and not all(product.in_stock for product in known),
            "constraints.categories": bounds.get("categories")
            and not set(categories) <= set(bounds["categories"]),
            "constraints.brands": bounds.get("brands")
            and not {product.brand for product in known} <= set(bounds["brands"]),
            "constraints.cross_category_only": bounds.get("cross_category_only")
            and len(set(categories)) < len(categories),
            "constraints.excluded_skus": bool(set(bounds.get("excluded_skus", ())) & set(bundle)),
            "constraints.exclude_purchased_days": bool((set(bounds.get("purchased", ())) - set(anchors)) & set(bundle)),
        }
        return [name for name, breaks in rules.items() if breaks]

    def recommend(self, anchors, bounds, limit):
        sold = sorted({sku for basket in self.baskets for sku in basket})
        fits = [
            bundle
            for size in range(bounds["min_items"], bounds["max_items"] + 1)
            for bundle in itertools.combinations(sold, size)
            if not self.broken(bundle, anchors, bounds)
        ]
        chosen = []
        for bundle in sorted(fits, key=self.rank):
            overlap = max((share_of(bundle, other, anchors, bounds) for other in chosen), default=0)
            if overlap <= bounds.get("max_overlap", 1) and len(chosen) < limit:
                chosen.append(bundle)
        if bounds.get("is_preference"):
            others = [bundle for bundle in sorted(fits, key=self.rank) if bundle not in chosen]
            chosen = sorted(chosen + others[: limit - len(chosen)], key=self.rank)
        return chosen

    def rank(self, bundle):
        return -self.score(bundle), bundle


def share_of(bundle, other, anchors, bounds):
    """The share of a bundle that is also in another one; for the default, a preference, anchors do not count."""
    ignored = set(anchors) if bounds.get("is_preference") else set()
    counted = set(bundle) - ignored
    return len(counted & set(other)) / len(counted) if counted else 0


def with_defaults(bounds, limit):
    """The bounds that a request with these bounds and this limit has."""
    effective = {**DEFAULTS, **bounds}
    effective["max_items"] = max(effective["max_items"], effective["min_items"])
    if "max_overlap" not in bounds and limit <= PAGE:
        effective.update(max_overlap=0.4, is_preference=True)
    return effective


class BundleTwinTest(ShopTest):
    @classmethod
    def populate(cls):
        chance = cls.random = random.Random(int(os.environ.get("CLUSTR_SEED", "17")))
        products = rows.products(9)
        products[3].ClearField("unit_cost")
        products[4].in_stock = False
        people = rows.customers(8, city="Miami")
        for person in people:
            person.gender = chance.choice(["Female", "Male", ""])
            person.age = chance.randint(20, 40)
        revision = rows.import_catalog(cls.shop, products, people, rows.timeframes(9))
        headers, lines = [], []
        for number in range(1, 61):
            headers.append(
                pb.Transaction(
                    transaction_id=number,
                    customer_id=chance.randint(1, 8),
                    time_id=chance.randint(1, 9),
                    channel=chance.choice(["Online", "Store"]),
                )
            )
            for sku in chance.sample(range(1, 10), chance.randint(1, 5)):
                lines.append(pb.Sale(sale_id=len(lines) + 1, transaction_id=number, product_sku=sku, quantity=1))
        rows.import_rows(cls.shop.sales.client, headers, min_catalog_revision=revision)
        rows.import_rows(cls.shop.sales.client, lines)
        cls.transactions = rows.export(cls.shop.sales.client, "transactions")
        cls.sales_rows = rows.export(cls.shop.sales.client, "sales")
        cls.customers = rows.export(cls.shop.catalog.client, "customers")
        cls.products = rows.export(cls.shop.catalog.client, "products")
        cls.twins = {}

    def twin(self, population):
        key = population.SerializeToString(deterministic=True)
        if key not in self.twins:
            found = baskets(self.transactions, self.sales_rows, self.customers, population)
            self.twins[key] = Twin(self.products, found)
        return self.twins[key]

    def some_bounds(self):
        """Returns random constraints as a dict."""
        choices = {
            "min_items": [2, 3],
            "max_items": [3, 4, 5],
            "min_support": [0, 0.02, 0.1],
            "min_confidence": [0, 0.2, 0.35],
            "min_count": [1, 3, 6],
            "min_total_price": [5, 12.5],
            "max_total_price": [9.75, 20, 1],
            "min_margin_ratio": [0.4, 0.55],
            "in_stock_only": [False],
            "categories": [["Category 1", "Category 2"]],
            "brands": [["Brand 0", "Brand 1"]],
            "cross_category_only": [True],
            "excluded_skus": [[1], [2, 7]],
            "max_overlap": [0, 1 / 3, 0.5],
        }
        return {name: self.random.choice(values) for name, values in choices.items() if self.random.random() < 0.25}

    def some_population(self):
        population = pb.Population()
        if self.random.random() < 0.3:
            population.genders.append(self.random.choice(["Female", "Male", ""]))
        if self.random.random() < 0.2:
            population.channels.append("Online")
        if self.random.random() < 0.2:
            population.min_age = 25
        return population

    def filled(self, request):
        """The population with the attributes of the customer, of which those are left out that leave fewer than 1,000."""
        population = pb.Population()
        population.CopyFrom(request.population)
        for person in self.customers:
            if not request.HasField("customer_id") or person.customer_id != request.customer_id:
                continue
            for attribute in ("gender", "age"):
                narrower = pb.Population()
                narrower.CopyFrom(population)
                if attribute == "gender" and not population.genders and person.gender:
                    narrower.genders.append(person.gender)
                elif attribute == "age" and not (population.HasField("min_age") or population.HasField("max_age")):
                    narrower.min_age, narrower.max_age = max(0, person.age - 5), person.age + 5
                if len(self.twin(narrower).baskets) >= 1000:
                    population = narrower
        return population

    def purchased(self, customer_id, days):
        """What the customer bought in the last days of the shop."""
        kept = [line for line in self.sales_rows if line.quantity > line.returned_quantity]
        header = {header.transaction_id: header for header in self.transactions}
        date = {number: datetime.date.fromisoformat(header[number].purchase_date) for number in header}
        last = max(date[line.transaction_id] for line in kept)
        return {
            line.product_sku
            for line in kept
            if header[line.transaction_id].customer_id == customer_id
            and (last - date[line.transaction_id]).days < days
        }

    def shortfalls(self, request, bounds, limit, found):
        """Returns (field, more) for each bound, by asking the twin without that bound."""
        population, anchors = self.filled(request), list(request.anchor_skus)
        effective = with_defaults(bounds, limit)

        def more(population=population, anchors=anchors, bounds=effective):
            return max(0, len(self.twin(population).recommend(anchors, bounds, limit)) - found)

        got = []
        for field, _ in request.population.ListFields():
            wider = pb.Population()
            wider.CopyFrom(population)
            wider.ClearField(field.name)
            got.append((f"population.{field.name}", more(population=wider)))
        if population != request.population:
            got.append(("customer_id", more(population=request.population)))
        if anchors:
            got.append(("anchor_skus", more(anchors=[])))
        for field in pb.BundleConstraints.DESCRIPTOR.fields:
            if field.name in bounds or field.name in DEFAULTS:
                looser = {name: value for name, value in effective.items() if name != field.name}
                if field.name == "exclude_purchased_days":
                    looser.pop("purchased")
                if field.name in LOOSEST:
                    looser[field.name] = LOOSEST[field.name]
                got.append((f"constraints.{field.name}", more(bounds=looser)))
        return [bound for bound in got if bound[1] > 0] or got

    def test_answers_ranks_and_shortfalls_equal_those_of_the_twin(self):
        kinds = set()
        for round_ in range(40):
            bounds = self.some_bounds()
            limit = self.random.choice([1, 5, 30, 200])
            request = pb.RecommendBundlesRequest(
                population=self.some_population(),
                anchor_skus=self.random.choice([[], [], [1], [5, 2]]),
                constraints=pb.BundleConstraints(**bounds),
                limit=limit,
                **self.shop.revisions(),
            )
            if self.random.random() < 0.3:
                request.customer_id = self.random.randint(1, 9)
                if self.random.random() < 0.5:
                    days = request.constraints.exclude_purchased_days = self.random.choice([1, 4, 36_500])
                    bounds["exclude_purchased_days"] = days
                    bounds["purchased"] = self.purchased(request.customer_id, days)
            with self.subTest(round_, request=str(request)):
                if bounds.get("min_items", 2) > bounds.get("max_items", 5):
                    continue
                if bounds.get("min_total_price", 0) > bounds.get("max_total_price", 1e9):
                    continue
                effective = with_defaults(bounds, limit)
                twin = self.twin(self.filled(request))
                wanted = twin.recommend(request.anchor_skus, effective, limit)
                answer = self.answer(self.bundles.recommendations.RecommendBundles, request)
                self.assertEqual([tuple(result.bundle) for result in answer.recommendations], wanted)
                shown = [(shortfall.field, shortfall.more_count) for shortfall in answer.shortfalls]
                self.assertEqual(
                    shown, [] if len(wanted) == limit else self.shortfalls(request, bounds, limit, len(wanted))
                )
                kinds |= {field for field, more in shown if more}
                for bundle in wanted[:2] + [tuple(self.random.sample(range(1, 12), self.random.randint(2, 5)))]:
                    self.check_explanation(request, effective, twin, wanted, bundle)
        self.assertGreater(len(kinds), 8, f"hardly any bound was ever dropped: {kinds}")

    def check_explanation(self, request, bounds, twin, wanted, bundle):
        asked = list(bundle)
        self.random.shuffle(asked)
        got = self.answer(
            self.bundles.recommendations.ExplainBundle, pb.ExplainBundleRequest(bundle=asked, request=request)
        )
        bundle = tuple(sorted(bundle))
        self.assertEqual(tuple(got.recommendation.bundle), bundle)
        self.assertAlmostEqual(got.recommendation.score, twin.score(bundle), 12)
        score = got.recommendation.score
        self.assertEqual(got.bias, -2.5)
        self.assertEqual([part.feature for part in got.parts], list(WEIGHTS))
        for part in got.parts:
            self.assertAlmostEqual(part.contribution, 5 * WEIGHTS[part.feature] * part.value, 12)
        self.assertAlmostEqual(
            got.bias + sum(part.contribution for part in got.parts), math.log(score / (1 - score)), 10
        )
        if bundle in wanted:
            self.assertEqual((got.rank, list(got.excluded_by)), (wanted.index(bundle) + 1, []))
        else:
            broken = twin.broken(bundle, request.anchor_skus, bounds)
            self.assertEqual(got.rank, 0)
            if broken:
                self.assertEqual(list(got.excluded_by), broken)
            else:
                self.assertIn(list(got.excluded_by), (["limit"], ["constraints.max_overlap"]))
                self.assertEqual(
                    list(got.excluded_by) == ["limit"],
                    self.has_room(twin, wanted, bundle, request.anchor_skus, bounds),
                    wanted,
                )
        size = len(bundle)
        self.assertEqual(len(got.rules), 3**size - 2 ** (size + 1) + 1)
        for rule in got.rules:
            self.assertEqual(rule.count_ab, twin.count(list(rule.antecedents) + list(rule.consequents)))
            self.assertEqual(rule.count_a, twin.count(rule.antecedents))
            self.assertEqual(rule.count_b, twin.count(rule.consequents))
            self.assertTrue(rule.HasField("measures"))
        order = [(-rule.lift, rule.rule_id) for rule in got.rules]
        self.assertEqual(order, sorted(order))

    def has_room(self, twin, wanted, bundle, anchors, bounds):
        """True if the bundle overlaps no better result by more than the bound."""
        key = (-twin.score(bundle), bundle)
        return all(
            share_of(bundle, other, anchors, bounds) <= bounds.get("max_overlap", 1)
            for other in wanted
            if (-twin.score(other), other) < key
        )

    def test_scores_come_in_the_order_of_their_bundles(self):
        asked = [self.random.sample(range(1, 12), self.random.randint(2, 5)) for _ in range(100)]
        asked.append(asked[0])
        population = pb.Population(genders=["Female"])
        answer = self.answer(
            self.bundles.recommendations.ScoreBundles,
            pb.ScoreBundlesRequest(
                bundles=[pb.Bundle(product_skus=bundle) for bundle in asked],
                population=population,
                **self.shop.revisions(),
            ),
        )
        twin = self.twin(population)
        self.assertEqual(len(answer.recommendations), len(asked))
        self.assertEqual(answer.provenance.model_id, "heuristic-v0")
        for bundle, got in zip(asked, answer.recommendations):
            self.assertEqual(list(got.bundle), sorted(bundle))
            self.assertAlmostEqual(got.score, twin.score(bundle), 12)
            self.assertEqual((got.count, got.basket_count), (twin.count(bundle), len(twin.baskets)))
            self.assertFalse(got.HasField("probability"), "heuristic-v0 is not calibrated")
            self.assertEqual(list(got.product_names), [f"Product {sku}" if sku < 10 else "" for sku in got.bundle])

    def test_product_answers_say_what_keeps_others_out(self):
        def asked(**bounds):
            answer = self.answer(
                self.bundles.recommendations.RecommendProducts,
                pb.RecommendProductsRequest(
                    basket_skus=[1], limit=50, constraints=pb.ProductConstraints(**bounds), **self.shop.revisions()
                ),
            )
            return len(answer.recommendations), [(s.field, s.more_count) for s in answer.shortfalls]

        self.assertEqual(asked(), (7, [("constraints.in_stock_only", 1)]))
        self.assertEqual(asked(in_stock_only=False), (8, [("constraints.in_stock_only", 0)]))
        self.assertEqual(
            asked(max_price=4.25, categories=["Category 2"]),
            (1, [("constraints.max_price", 1), ("constraints.categories", 2)]),
        )
        self.assertEqual(asked(excluded_skus=[2, 3, 5])[1], [("constraints.excluded_skus", 2)])

    def test_clustrctl_shows_shortfalls_and_reasons(self):
        shown = self.ctl("recommend", "--limit=500", "--max-total-price=4").stderr
        self.assertRegex(shown, r"without --max-total-price: \d+ more")
        self.assertIn("without --in-stock-only: 1 more", self.ctl("complete", "1", "--limit=50").stderr)
        why = self.ctl("why", "1,2", "--max-total-price=1").stdout
        self.assertIn("because of --max-total-price", why)
        self.assertRegex(why, r"bias +-2\.5")
