"""Days that catalog lacks are created once, and only for rows that are stored."""

import uuid

from harness import pb, rows
from harness.corrections import INVALID, Corrections


class DaysTest(Corrections):
    def days(self):
        """Returns time_id by date, as catalog has them."""
        return {day.date: day.time_id for day in rows.export(self.catalog, "timeframes")}

    def at_once(self, requests):
        """Returns the answers to purchases that are sent concurrently."""
        return [call.result() for call in [self.headers._stub.RecordPurchase.future(one, timeout=30) for one in requests]]

    def purchase(self, date, **fields):
        return rows.purchase(1, [(1, 1)], purchase_date=date, min_catalog_revision=self.catalog_revision, **fields)

    def test_concurrent_purchases_share_their_new_day(self):
        answers = self.at_once([self.purchase("2031-01-01") for _ in range(20)])
        self.assertEqual({answer.transaction.time_id for answer in answers}, {self.days()["2031-01-01"]})
        self.assertEqual(len({answer.transaction.transaction_id for answer in answers}), 20)

    def test_concurrent_retries_on_a_new_day_record_once(self):
        answers = self.at_once([self.purchase("2031-01-02", request_id=str(uuid.uuid4()))] * 20)
        self.assertEqual(len({answer.transaction.transaction_id for answer in answers}), 1)
        self.assertEqual(sum(not answer.replayed for answer in answers), 1)

    def test_a_retry_whose_day_was_deleted_is_replayed_and_creates_no_day(self):
        request = self.purchase("2031-01-03", request_id=str(uuid.uuid4()))
        first = self.answer(self.headers.RecordPurchase, request)
        delete = pb.DeleteTimeframeRequest(time_id=first.transaction.time_id)
        request.min_catalog_revision = self.answer(self.catalog.timeframes.DeleteTimeframe, delete).revision
        self.refused(INVALID, "REQUEST_ID_REUSED", self.headers.RecordPurchase, request)
        request.min_catalog_revision = self.catalog_revision
        again = self.answer(self.headers.RecordPurchase, request)
        self.assertTrue(again.replayed)
        self.assertEqual(again.transaction, first.transaction)
        self.assertNotIn("2031-01-03", self.days())

    def test_a_day_that_the_mask_leaves_out_is_not_created(self):
        header = self.buy().transaction
        fields = {"transaction_id": header.transaction_id, "purchase_date": "2031-01-04", "channel": "Store"}
        self.assertEqual(self.changed_header(["channel"], **fields).time_id, header.time_id)
        self.assertNotIn("2031-01-04", self.days())
        self.assertEqual(self.changed_header(["purchase_date"], **fields).time_id, self.days()["2031-01-04"])

    def test_an_import_creates_days_only_for_good_rows(self):
        stored = self.buy().transaction.transaction_id
        summary = rows.import_rows(
            self.sales,
            [
                pb.Transaction(transaction_id=5001, customer_id=1, purchase_date="2031-01-05"),
                pb.Transaction(transaction_id=5002, customer_id=999, purchase_date="2031-01-06"),
                pb.Transaction(transaction_id=5003, customer_id=1, purchase_date="2031-01-07", transaction_amount=-1),
                pb.Transaction(transaction_id=stored, purchase_date="2031-01-08"),
            ],
        )
        self.assertEqual([error.row for error in summary.errors], [2, 3])
        new = {date: time_id for date, time_id in self.days().items() if "2031-01-05" <= date <= "2031-01-08"}
        self.assertEqual(set(new), {"2031-01-05", "2031-01-08"})
        self.assertEqual(self.read(stored).transaction.time_id, new["2031-01-08"])
