"""Rules of random populations of random shops equal those mined by brute force from the exports of the services."""

import os
import random

from harness import environment, pb, rows
from harness.case import ShopTest
from harness.reference import baskets, differences, rules, served_rules
from harness.servers import Shop

GENDERS = ["Female", "Male", "", None]
INCOMES = ["Low", "High", None]
SEGMENTS = ["Regular", "High Value", None]
PREFERENCES = ["Casual", None]
CITIES = ["Miami", "Austin", "", None]
CHANNELS = ["Online", "Store", "", None]
PAYMENTS = ["Cash", "Credit Card", None]
PRODUCTS, CUSTOMERS, DAYS = 25, 40, 60


class RandomShop:
    """A shop that changes at random, only through the public API."""

    def __init__(self, shop, seed):
        self.shop = shop
        self.random = random.Random(seed)
        self.skus = list(range(1, PRODUCTS + 1))
        self.people = list(range(1, CUSTOMERS + 1))
        self.next_id = 1
        self.catalog_revision = 0

    def customer(self, number):
        choices = {
            "gender": GENDERS,
            "income_level": INCOMES,
            "customer_segment": SEGMENTS,
            "shopping_preference": PREFERENCES,
            "city": CITIES,
            "age": [18, 25, 40, 41, 70, None],
        }
        fields = {name: self.random.choice(values) for name, values in choices.items()}
        return pb.Customer(
            customer_id=number,
            first_name="A",
            last_name="B",
            **{name: value for name, value in fields.items() if value is not None},
        )

    def header_fields(self):
        fields = {
            "channel": self.random.choice(CHANNELS),
            "payment_type": self.random.choice(PAYMENTS),
            "time_id": self.random.randint(1, DAYS),
        }
        return {name: value for name, value in fields.items() if value is not None}

    def some_skus(self):
        favourites = self.random.choice([self.skus[:6], self.skus])
        return self.random.choices(favourites, k=self.random.randint(1, 6))

    def fill(self):
        self.catalog_revision = rows.import_catalog(
            self.shop, rows.products(PRODUCTS), [self.customer(number) for number in self.people], rows.timeframes(DAYS)
        )

    def import_baskets(self):
        headers, lines = [], []
        for number in range(self.next_id, self.next_id + self.random.randint(20, 150)):
            headers.append(
                pb.Transaction(
                    transaction_id=number, customer_id=self.random.choice(self.people), **self.header_fields()
                )
            )
            lines += [
                pb.Sale(
                    sale_id=100 * number + place,
                    transaction_id=number,
                    product_sku=sku,
                    quantity=self.random.randint(1, 3),
                )
                for place, sku in enumerate(self.some_skus())
            ]
        self.next_id = headers[-1].transaction_id + 1_000
        self.random.shuffle(lines)
        client = self.shop.sales.client
        for batch in (headers, lines):
            summary = rows.import_rows(
                client, batch, size=self.random.choice([7, 1000]), min_catalog_revision=self.catalog_revision
            )
            assert summary.failed_count == 0, summary

    def purchases(self):
        for _ in range(self.random.randint(1, 15)):
            lines = [(sku, self.random.randint(1, 3)) for sku in self.some_skus()]
            answer = self.shop.sales.client.transactions.RecordPurchase(
                rows.purchase(
                    self.random.choice(self.people),
                    lines,
                    min_catalog_revision=self.catalog_revision,
                    **self.header_fields(),
                )
            )
            self.next_id = max(self.next_id, answer.transaction.transaction_id + 1)

    def return_lines(self):
        lines = rows.export(self.shop.sales.client, "sales")
        if not lines:
            return
        changed = self.random.sample(lines, min(len(lines), 20))
        for line in changed:
            line.returned_quantity = self.random.choice([0, line.quantity, line.quantity])
        summary = rows.import_rows(self.shop.sales.client, changed)
        assert summary.failed_count == 0, summary

    def move_headers(self):
        headers = rows.export(self.shop.sales.client, "transactions")
        if not headers:
            return
        changed = self.random.sample(headers, min(len(headers), 20))
        for header in changed:
            header.customer_id = self.random.choice(self.people)
            header.channel = self.random.choice(["Online", "Store", "Mobile App"])
            header.time_id = self.random.randint(1, DAYS)
            header.purchase_date = ""
        summary = rows.import_rows(self.shop.sales.client, changed, min_catalog_revision=self.catalog_revision)
        assert summary.failed_count == 0, summary

    def change_customers(self):
        for number in self.random.sample(self.people, 5):
            request = pb.UpdateCustomerRequest(customer=self.customer(number))
            request.update_mask.paths.append("*")
            self.catalog_revision = self.shop.catalog.client.customers.UpdateCustomer(request).customer.revision

    def delete_product(self):
        if len(self.skus) > 5:
            sku = self.skus.pop(self.random.randrange(len(self.skus)))
            self.catalog_revision = self.shop.catalog.client.products.DeleteProduct(
                pb.DeleteProductRequest(product_sku=sku)
            ).revision

    def delete_customer(self):
        if len(self.people) > 10:
            number = self.people.pop(self.random.randrange(len(self.people)))
            self.catalog_revision = self.shop.catalog.client.customers.DeleteCustomer(
                pb.DeleteCustomerRequest(customer_id=number)
            ).revision

    def restart(self):
        server = self.random.choice(self.shop.servers)
        if self.random.random() < 0.5:
            server.stop()
        else:
            server.kill()
        server.start()

    def population(self):
        chosen = pb.Population()
        for field, values in (
            ("genders", GENDERS),
            ("income_levels", INCOMES),
            ("customer_segments", SEGMENTS),
            ("shopping_preferences", PREFERENCES),
            ("cities", CITIES),
            ("channels", CHANNELS),
            ("payment_types", PAYMENTS),
        ):
            if self.random.random() < 0.25:
                options = sorted({value or "" for value in values}) + ["Nobody's"]
                getattr(chosen, field).extend(self.random.sample(options, self.random.randint(1, len(options))))
        if self.random.random() < 0.3:
            chosen.min_age = self.random.choice([0, 18, 26, 41])
        if self.random.random() < 0.3:
            chosen.max_age = max(chosen.min_age, self.random.choice([25, 40, 150]))
        if self.random.random() < 0.3:
            chosen.start_date = f"2024-01-{self.random.randint(1, 31):02}"
        if self.random.random() < 0.3:
            chosen.end_date = f"2024-02-{self.random.randint(1, 29):02}"
        return chosen

    def thresholds(self):
        values = {
            "min_support": self.random.choice([None, 0.0, 0.01, 0.05, 1 / 3]),
            "min_confidence": self.random.choice([None, 0.2, 0.5, 1.0]),
            "min_lift": self.random.choice([None, 0.0, 1.5]),
            "min_count": self.random.choice([None, 1, 3]),
            "max_items": self.random.choice([None, 2, 3]),
            "max_consequents": self.random.choice([None, 1]),
        }
        return {name: value for name, value in values.items() if value is not None}


