"""A shop lives at random: purchases, corrections, returns, deletions, changes of catalog, retries and restarts.

After each hundred operations, sales holds what its answers said, the rules of random populations equal those mined by
brute force from the exports, and every figure equals exact decimal arithmetic over the exports."""

import os
import random

import grpc

from harness import environment, pb, rows
from harness.figures import money
from recommending import populations_test
from stores import analytics_test

OPERATIONS = 10_000 if environment.LONG else 1_000
BETWEEN_CHECKS = 100


class ModelShop(populations_test.RandomShop):
    """A random shop that remembers its operations, and thus what sales must hold and what a retry must answer."""

    def __init__(self, shop, seed):
        super().__init__(shop, seed)
        self.headers = {}  # transaction_id -> Transaction, except for what is derived from the lines
        self.lines = {}  # sale_id -> Sale
        self.answered = []  # (call, request, answer)

    def write(self, call, request):
        """Makes a call, given its path such as `transactions.RecordPurchase`; retries while a server restarts."""
        service, method = call.split(".")
        if "request_id" in request.DESCRIPTOR.fields_by_name:
            request.request_id = request.request_id or f"life-{self.random.getrandbits(64)}"
        for _ in range(100):
            try:
                answer = getattr(getattr(self.shop.sales.client, service), method)(request)
                break
            except grpc.RpcError as error:
                if error.code() != grpc.StatusCode.UNAVAILABLE:
                    raise
        else:
            raise AssertionError(f"{call} stayed unavailable")
        if "replayed" in answer.DESCRIPTOR.fields_by_name:
            answer.replayed = False
            self.answered = self.answered[-200:] + [(call, request, answer)]
        return answer

    def keep(self, header=None, lines=()):
        if header is not None:
            self.headers[header.transaction_id] = header
        self.lines.update({line.sale_id: line for line in lines})

    def some_line(self):
        return self.random.choice(list(self.lines.values())) if self.lines else None

    def some_price(self):
        return self.random.choice([None, 0, 0.1 + 0.2, self.random.randint(1, 9_999) / 100])

    def record_purchase(self):
        lines = [(sku, self.random.randint(1, 3)) for sku in self.some_skus()]
        request = rows.purchase(
            self.random.choice(self.people), lines, min_catalog_revision=self.catalog_revision, **self.header_fields()
        )
        for line in request.sales:
            price = self.some_price()
            if price is not None:
                line.unit_price = price
        if self.random.random() < 0.2:
            request.transaction.transaction_amount = self.random.randint(0, 99_999) / 100
        answer = self.write("transactions.RecordPurchase", request)
        self.keep(answer.transaction, answer.sales)

    def create_header(self):
        request = pb.CreateTransactionRequest(
            transaction=pb.Transaction(customer_id=self.random.choice(self.people), **self.header_fields()),
            min_catalog_revision=self.catalog_revision,
        )
        self.keep(self.write("transactions.CreateTransaction", request).transaction)

    def correct_header(self):
        if not self.headers:
            return
        changed = pb.Transaction(transaction_id=self.random.choice(list(self.headers)), **self.header_fields())
        if self.random.random() < 0.3:
            changed.customer_id = self.random.choice(self.people)
        request = pb.UpdateTransactionRequest(transaction=changed)
        if self.random.random() < 0.3:
            request.update_mask.paths.extend(["channel", "payment_type"])
        self.keep(self.write("transactions.UpdateTransaction", request).transaction)

    def void_purchase(self):
        if not self.headers:
            return
        key = self.random.choice(list(self.headers))
        self.write(
            "transactions.DeleteTransaction", pb.DeleteTransactionRequest(transaction_id=key, allow_missing=True)
        )
        del self.headers[key]
        self.lines = {sale_id: line for sale_id, line in self.lines.items() if line.transaction_id != key}

    def add_line(self):
        if not self.headers:
            return
        line = pb.Sale(
            transaction_id=self.random.choice(list(self.headers)),
            product_sku=self.random.choice(self.skus),
            quantity=self.random.randint(1, 4),
        )
        request = pb.CreateSaleRequest(sale=line, min_catalog_revision=self.catalog_revision)
        self.keep(lines=[self.write("sales.CreateSale", request).sale])

    def correct_line(self):
        line = self.some_line()
        if line is None:
            return
        changed = pb.Sale(sale_id=line.sale_id)
        if self.random.random() < 0.5:
            changed.product_sku = self.random.choice(self.skus)
        if self.random.random() < 0.5:
            changed.quantity = self.random.randint(max(1, line.returned_quantity), 5)
        price = self.some_price()
        if price is not None:
            changed.unit_price = price
        self.keep(lines=[self.write("sales.UpdateSale", pb.UpdateSaleRequest(sale=changed)).sale])

    def return_units(self):
        line = self.some_line()
        if line is None or line.quantity == line.returned_quantity:
            return
        quantity = self.random.randint(1, line.quantity - line.returned_quantity)
        request = pb.ReturnSaleRequest(sale_id=line.sale_id, quantity=quantity)
        self.keep(lines=[self.write("sales.ReturnSale", request).sale])

    def remove_line(self):
        line = self.some_line()
        if line is not None:
            self.write("sales.DeleteSale", pb.DeleteSaleRequest(sale_id=line.sale_id, allow_missing=True))
            del self.lines[line.sale_id]

    def retry(self):
        if not self.answered:
            return
        call, request, first = self.random.choice(self.answered)
        again = self.write(call, request)
        assert again == first, f"{call} {request}answered\n{first}and again\n{again}"

    def create_product(self):
        made = self.shop.catalog.client.products.CreateProduct(
            pb.CreateProductRequest(
                product=pb.Product(product_name="New", category=self.random.choice(["Category 1", "New", ""]), price=2)
            )
        ).product
        self.skus.append(made.product_sku)
        self.catalog_revision = made.revision

    def change_product(self):
        changed = pb.Product(product_sku=self.random.choice(self.skus), brand=self.random.choice(["Brand 1", "Other"]))
        self.catalog_revision = self.shop.catalog.client.products.UpdateProduct(
            pb.UpdateProductRequest(product=changed)
        ).product.revision

    def operations(self):
        """Returns each operation with its weight."""
        return {
            self.record_purchase: 30,
            self.create_header: 3,
            self.correct_header: 10,
            self.void_purchase: 7,
            self.add_line: 10,
            self.correct_line: 12,
            self.return_units: 10,
            self.remove_line: 6,
            self.retry: 10,
            self.create_product: 2,
            self.change_product: 2,
            self.delete_product: 1,
            self.change_customers: 2,
            self.delete_customer: 1,
            self.restart: 1,
        }


