"""Purchases are corrected and voided; the stream and bundles follow each change."""

from grpc import StatusCode

from harness import pb, rows
from harness.corrections import INVALID, MISSING, Corrections


class HeaderTest(Corrections):
    def create(self, **fields):
        options = {name: fields.pop(name) for name in ("request_id", "validate_only") if name in fields}
        return pb.CreateTransactionRequest(
            transaction=pb.Transaction(**fields), min_catalog_revision=self.catalog_revision, **options
        )

    def test_header_is_created_without_lines(self):
        made = self.answer(
            self.headers.CreateTransaction, self.create(customer_id=2, purchase_date="2024-01-07", channel="Store")
        ).transaction
        self.assertEqual((made.time_id, made.transaction_amount, made.lines_total), (7, 0, 0))
        self.assertGreater(made.revision, 0)
        read = self.read(made.transaction_id)
        self.assertEqual((read.transaction, len(read.sales)), (made, 0))
        kept = self.answer(
            self.headers.CreateTransaction, self.create(customer_id=2, time_id=3, transaction_amount=9.5)
        ).transaction
        self.assertEqual((kept.purchase_date, kept.transaction_amount, kept.lines_total), ("2024-01-03", 9.5, 0))

    def test_a_new_day_is_created_in_catalog_but_not_under_validate_only(self):
        checked = self.answer(
            self.headers.CreateTransaction, self.create(customer_id=1, purchase_date="2031-05-05", validate_only=True)
        )
        self.assertEqual(checked.transaction.purchase_date, "2031-05-05")
        days = {day.date for day in rows.export(self.catalog, "timeframes")}
        self.assertNotIn("2031-05-05", days)
        made = self.answer(self.headers.CreateTransaction, self.create(customer_id=1, purchase_date="2031-05-05"))
        self.assertGreater(made.transaction.time_id, 0)
        bought = self.buy().transaction
        moved = self.changed_header(transaction_id=bought.transaction_id, purchase_date="2031-05-06")
        days = {day.date: day.time_id for day in rows.export(self.catalog, "timeframes")}
        self.assertEqual(moved.time_id, days["2031-05-06"])

    def test_update_writes_only_the_fields_that_the_mask_names(self):
        bought = self.buy(channel="Store", payment_type="Cash", time_id=4).transaction
        key = {"transaction_id": bought.transaction_id}
        got = self.changed_header(channel="Online", **key)
        self.assertEqual((got.channel, got.payment_type, got.customer_id), ("Online", "Cash", 1))
        self.assertGreater(got.revision, bought.revision)
        got = self.changed_header(["payment_type"], channel="ignored", **key)
        self.assertEqual((got.channel, got.HasField("payment_type")), ("Online", False))
        got = self.changed_header(["time_id"], time_id=9, **key)
        self.assertEqual((got.time_id, got.purchase_date), (9, "2024-01-09"))
        got = self.changed_header(["purchase_date"], purchase_date="2024-01-12", **key)
        self.assertEqual((got.time_id, got.purchase_date), (12, "2024-01-12"))
        got = self.changed_header(["*"], customer_id=3, purchase_date="2024-01-13", **key)
        self.assertEqual((got.customer_id, got.time_id, got.HasField("channel")), (3, 13, False))
        self.assertEqual((got.transaction_amount, got.lines_total), (4.75, 4.75), "as before")
        got = self.changed_header(transaction_amount=1.11, **key)
        self.assertEqual((got.transaction_amount, got.lines_total), (1.11, 4.75))
        self.assertEqual(self.read(bought.transaction_id).transaction, got)

    def test_a_stale_revision_is_aborted(self):
        bought = self.buy().transaction
        key = {"transaction_id": bought.transaction_id}
        moved = self.changed_header(channel="A", revision=bought.revision, **key)
        self.refused_header(
            None, channel="B", revision=bought.revision, code=StatusCode.ABORTED, reason="REVISION_MISMATCH", **key
        )
        same = self.changed_header(channel="A", revision=moved.revision, **key)
        self.assertEqual(same, moved, "a row that stays as it was keeps its revision")

    def test_validate_only_changes_nothing(self):
        bought = self.buy().transaction
        head = self.head()
        shown = self.changed_header(channel="Tried", transaction_id=bought.transaction_id, validate_only=True)
        self.assertEqual(shown.channel, "Tried")
        self.assertEqual(self.read(bought.transaction_id).transaction, bought)
        self.assertEqual(self.head(), head)

    def test_allow_missing_creates_a_header_with_the_given_id(self):
        fields = {"transaction_id": 7_000_001, "customer_id": 2, "time_id": 5}
        self.refused_header(None, code=MISSING, reason="TRANSACTION_NOT_FOUND", **fields)
        made = self.changed_header(["channel"], allow_missing=True, **fields)
        self.assertEqual((made.customer_id, made.purchase_date, made.lines_total), (2, "2024-01-05", 0))
        self.assertGreater(self.buy().transaction.transaction_id, 7_000_001)

    def test_batch_get_keeps_the_requested_order_and_names_missing_ids(self):
        ids = [self.buy().transaction.transaction_id for _ in range(3)]
        asked = [ids[2], ids[0], ids[2]]
        got = self.answer(
            self.headers.BatchGetTransactions, pb.BatchGetTransactionsRequest(transaction_ids=asked)
        ).transactions
        self.assertEqual([row.transaction_id for row in got], asked)
        self.assertEqual(got[1], self.read(ids[0]).transaction)
        refusal = self.refused(
            MISSING,
            "TRANSACTION_NOT_FOUND",
            self.headers.BatchGetTransactions,
            pb.BatchGetTransactionsRequest(transaction_ids=[ids[0], 888_888, 999_999, 888_888]),
        )
        self.assertIn("888888, 999999", refusal.message)
        for bad in ([], [0], [-1], list(range(1, 1002))):
            self.refused(
                INVALID,
                "FIELD_INVALID",
                self.headers.BatchGetTransactions,
                pb.BatchGetTransactionsRequest(transaction_ids=bad),
            )

    def test_deleting_a_purchase_deletes_its_lines(self):
        bought = self.buy()
        key = bought.transaction.transaction_id
        counted = self.status(self.sales).row_counts
        self.refused(
            StatusCode.ABORTED,
            "REVISION_MISMATCH",
            self.headers.DeleteTransaction,
            pb.DeleteTransactionRequest(transaction_id=key, revision=bought.revision + 1),
        )
        request = pb.DeleteTransactionRequest(transaction_id=key, revision=bought.revision)
        gone = self.answer(self.headers.DeleteTransaction, request)
        self.assertGreater(gone.revision, bought.revision)
        left = self.status(self.sales).row_counts
        self.assertEqual((counted["transactions"] - left["transactions"], counted["sales"] - left["sales"]), (1, 2))
        self.refused(
            MISSING, "TRANSACTION_NOT_FOUND", self.headers.GetTransaction, pb.GetTransactionRequest(transaction_id=key)
        )
        for line in bought.sales:
            self.refused(MISSING, "SALE_NOT_FOUND", self.lines.GetSale, pb.GetSaleRequest(sale_id=line.sale_id))
            again = self.answer(self.lines.DeleteSale, pb.DeleteSaleRequest(sale_id=line.sale_id, allow_missing=True))
            self.assertEqual(again.revision, gone.revision, "the lines went at the same revision")
        request = pb.DeleteTransactionRequest(transaction_id=key)
        self.refused(MISSING, "TRANSACTION_NOT_FOUND", self.headers.DeleteTransaction, request)
        again = self.answer(
            self.headers.DeleteTransaction, pb.DeleteTransactionRequest(transaction_id=key, allow_missing=True)
        )
        self.assertEqual(again.revision, gone.revision)
        never = self.answer(
            self.headers.DeleteTransaction, pb.DeleteTransactionRequest(transaction_id=1 << 50, allow_missing=True)
        )
        self.assertEqual(never.revision, 0)
        self.refused(
            INVALID,
            "FIELD_INVALID",
            self.headers.DeleteTransaction,
            pb.DeleteTransactionRequest(),
            field="transaction_id",
        )
        self.assertGreater(self.buy().transaction.transaction_id, key, "an id is never used again")

    def test_an_import_can_restore_a_voided_purchase(self):
        bought = self.buy()
        key = bought.transaction.transaction_id
        self.answer(self.headers.DeleteTransaction, pb.DeleteTransactionRequest(transaction_id=key))
        for batch in ([bought.transaction], list(bought.sales)):
            self.assertEqual(rows.import_rows(self.sales, batch).created_count, len(batch))
        read = self.read(key)
        self.assertEqual(read.transaction.lines_total, 4.75)
        self.assertEqual([line.sale_id for line in read.sales], [line.sale_id for line in bought.sales])

    def test_purchases_of_deleted_customers_and_products_can_be_corrected(self):
        made = self.catalog.customers.CreateCustomer(
            pb.CreateCustomerRequest(customer=pb.Customer(first_name="A", last_name="B"))
        ).customer
        sku = self.catalog.products.CreateProduct(
            pb.CreateProductRequest(product=pb.Product(product_name="Gone", price=3))
        ).product.product_sku
        bought = self.answer(self.headers.RecordPurchase, rows.purchase(made.customer_id, [(sku, 2)]))
        self.catalog.customers.DeleteCustomer(pb.DeleteCustomerRequest(customer_id=made.customer_id))
        revision = self.catalog.products.DeleteProduct(pb.DeleteProductRequest(product_sku=sku)).revision
        self.buy(min_catalog_revision=revision)
        header = bought.transaction
        header.channel, header.revision = "Store", 0
        request = pb.UpdateTransactionRequest(transaction=header)
        self.assertEqual(self.answer(self.headers.UpdateTransaction, request).transaction.channel, "Store")
        line = self.changed_line(sale_id=bought.sales[0].sale_id, product_sku=sku, quantity=1)
        self.assertEqual((line.line_total, line.unit_price), (3, 3))


