"""Sums in memory answer for figures: they equal a scan after random operations, and hold each write at once."""

import json
import os
import random

from harness import pb, rows
from harness.client import Refusal, outcome
from harness.corrections import Corrections


def day(number):
    return f"2024-{1 + number // 28:02}-{1 + number % 28:02}"


class SumsTest(Corrections):
    @classmethod
    def populate(cls):
        super().populate()
        seed = int(os.environ.get("CLUSTR_SEED") or random.SystemRandom().randrange(1 << 30))
        print(f"CLUSTR_SEED={seed}", flush=True)
        cls.chance = random.Random(seed)
        cls.lines_of = {}  # Of each transaction: its sale_ids and their quantities.

    def verify(self, **days):
        request = pb.VerifySalesFiguresRequest(**days)
        found = outcome(self.sales.analytics.VerifySalesFigures, request)
        while isinstance(found, Refusal) and found.reason == "STARTING":
            found = outcome(self.sales.analytics.VerifySalesFigures, request)
        self.assertNotIsInstance(found, Refusal, found)
        self.assertTrue(found.sums_kept)
        self.assertEqual(found.difference_count, 0, found)
        return found

    def any_day(self):
        return day(self.chance.randrange(200))

    def record(self):
        chance = self.chance
        lines = [(chance.randint(1, 20), chance.randint(1, 4)) for _ in range(chance.randint(1, 5))]
        bought = self.answer(
            self.headers.RecordPurchase,
            rows.purchase(
                chance.randint(1, 5),
                lines,
                purchase_date=self.any_day(),
                channel=chance.choice(["Online", "Store", ""]),
                min_catalog_revision=self.catalog_revision,
            ),
        )
        self.lines_of[bought.transaction.transaction_id] = {line.sale_id: line.quantity for line in bought.sales}

    def return_units(self):
        lines = self.lines_of[self.chance.choice(list(self.lines_of))]
        sale_id = self.chance.choice(list(lines))
        if lines[sale_id] > 0:
            quantity = self.chance.randint(1, lines[sale_id])
            self.answer(self.lines.ReturnSale, pb.ReturnSaleRequest(sale_id=sale_id, quantity=quantity))
            lines[sale_id] -= quantity

    def move(self):
        transaction_id = self.chance.choice(list(self.lines_of))
        self.changed_header(
            transaction_id=transaction_id, purchase_date=self.any_day(), customer_id=self.chance.randint(1, 5)
        )

    def delete(self):
        transaction_id = self.chance.choice(list(self.lines_of))
        request = pb.DeleteTransactionRequest(transaction_id=transaction_id)
        self.answer(self.headers.DeleteTransaction, request)
        del self.lines_of[transaction_id]

    def add_line(self):
        transaction_id = self.chance.choice(list(self.lines_of))
        sale = pb.Sale(transaction_id=transaction_id, product_sku=self.chance.randint(1, 20), quantity=1)
        created = self.answer(self.lines.CreateSale, pb.CreateSaleRequest(sale=sale)).sale
        self.lines_of[transaction_id][created.sale_id] = 1

    def change_catalog(self):
        product = pb.Product(product_sku=self.chance.randint(1, 20), category=f"Category {self.chance.randint(1, 5)}")
        self.answer(self.catalog.products.UpdateProduct, pb.UpdateProductRequest(product=product))
        customer = pb.Customer(customer_id=self.chance.randint(1, 5), customer_segment=self.chance.choice("ABC"))
        self.answer(self.catalog.customers.UpdateCustomer, pb.UpdateCustomerRequest(customer=customer))

    def test_sums_equal_a_scan_after_random_operations(self):
        for _ in range(30):
            self.record()
        operations = [self.record] * 4 + [self.return_units, self.return_units, self.move, self.delete, self.add_line]
        for turn in range(150):
            self.chance.choice(operations)()
            if turn % 10 == 0:
                self.change_catalog()
                first, last = sorted((self.any_day(), self.any_day()))
                self.verify()
                self.verify(start_date=first, end_date=last)
        self.shop.sales.restart()
        self.assertGreater(self.verify().transaction_count, 0)

    def test_an_answer_holds_each_write_before_it(self):
        self.verify()
        count = self.answer(self.sales.analytics.GetSalesSummary, pb.GetSalesSummaryRequest()).transaction_count
        for number in range(1, 51):
            self.record()
            revision = self.head()
            told = self.answer(self.sales.analytics.GetSalesSummary, pb.GetSalesSummaryRequest())
            self.assertEqual(told.transaction_count, count + number)
            self.assertGreaterEqual(told.revision, revision)

    def test_clustrctl_verifies(self):
        self.verify()
        self.record()
        shown = self.ctl("verify-figures").stdout
        self.assertIn("0 differences\n", shown)
        told = json.loads(self.ctl("--output=json", "verify-figures", "--from=2024-01-02").stdout)
        self.assertTrue(told["sums_kept"])