class LifeTest(analytics_test.Analytics):
    @classmethod
    def populate(cls):
        cls.seed = int(os.environ.get("CLUSTR_SEED", random.SystemRandom().randrange(1 << 30)))
        print(f"CLUSTR_SEED={cls.seed}", flush=True)

    def test_rows_rules_and_figures_stay_exact_over_random_operations(self):
        life = ModelShop(self.shop, self.seed)
        life.fill()
        operations, weights = zip(*life.operations().items())
        for done in range(0, OPERATIONS, BETWEEN_CHECKS):
            taken = life.random.choices(operations, weights, k=BETWEEN_CHECKS)
            for operation in taken:
                operation()
            names = f"operations {done} to {done + BETWEEN_CHECKS}"
            self.check_rows(life, names)
            for population in (life.population() for _ in range(3)):
                populations_test.compare_rules(self, life, population, names)
            self.check_all()
            first = life.random.randint(1, 28)
            self.check_all(start_date=f"2024-01-{first:02}", end_date=f"2024-02-{life.random.randint(1, 29):02}")
        verdict = list(
            self.bundles.rules.VerifyAssociationRules(pb.VerifyAssociationRulesRequest(**self.shop.revisions()))
        )[-1].verdict
        self.assertEqual(verdict.difference_count, 0, verdict)

    def check_rows(self, life, names):
        """Checks that sales holds what its answers said, and that headers follow their lines."""
        lines = {line.sale_id: line for line in rows.export(self.sales, "sales")}
        self.assertEqual(lines, life.lines, names)
        headers = rows.export(self.sales, "transactions")
        self.assertEqual({header.transaction_id for header in headers}, set(life.headers), names)
        totals, newest = {}, {}
        for line in lines.values():
            key = line.transaction_id
            totals[key] = totals.get(key, money(0)) + money(line.line_total)
            newest[key] = max(newest.get(key, 0), line.revision)
        for header in headers:
            key = header.transaction_id
            self.assertEqual(money(header.lines_total), totals.get(key, money(0)), names)
            self.assertGreaterEqual(header.revision, max(newest.get(key, 0), life.headers[key].revision), names)
            self.assertTrue(not header.amount_follows_lines or header.transaction_amount == header.lines_total, names)
            derived = ["lines_total", "revision", *(["transaction_amount"] if header.amount_follows_lines else [])]
            told = pb.Transaction.FromString(life.headers[key].SerializeToString())
            for field in derived:
                header.ClearField(field)
                told.ClearField(field)
            self.assertEqual(header, told, names)
