"""Purchases and lines are completed, checked, recorded exactly once, imported and read back."""

import os
import random
import threading
import uuid

import grpc
from grpc import StatusCode

from harness import pb, rows
from harness.case import ShopTest


class SalesTest(ShopTest):
    @classmethod
    def populate(cls):
        cls.catalog_revision = rows.import_catalog(cls.shop, rows.products(20), rows.customers(5), rows.timeframes(31))

    def record(self, request):
        request.min_catalog_revision = request.min_catalog_revision or self.catalog_revision
        return self.answer(self.sales.transactions.RecordPurchase, request)

    def count(self):
        return self.sales.transactions.ListTransactions(pb.ListTransactionsRequest(page_size=1)).total_size

    # Recording

    def test_purchase_is_completed_and_read_back_as_recorded(self):
        got = self.record(rows.purchase(2, [(4, 3), (7, 1)], time_id=10, channel="Online", payment_type="Cash"))
        header, lines = got.transaction, got.sales
        self.assertGreater(header.transaction_id, 0)
        self.assertEqual((header.purchase_date, header.time_id, header.customer_id), ("2024-01-10", 10, 2))
        self.assertEqual(
            [(line.product_sku, line.quantity, line.unit_price, line.line_total, line.net_total) for line in lines],
            [(4, 3, 4.25, 12.75, 12.75), (7, 1, 7.25, 7.25, 7.25)],
        )
        self.assertEqual((header.transaction_amount, header.lines_total), (20.0, 20.0))
        self.assertEqual({line.transaction_id for line in lines}, {header.transaction_id})
        self.assertLess(lines[0].sale_id, lines[1].sale_id)
        self.assertEqual((got.revision, header.revision), (header.revision, lines[0].revision))
        read = self.answer(
            self.sales.transactions.GetTransaction,
            pb.GetTransactionRequest(transaction_id=header.transaction_id, include_sales=True),
        )
        self.assertEqual((read.transaction, list(read.sales)), (header, list(lines)))
        alone = self.answer(
            self.sales.transactions.GetTransaction, pb.GetTransactionRequest(transaction_id=header.transaction_id)
        )
        self.assertEqual(len(alone.sales), 0)
        line = self.answer(self.sales.sales.GetSale, pb.GetSaleRequest(sale_id=lines[0].sale_id)).sale
        self.assertEqual(line, lines[0])

    def test_given_amounts_are_kept(self):
        request = rows.purchase(1, [(1, 2)], transaction_amount=1.11)
        request.sales[0].unit_price = 0.99
        request.sales[0].line_total = 1.97
        got = self.record(request)
        self.assertEqual((got.transaction.transaction_amount, got.transaction.lines_total), (1.11, 1.97))
        self.assertEqual((got.sales[0].unit_price, got.sales[0].line_total), (0.99, 1.97))

    def test_two_lines_of_one_product_stay_two_lines(self):
        self.assertEqual(len(self.record(rows.purchase(1, [(5, 1), (5, 2)])).sales), 2)

    def test_a_thousand_lines_add_up_to_the_cent(self):
        request = rows.purchase(1, [(1 + number % 20, 3) for number in range(1000)])
        for line in request.sales:
            line.unit_price = 0.10
        self.assertEqual(self.record(request).transaction.lines_total, 300.0)

    def test_a_missing_timeframe_is_created(self):
        got = self.record(rows.purchase(1, [(1, 1)], purchase_date="2031-07-09"))
        made = self.answer(
            self.catalog.timeframes.GetTimeframe, pb.GetTimeframeRequest(time_id=got.transaction.time_id)
        ).timeframe
        self.assertEqual((made.date, made.day, made.month, made.year), ("2031-07-09", 9, 7, 2031))
        again = self.record(rows.purchase(2, [(2, 1)], purchase_date="2031-07-09"))
        self.assertEqual(again.transaction.time_id, got.transaction.time_id)

    def test_timeframe_is_not_created_under_validate_only(self):
        before = self.catalog.timeframes.ListTimeframes(pb.ListTimeframesRequest(page_size=1)).total_size
        count = self.count()
        self.record(rows.purchase(1, [(1, 1)], purchase_date="2032-07-09", validate_only=True))
        self.assertEqual(
            self.catalog.timeframes.ListTimeframes(pb.ListTimeframesRequest(page_size=1)).total_size, before
        )
        self.assertEqual(self.count(), count)

    def test_date_and_time_id_may_both_be_given(self):
        both = rows.purchase(1, [(1, 1)], time_id=10, purchase_date="2024-01-10")
        self.assertEqual(self.record(both).transaction.time_id, 10)

    def test_a_product_created_a_moment_ago_is_known_without_waiting(self):
        made = self.catalog.products.CreateProduct(
            pb.CreateProductRequest(product=pb.Product(product_name="New", price=3))
        ).product
        got = self.answer(self.sales.transactions.RecordPurchase, rows.purchase(1, [(made.product_sku, 1)]))
        self.assertEqual(got.sales[0].unit_price, 3)

    def test_a_purchase_has_the_prices_of_min_catalog_revision(self):
        for price in (10.5, 20.5, 30.5, 40.5, 50.5):
            changed = self.catalog.products.UpdateProduct(
                pb.UpdateProductRequest(product=pb.Product(product_sku=20, price=price))
            ).product
            got = self.record(rows.purchase(1, [(20, 1)], min_catalog_revision=changed.revision))
            self.assertEqual(got.sales[0].unit_price, price)

    def test_lines_at_the_edges_of_the_rules_are_accepted(self):
        def line(**fields):
            request = rows.purchase(1, [])
            request.sales.add(**{"product_sku": 1, "quantity": 2, **fields})
            return request

        for fields in (
            {"unit_price": 1, "line_total": 2.02},
            {"unit_price": 1, "line_total": 1.98},
            {"unit_price": 0},
            {"quantity": 1_000_000},
            {"unit_price": 0.1 + 0.2},
        ):
            with self.subTest(str(fields)):
                self.record(line(**fields))
        back = self.record(line(returned_quantity=1)).sales[0]
        self.assertEqual((back.returned_quantity, back.net_total), (0, 2.5), "output here: ignored on input")

    # Retries

    def test_request_id_records_exactly_once_across_a_restart(self):
        request = rows.purchase(3, [(1, 1), (2, 1)], request_id=str(uuid.uuid4()))
        first = self.record(request)
        count = self.count()
        for restart in (False, True):
            if restart:
                self.shop.sales.restart()
            again = self.record(request)
            self.assertTrue(again.replayed)
            self.assertEqual(
                (again.transaction, list(again.sales), again.revision),
                (first.transaction, list(first.sales), first.revision),
            )
        self.assertEqual(self.count(), count)
        request.sales[0].quantity = 9
        self.refused(StatusCode.INVALID_ARGUMENT, "REQUEST_ID_REUSED", self.sales.transactions.RecordPurchase, request)

    def test_concurrent_retries_record_once(self):
        request = rows.purchase(3, [(1, 1)], request_id=str(uuid.uuid4()), min_catalog_revision=self.catalog_revision)
        calls = [self.sales.transactions._stub.RecordPurchase.future(request, timeout=30) for _ in range(20)]
        answers = [call.result() for call in calls]
        self.assertEqual(len({answer.transaction.transaction_id for answer in answers}), 1)
        self.assertEqual(sum(not answer.replayed for answer in answers), 1)

    # Imports

    def test_import_keeps_ids_and_fills_unset_fields(self):
        header = pb.Transaction(transaction_id=5_000_000_000, customer_id=1, purchase_date="2024-01-03")
        summary = rows.import_rows(self.sales, [header], min_catalog_revision=self.catalog_revision)
        self.assertEqual((summary.created_count, summary.failed_count), (1, 0), summary)
        line = pb.Sale(sale_id=5_000_000_000, transaction_id=5_000_000_000, product_sku=2, quantity=4)
        self.assertEqual(rows.import_rows(self.sales, [line]).created_count, 1)
        read = self.answer(
            self.sales.transactions.GetTransaction,
            pb.GetTransactionRequest(transaction_id=5_000_000_000, include_sales=True),
        )
        self.assertEqual((read.transaction.time_id, read.transaction.lines_total), (3, 9.0))
        self.assertEqual(read.sales[0].line_total, 9.0)
        self.assertGreater(self.record(rows.purchase(1, [(1, 1)])).transaction.transaction_id, 5_000_000_000)

    def test_bad_rows_are_skipped_and_reported(self):
        header = [
            pb.Transaction(transaction_id=6_000_000_000 + number, customer_id=1, time_id=1) for number in range(3)
        ]
        header[1].customer_id = 999_999
        summary = rows.import_rows(self.sales, header, min_catalog_revision=self.catalog_revision)
        self.assertEqual((summary.created_count, summary.failed_count), (2, 1), summary)
        self.assertEqual((summary.errors[0].row, summary.errors[0].id), (2, 6_000_000_001))
        self.assertEqual(summary.errors[0].violations[0].reason, "REFERENCE_MISSING")
        lines = [
            pb.Sale(sale_id=6_000_000_000, transaction_id=6_000_000_000, product_sku=1, quantity=1),
            pb.Sale(sale_id=6_000_000_001, transaction_id=6_000_000_001, product_sku=1, quantity=1),
            pb.Sale(sale_id=6_000_000_002, transaction_id=6_000_000_002, product_sku=777_777, quantity=1),
            pb.Sale(sale_id=6_000_000_003, transaction_id=6_000_000_002, product_sku=1, quantity=0),
            pb.Sale(
                sale_id=6_000_000_004, transaction_id=6_000_000_002, product_sku=1, quantity=1, returned_quantity=2
            ),
        ]
        summary = rows.import_rows(self.sales, lines)
        self.assertEqual((summary.created_count, summary.failed_count), (1, 4), summary)
        self.assertEqual([error.row for error in summary.errors], [2, 3, 4, 5])

    def test_lines_beyond_the_last_id_are_checked_like_those_below_it(self):
        """Lines beyond the last id are completed before they reach the writer, the others by the writer."""
        seed = int(os.environ.get("CLUSTR_SEED", "0")) or random.randrange(1 << 30)
        print(f"CLUSTR_SEED={seed}", flush=True)
        dice = random.Random(seed)

        def some_line(number):
            line = pb.Sale(sale_id=number, transaction_id=dice.randrange(5), returned_quantity=dice.randrange(3))
            for field, values in {
                "product_sku": [1, 2, 20, 777_777, -1],
                "quantity": [1, 3, 1_000_000, 0],
                "unit_price": [0, 0.1 + 0.2, 1.005, 9_999_999_999],
                "line_total": [0, 0.31, 0.9, float("nan")],
            }.items():
                if dice.random() < 0.7:
                    setattr(line, field, dice.choice(values))
            return line

        lines = [some_line(number + 1) for number in range(300)]

        def outcome(first):
            headers = [pb.Transaction(transaction_id=first + number, customer_id=1, time_id=1) for number in range(4)]
            rows.import_rows(self.sales, headers, min_catalog_revision=self.catalog_revision)
            moved = [pb.Sale.FromString(line.SerializeToString()) for line in lines]
            for line in moved:
                line.sale_id += first
                line.transaction_id += first if line.transaction_id else 0
            summary = rows.import_rows(self.sales, moved, size=7)
            stored = [line for line in rows.export(self.sales, "sales") if first < line.sale_id <= first + len(lines)]
            for line in stored:
                line.sale_id -= first
                line.transaction_id -= first
                line.revision = 0
            return stored, [
                (error.row, str(error.violations).replace(str(first)[:-1], "")) for error in summary.errors
            ]

        beyond, below = outcome(9_123_456_000), outcome(1_123_456_000)
        self.assertEqual(beyond, below)
        self.assertTrue(beyond[0] and beyond[1])

    def test_only_the_first_hundred_refusals_are_listed(self):
        bad = [pb.Transaction(transaction_id=7_000_000_000 + number, customer_id=0, time_id=1) for number in range(250)]
        summary = rows.import_rows(self.sales, bad, min_catalog_revision=self.catalog_revision)
        self.assertEqual((summary.failed_count, len(summary.errors)), (250, 100))

    def test_second_import_is_unchanged_and_takes_no_revision(self):
        header = [
            pb.Transaction(transaction_id=8_000_000_000 + number, customer_id=1, time_id=1) for number in range(20)
        ]
        lines = [
            pb.Sale(
                sale_id=8_000_000_000 + number,
                transaction_id=8_000_000_000 + number,
                product_sku=1,
                quantity=1,
                unit_price=2,
                line_total=2,
            )
            for number in range(20)
        ]
        rows.import_rows(self.sales, header, min_catalog_revision=self.catalog_revision)
        before = rows.import_rows(self.sales, lines)
        headers_again, lines_again = rows.import_rows(self.sales, header), rows.import_rows(self.sales, lines)
        for again in (headers_again, lines_again):
            self.assertEqual((again.unchanged_count, again.created_count, again.updated_count), (20, 0, 0), again)
            self.assertEqual(again.revision, before.revision)

    def test_imported_line_changes_its_purchase(self):
        got = self.record(rows.purchase(1, [(1, 4)]))
        line = got.sales[0]
        line.returned_quantity = 1
        summary = rows.import_rows(self.sales, [line])
        self.assertEqual(summary.updated_count, 1, summary)
        read = self.sales.transactions.GetTransaction(
            pb.GetTransactionRequest(transaction_id=got.transaction.transaction_id, include_sales=True)
        )
        self.assertEqual(read.sales[0].net_total, 3.75)
        self.assertGreater(read.transaction.revision, got.revision)

    def test_line_never_moves_to_another_purchase(self):
        first, second = self.record(rows.purchase(1, [(1, 1)])), self.record(rows.purchase(1, [(1, 1)]))
        line = first.sales[0]
        line.transaction_id = second.transaction.transaction_id
        self.assertEqual(rows.import_rows(self.sales, [line]).failed_count, 1)

    def test_exports_equal_the_lists(self):
        self.record(rows.purchase(1, [(1, 1), (2, 2)]))
        listed, token = [], ""
        for _ in range(1000):
            answer = self.sales.sales.ListSales(pb.ListSalesRequest(page_size=3, page_token=token))
            listed += answer.sales
            token = answer.next_page_token
            if not token:
                break
        self.assertEqual(listed, rows.export(self.sales, "sales"))
        self.assertEqual([line.sale_id for line in listed], sorted({line.sale_id for line in listed}))

    def test_without_catalog_known_products_sell_and_unknown_ones_are_unavailable(self):
        self.record(rows.purchase(1, [(1, 1)]))
        self.shop.catalog.stop()
        self.answer(self.sales.transactions.RecordPurchase, rows.purchase(1, [(1, 1)]))
        refusal = self.refused(
            StatusCode.UNAVAILABLE, "UPSTREAM", self.sales.transactions.RecordPurchase, rows.purchase(1, [(123_456, 1)])
        )
        self.assertIsNotNone(refusal.retry_info)


