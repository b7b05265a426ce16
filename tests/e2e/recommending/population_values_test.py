"""ListPopulationValues equals a recount of the exports of the services, even after changes."""

import collections
import random

from grpc import StatusCode

from harness import pb, rows
from harness.case import ShopTest
from harness.reference import baskets

CUSTOMER_FIELDS = {
    "genders": "gender",
    "income_levels": "income_level",
    "customer_segments": "customer_segment",
    "shopping_preferences": "shopping_preference",
    "cities": "city",
}
TRANSACTION_FIELDS = {"channels": "channel", "payment_types": "payment_type"}


class PopulationValuesTest(ShopTest):
    @classmethod
    def populate(cls):
        cls.random = random.Random(11)
        people = [cls.person(number) for number in range(1, 31)]
        revision = rows.import_catalog(cls.shop, rows.products(9), people, rows.timeframes(9))
        for _ in range(120):
            fields = {name: cls.random.choice(["A", "B", "é", ""]) for name in TRANSACTION_FIELDS.values()}
            cls.shop.sales.client.transactions.RecordPurchase(
                rows.purchase(
                    cls.random.randint(1, 20),
                    [(cls.random.randint(1, 9), 1) for _ in range(3)],
                    min_catalog_revision=revision,
                    **{name: value for name, value in fields.items() if value},
                )
            )

    @classmethod
    def person(cls, number):
        fields = {name: cls.random.choice(["x", "y", "Zürich", None]) for name in CUSTOMER_FIELDS.values()}
        return pb.Customer(
            customer_id=number,
            first_name="A",
            last_name="B",
            **{name: value for name, value in fields.items() if value is not None},
        )

    def recount(self):
        """Returns (field, value, baskets) by counting the baskets for each value that occurs."""
        transactions = rows.export(self.sales, "transactions")
        sales = rows.export(self.sales, "sales")
        customers = rows.export(self.catalog, "customers")
        kept = {sale.transaction_id for sale in sales if sale.quantity > sale.returned_quantity}
        transactions = [row for row in transactions if row.transaction_id in kept]
        values = collections.defaultdict(set)
        for field, name in CUSTOMER_FIELDS.items():
            values[field] |= {getattr(customer, name) for customer in customers}
        for field, name in TRANSACTION_FIELDS.items():
            values[field] |= {getattr(row, name) for row in transactions}
        return [
            (field, value, len(baskets(transactions, sales, customers, pb.Population(**{field: [value]}))))
            for field in sorted(values)
            for value in sorted(values[field], key=lambda text: text.encode())
        ]

    def served(self):
        answer = self.answer(
            self.bundles.rules.ListPopulationValues, pb.ListPopulationValuesRequest(**self.shop.revisions())
        )
        return [(value.field, value.value, value.basket_count) for value in answer.values], answer.provenance

    def check(self):
        got, provenance = self.served()
        self.assertEqual(got, self.recount())
        self.assertEqual(
            sum(count for field, _, count in got if field == "channels"), provenance.basket_count, "each basket once"
        )

    def test_values_equal_a_recount(self):
        self.check()
        self.assertIn("(unset)", self.ctl("populations").stdout)

    def test_changes_of_customers_and_returns_change_values_and_counts(self):
        for number in range(1, 31):
            person = self.person(number)
            if number % 3 == 0:
                person.customer_segment = "new"
            request = pb.UpdateCustomerRequest(customer=person)
            request.update_mask.paths.append("*")
            self.catalog.customers.UpdateCustomer(request)
        self.check()
        self.catalog.customers.DeleteCustomer(pb.DeleteCustomerRequest(customer_id=3))
        bought = self.sales.transactions.RecordPurchase(rows.purchase(4, [(1, 1)], channel="only once"))
        self.assertIn(("channels", "only once", 1), self.served()[0])
        line = bought.sales[0]
        line.returned_quantity = line.quantity
        rows.import_rows(self.sales, [line])
        self.assertNotIn("only once", {value for _, value, _ in self.served()[0]})
        self.check()

    def test_a_revision_that_never_comes_and_a_negative_one_are_refused(self):
        self.refused(
            StatusCode.DEADLINE_EXCEEDED,
            "NOT_YET_VISIBLE",
            self.bundles.rules.ListPopulationValues,
            pb.ListPopulationValuesRequest(min_sales_revision=1 << 40),
            timeout=0.5,
        )
        self.refused(
            StatusCode.INVALID_ARGUMENT,
            "FIELD_INVALID",
            self.bundles.rules.ListPopulationValues,
            pb.ListPopulationValuesRequest(min_catalog_revision=-1),
            field="min_catalog_revision",
        )
