"""Lines are added, corrected, returned and removed one by one; their headers follow."""

import uuid

from grpc import StatusCode

from harness import pb, rows
from harness.corrections import INVALID, MISSING, UNKNOWN, Corrections


class LineTest(Corrections):
    def create(self, transaction_id, **fields):
        options = {
            name: fields.pop(name) for name in ("request_id", "validate_only", "min_catalog_revision") if name in fields
        }
        return pb.CreateSaleRequest(
            sale=pb.Sale(**{"transaction_id": transaction_id, "product_sku": 3, "quantity": 2, **fields}), **options
        )

    def test_adding_a_line_updates_its_header(self):
        bought = self.buy()
        key = bought.transaction.transaction_id
        made = self.answer(self.lines.CreateSale, self.create(key)).sale
        self.assertEqual((made.unit_price, made.line_total, made.net_total), (3.25, 6.5, 6.5))
        self.assertGreater(made.sale_id, bought.sales[-1].sale_id)
        read = self.read(key)
        self.assertEqual((read.transaction.lines_total, read.transaction.transaction_amount), (11.25, 11.25))
        self.assertEqual(read.transaction.revision, made.revision)
        self.assertEqual(read.sales[-1], made)
        multi_buy = self.answer(self.lines.CreateSale, self.create(key, unit_price=1, line_total=1.98)).sale
        self.assertEqual((multi_buy.unit_price, multi_buy.line_total), (1, 1.98))

    def test_create_and_update_ignore_returned_quantity(self):
        bought = self.buy()
        made = self.answer(
            self.lines.CreateSale, self.create(bought.transaction.transaction_id, returned_quantity=1)
        ).sale
        self.assertEqual((made.returned_quantity, made.net_total), (0, 6.5))
        same = self.changed_line(sale_id=made.sale_id, returned_quantity=2)
        self.assertEqual((same.returned_quantity, same.net_total, same.revision), (0, 6.5, made.revision))
        self.refused_line("update_mask", ["returned_quantity"], sale_id=made.sale_id, returned_quantity=1)

    def test_a_new_line_has_the_price_of_min_catalog_revision(self):
        key = self.buy().transaction.transaction_id
        for price in (10.5, 20.5, 30.5):
            changed = self.catalog.products.UpdateProduct(
                pb.UpdateProductRequest(product=pb.Product(product_sku=20, price=price))
            ).product
            request = self.create(key, product_sku=20, min_catalog_revision=changed.revision)
            self.assertEqual(self.answer(self.lines.CreateSale, request).sale.unit_price, price)

    def test_a_transaction_has_at_most_ten_thousand_lines(self):
        key = self.buy((1, 1)).transaction.transaction_id
        lines = [
            pb.Sale(sale_id=50_000_000 + number, transaction_id=key, product_sku=1, quantity=1)
            for number in range(9_998)
        ]
        rows.import_rows(self.sales, lines, size=10_000)
        last = self.answer(self.lines.CreateSale, self.create(key)).sale
        self.refused(
            INVALID, "FIELD_INVALID", self.lines.CreateSale, self.create(key), field="sale.transaction_id"
        )
        self.answer(self.lines.DeleteSale, pb.DeleteSaleRequest(sale_id=last.sale_id))
        self.answer(self.lines.CreateSale, self.create(key))
        self.assertEqual(self.read(key).transaction.lines_total, 9_999 * 1.25 + 6.5)
        self.answer(self.headers.DeleteTransaction, pb.DeleteTransactionRequest(transaction_id=key))

    def test_a_new_quantity_or_price_recomputes_the_total(self):
        sale_id = self.buy((1, 2)).sales[0].sale_id
        got = self.changed_line(sale_id=sale_id, quantity=3)
        self.assertEqual((got.line_total, got.net_total), (3.75, 3.75))
        got = self.changed_line(["unit_price"], sale_id=sale_id, unit_price=2, line_total=5)
        self.assertEqual(got.line_total, 6, "line_total is not named by the mask")
        got = self.changed_line(["quantity", "line_total"], sale_id=sale_id, quantity=2, line_total=3.98)
        self.assertEqual((got.line_total, got.unit_price), (3.98, 2))
        got = self.changed_line(["line_total"], sale_id=sale_id)
        self.assertEqual(got.line_total, 4)
        got = self.changed_line(["unit_price"], sale_id=sale_id)
        self.assertEqual((got.unit_price, got.line_total), (1.25, 2.5), "cleared: the current price")
        read = self.read(got.transaction_id).transaction
        self.assertEqual((read.lines_total, read.transaction_amount), (2.5, 2.5))
        self.refused_line("sale.line_total", sale_id=sale_id, line_total=9)
        got = self.changed_line(sale_id=sale_id, product_sku=5)
        self.assertEqual((got.product_sku, got.unit_price), (5, 1.25))

    def test_a_quantity_below_the_returned_units_is_refused(self):
        line = self.buy((1, 3)).sales[0]
        self.answer(self.lines.ReturnSale, pb.ReturnSaleRequest(sale_id=line.sale_id, quantity=2))
        refusal = self.refused_line("sale.quantity", sale_id=line.sale_id, quantity=1)
        self.assertIn("2", refusal.message)
        self.assertEqual(self.changed_line(sale_id=line.sale_id, quantity=2).net_total, 0)

    def test_allow_missing_creates_a_line_with_the_given_id(self):
        key = self.buy().transaction.transaction_id
        fields = {"sale_id": 60_000_000, "transaction_id": key, "product_sku": 3, "quantity": 1}
        made = self.changed_line(["quantity"], allow_missing=True, **fields)
        self.assertEqual((made.sale_id, made.line_total), (60_000_000, 3.25))
        self.assertEqual(self.read(key).transaction.lines_total, 8)
        fields.update(sale_id=60_000_001, transaction_id=888_888)
        self.refused_line("sale.transaction_id", allow_missing=True, **UNKNOWN, **fields)

    def test_batch_get_keeps_the_requested_order_and_names_missing_ids(self):
        ids = [line.sale_id for line in self.buy((1, 1), (2, 1), (3, 1)).sales]
        asked = [ids[2], ids[0], ids[2]]
        got = self.answer(self.lines.BatchGetSales, pb.BatchGetSalesRequest(sale_ids=asked)).sales
        self.assertEqual([row.sale_id for row in got], asked)
        missing = pb.BatchGetSalesRequest(sale_ids=[ids[0], 888_888, 888_888])
        refusal = self.refused(MISSING, "SALE_NOT_FOUND", self.lines.BatchGetSales, missing)
        self.assertIn("no sale 888888", refusal.message)
        self.refused(INVALID, "FIELD_INVALID", self.lines.BatchGetSales, pb.BatchGetSalesRequest(), field="sale_ids")

    def test_deleting_a_line_updates_its_header(self):
        bought = self.buy()
        key, line = bought.transaction.transaction_id, bought.sales[0]
        request = pb.DeleteSaleRequest(sale_id=line.sale_id, revision=line.revision + 1)
        self.refused(StatusCode.ABORTED, "REVISION_MISMATCH", self.lines.DeleteSale, request)
        gone = self.answer(self.lines.DeleteSale, pb.DeleteSaleRequest(sale_id=line.sale_id, revision=line.revision))
        read = self.read(key)
        self.assertEqual((read.transaction.lines_total, read.transaction.transaction_amount), (2.25, 2.25))
        self.assertEqual((read.transaction.revision, len(read.sales)), (gone.revision, 1))
        self.refused(MISSING, "SALE_NOT_FOUND", self.lines.DeleteSale, pb.DeleteSaleRequest(sale_id=line.sale_id))
        again = self.answer(self.lines.DeleteSale, pb.DeleteSaleRequest(sale_id=line.sale_id, allow_missing=True))
        self.assertEqual(again.revision, gone.revision)
        self.answer(self.lines.DeleteSale, pb.DeleteSaleRequest(sale_id=bought.sales[1].sale_id))
        self.assertEqual(self.read(key).transaction.lines_total, 0)

    def test_returned_units_reduce_the_net_total_once_per_request_id(self):
        bought = self.buy((1, 3))
        line = bought.sales[0]

        def give_back(quantity, **options):
            return pb.ReturnSaleRequest(sale_id=line.sale_id, quantity=quantity, **options)

        request = give_back(2, request_id=str(uuid.uuid4()))
        first = self.answer(self.lines.ReturnSale, request)
        self.assertEqual((first.sale.returned_quantity, first.sale.net_total, first.sale.line_total), (2, 1.25, 3.75))
        read = self.read(bought.transaction.transaction_id)
        self.assertEqual((read.transaction.lines_total, read.transaction.transaction_amount), (3.75, 3.75))
        self.assertEqual(read.transaction.revision, first.sale.revision)
        self.shop.sales.restart()
        again = self.answer(self.lines.ReturnSale, request)
        self.assertTrue(again.replayed)
        self.assertEqual(again.sale, first.sale)
        request.quantity = 1
        self.refused(INVALID, "REQUEST_ID_REUSED", self.lines.ReturnSale, request)
        refusal = self.refused(INVALID, "FIELD_INVALID", self.lines.ReturnSale, give_back(2), field="quantity")
        self.assertIn("at most", refusal.message)
        whole = self.answer(self.lines.ReturnSale, give_back(1)).sale
        self.assertEqual((whole.returned_quantity, whole.net_total), (3, 0))
        self.refused(INVALID, "FIELD_INVALID", self.lines.ReturnSale, give_back(1), field="quantity")

    def test_without_catalog_known_references_work_and_unknown_ones_are_unavailable(self):
        key = self.buy().transaction.transaction_id
        self.shop.catalog.stop()
        made = self.answer(self.lines.CreateSale, self.create(key)).sale
        self.assertEqual(self.changed_line(sale_id=made.sale_id, quantity=1).line_total, 3.25)
        for call, request in (
            (self.lines.CreateSale, self.create(key, product_sku=123_456)),
            (self.lines.UpdateSale, self.update_line(sale_id=made.sale_id, product_sku=123_456)),
            (self.headers.UpdateTransaction, self.update_header(transaction_id=key, customer_id=123_456)),
            (self.headers.UpdateTransaction, self.update_header(transaction_id=key, purchase_date="2035-01-01")),
        ):
            refusal = self.refused(StatusCode.UNAVAILABLE, "UPSTREAM", call, request)
            self.assertIsNotNone(refusal.retry_info)