class CatalogAwayTest(ShopTest):
    """Without catalog, calls about known references succeed, and others are asked to retry."""

    @classmethod
    def populate(cls):
        revision = rows.import_catalog(cls.shop, rows.products(3), rows.customers(2), rows.timeframes(31))
        rows.import_rows(
            cls.shop.sales.client,
            [pb.Transaction(transaction_id=1, customer_id=1, time_id=1)],
            min_catalog_revision=revision,
        )

    def test_imports_that_need_catalog_fail_and_block_no_other_call(self):
        self.shop.catalog.stop()
        refused = []
        at_once = 8  # As many as one host may have open.

        def import_unknown(number):
            batch = pb.ImportTransactionsRequest(
                transactions=[pb.Transaction(transaction_id=100 + number, customer_id=999, time_id=1)]
            )
            try:
                self.sales.transactions.ImportTransactions(iter([batch]), timeout=30)
            except grpc.RpcError as error:
                refused.append(error.code())

        threads = [threading.Thread(target=import_unknown, args=(number,)) for number in range(at_once)]
        for thread in threads:
            thread.start()
        for _ in range(20):
            got = self.sales.transactions.ListTransactions(pb.ListTransactionsRequest(), timeout=2)
            self.assertEqual(got.total_size, 1)
        self.answer(self.sales.transactions.RecordPurchase, rows.purchase(1, [(1, 1)]))
        for thread in threads:
            thread.join(60)
        self.assertEqual(refused, [StatusCode.UNAVAILABLE] * at_once)