class StreamTest(Corrections):
    """StreamSales sends every correction, and bundles counts it."""

    def changes(self, after, store_id=""):
        request = pb.StreamSalesRequest(after_revision=after, store_id=store_id)
        found = {}
        for message in self.sales.baskets.StreamSales(request):
            found.update({change.transaction_id: change for change in message.changes})
        return found

    def basket_count(self):
        request = pb.ListAssociationRulesRequest(page_size=1, **self.shop.revisions())
        return self.bundles.rules.ListAssociationRules(request).provenance.basket_count

    def verify(self):
        request = pb.VerifyAssociationRulesRequest(**self.shop.revisions())
        verdict = list(self.bundles.rules.VerifyAssociationRules(request, timeout=60))[-1].verdict
        self.assertEqual(verdict.difference_count, 0, verdict)

    def test_each_kind_of_correction_is_streamed_and_counted(self):
        bought = self.buy((1, 1), (2, 2), (3, 1))
        key, lines = bought.transaction.transaction_id, bought.sales
        before, baskets = bought.revision, self.basket_count()

        def told():
            return self.changes(before)[key]

        self.answer(self.lines.ReturnSale, pb.ReturnSaleRequest(sale_id=lines[1].sale_id, quantity=1))
        self.assertEqual((list(told().product_sku), list(told().quantity)), ([1, 2, 3], [1, 1, 1]))
        self.answer(self.lines.ReturnSale, pb.ReturnSaleRequest(sale_id=lines[1].sale_id, quantity=1))
        self.assertEqual(list(told().product_sku), [1, 3], "came back whole")
        self.changed_line(sale_id=lines[0].sale_id, product_sku=7, unit_price=5)
        self.assertEqual((list(told().product_sku), list(told().unit_price_cents)), ([7, 3], [500, 325]))
        made = self.answer(
            self.lines.CreateSale,
            pb.CreateSaleRequest(sale=pb.Sale(transaction_id=key, product_sku=9, quantity=4)),
        ).sale
        self.assertEqual(list(told().quantity), [1, 1, 4])
        self.answer(self.lines.DeleteSale, pb.DeleteSaleRequest(sale_id=made.sale_id))
        self.assertEqual(list(told().product_sku), [7, 3])
        self.changed_header(transaction_id=key, channel="Moved", time_id=8)
        self.assertEqual((told().channel, told().epoch_day), ("Moved", 19730))
        self.assertEqual(self.basket_count(), baskets)
        self.answer(self.headers.DeleteTransaction, pb.DeleteTransactionRequest(transaction_id=key))
        self.assertTrue(told().deleted)
        self.assertEqual((len(told().product_sku), told().transaction_id), (0, key))
        self.assertNotIn(key, self.changes(0), "from 0 there are no deletions")
        self.assertEqual(self.basket_count(), baskets - 1)
        self.verify()

    def test_a_fully_returned_basket_stops_counting_until_a_unit_is_kept_again(self):
        bought = self.buy((1, 1))
        key, line = bought.transaction.transaction_id, bought.sales[0]
        baskets = self.basket_count()
        self.answer(self.lines.ReturnSale, pb.ReturnSaleRequest(sale_id=line.sale_id, quantity=1))
        change = self.changes(bought.revision)[key]
        self.assertEqual((len(change.product_sku), change.deleted), (0, False))
        self.assertEqual(self.basket_count(), baskets - 1)
        self.changed_line(sale_id=line.sale_id, quantity=2)
        self.assertEqual(self.basket_count(), baskets)
        self.verify()

    def test_a_resumed_reader_receives_a_deletion_across_a_restart(self):
        bought = self.buy((1, 1), (2, 1))
        key = bought.transaction.transaction_id
        store_id = self.status(self.sales).store_id
        self.shop.bundles.stop()
        self.answer(self.headers.DeleteTransaction, pb.DeleteTransactionRequest(transaction_id=key))
        self.shop.sales.restart()
        self.assertTrue(self.changes(bought.revision, store_id)[key].deleted)
        self.shop.bundles.start()
        self.verify()


class ShellTest(Corrections):
    def test_clustrctl_return_registers_units_once_per_request_id(self):
        line = self.buy((1, 3)).sales[0]
        shown = self.ctl("return", line.sale_id, "--quantity=2").stdout
        self.assertRegex(shown, rf"sale {line.sale_id} .*2 of 3 units of product 1 came back, 1\.25 remains")
        again = self.ctl("--output=json", "return", line.sale_id, "--request-id=ret-1").stdout
        self.assertIn('"returned_quantity":3', again.replace(" ", ""))
        again = self.ctl("return", line.sale_id, "--request-id=ret-1").stdout
        self.assertIn("(registered before)", again)
        self.assertIn("were returned before", self.ctl("return", line.sale_id, code=3).stderr)
        self.assertIn("sale_id", self.ctl("return", "0", code=2).stderr)
        self.assertIn('no sale with external_id "abc"', self.ctl("return", "abc", code=3).stderr)
        self.ctl("return", code=2)