def compare_rules(case, life, population, taken):
    """Checks that the rules of bundles equal those mined by brute force from the exports of the services."""
    shop = life.shop
    transactions, sales = (rows.export(shop.sales.client, model) for model in ("transactions", "sales"))
    people = rows.export(shop.catalog.client, "customers")
    chosen = life.thresholds()
    within = baskets(transactions, sales, people, population)
    request = pb.ListAssociationRulesRequest(
        population=population, thresholds=pb.RuleThresholds(**chosen), **shop.revisions()
    )
    served, provenance = served_rules(shop.bundles.client, request)
    asked = f"population {str(population)!r} thresholds {chosen} after {taken}"
    case.assertEqual(provenance.basket_count, len(within), asked)
    wanted = rules(within, **chosen)
    case.assertEqual(differences(served, wanted), "", asked)


class PopulationsTest(ShopTest):
    @classmethod
    def setUpClass(cls):
        pass  # each test has its own shops

    def setUp(self):
        pass

    def test_rules_of_random_populations_equal_brute_force(self):
        first = int(os.environ.get("CLUSTR_SEED", random.SystemRandom().randrange(1 << 30)))
        for seed in range(first, first + (20 if environment.LONG else 3)):
            print(f"CLUSTR_SEED={seed}", flush=True)
            with self.subTest(seed=seed), Shop() as shop:
                type(self).shop = shop
                self.live_through(RandomShop(shop, seed))

    def live_through(self, life):
        life.fill()
        life.import_baskets()
        steps = [
            life.import_baskets,
            life.purchases,
            life.purchases,
            life.return_lines,
            life.move_headers,
            life.change_customers,
            life.delete_product,
            life.delete_customer,
            life.restart,
        ]
        for _ in range(4):
            taken = [life.random.choice(steps) for _ in range(5)]
            for step in taken:
                step()
            for population in (pb.Population(), life.population(), life.population(), life.population()):
                compare_rules(self, life, population, [step.__name__ for step in taken])
