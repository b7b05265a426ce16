"""Proves that the checker can fail: plants each kind of violation in a history that is right, and expects its name."""

import copy
import unittest

from harness import pb, rows
from history import checker, follower
from history.checker import DOUBLED, LOST, WRONG
from history.operation import Attempt, History, Operation, Outcome
from history.scan import Scan
from history.settle import settle


def acknowledged(number, service, method, request, answer, start, end):
    return Operation(number, service, method, request, [Attempt(start, end, Outcome.OK, answer)])


def bought(number, transaction, revision, start):
    """A purchase of two lines that was acknowledged."""
    request = rows.purchase(1, [(1, 2), (2, 1)], time_id=3, transaction_amount=number / 100)
    answer = pb.RecordPurchaseResponse(transaction=request.transaction, sales=request.sales, revision=revision)
    answer.transaction.MergeFrom(
        pb.Transaction(transaction_id=transaction, revision=revision, lines_total=25, purchase_date="2024-01-03")
    )
    for place, (line, total) in enumerate(zip(answer.sales, (20, 5), strict=True)):
        line.MergeFrom(
            pb.Sale(
                sale_id=10 * transaction + place,
                transaction_id=transaction,
                unit_price=total / line.quantity,
                line_total=total,
                revision=revision,
            )
        )
    return acknowledged(number, "sales", "transactions.RecordPurchase", request, answer, start, start + 1)


class CheckerTest(unittest.TestCase):
    """Two purchases, a return on the first, and a new price of a product."""

    def setUp(self):
        self.first, self.second = bought(1, 1, 5, 0), bought(2, 2, 6, 2)
        line = copy.deepcopy(self.first.acknowledged.answer.sales[0])
        line.returned_quantity, line.revision = 1, 7
        self.returned = acknowledged(
            3,
            "sales",
            "sales.ReturnSale",
            pb.ReturnSaleRequest(sale_id=10, quantity=1),
            pb.ReturnSaleResponse(sale=line),
            4,
            5,
        )
        product = pb.Product(product_sku=1, product_name="Cup", price=0.04, revision=9)
        self.priced = acknowledged(
            4,
            "catalog",
            "products.UpdateProduct",
            pb.UpdateProductRequest(product=pb.Product(product_sku=1, price=0.04)),
            pb.UpdateProductResponse(product=product),
            6,
            7,
        )
        self.history = History()
        for operation in (self.first, self.second, self.returned, self.priced):
            self.history.add(operation)
        headers = [copy.deepcopy(each.acknowledged.answer.transaction) for each in (self.first, self.second)]
        headers[0].revision = 7
        lines = [line, self.first.acknowledged.answer.sales[1], *self.second.acknowledged.answer.sales]
        self.scan = Scan(
            {row.transaction_id: row for row in headers},
            {row.sale_id: copy.deepcopy(row) for row in lines},
            {1: copy.deepcopy(product)},
        )

    def violations(self):
        return checker.check(self.history, self.scan)

    def expect(self, kind, text):
        found = self.violations()
        named = any(each.kind == kind and text in each.text for each in found)
        self.assertTrue(named, f"no {kind} {text!r} in {list(map(str, found))}")

    def test_a_right_history_has_no_violations(self):
        self.assertEqual(self.violations(), [])

    def test_a_lost_purchase_is_named(self):
        del self.scan.headers[2]
        self.expect(LOST, "header 2 is missing; operation 2 transactions.RecordPurchase")

    def test_a_lost_line_is_named(self):
        del self.scan.lines[21]
        self.expect(LOST, "line 21 is missing; operation 2")

    def test_a_lost_change_is_named(self):
        self.scan.lines[10].CopyFrom(self.first.acknowledged.answer.sales[0])
        self.expect(LOST, "line 10 is at revision 5; operation 3 sales.ReturnSale")

    def test_a_removal_that_was_undone_is_named(self):
        request = pb.DeleteTransactionRequest(transaction_id=2)
        answer = pb.DeleteTransactionResponse(revision=8)
        self.history.add(acknowledged(5, "sales", "transactions.DeleteTransaction", request, answer, 8, 9))
        self.expect(LOST, "header 2 is back, though operation 5")
        self.expect(LOST, "line 20 is back, though operation 5")

    def test_a_doubled_purchase_is_named(self):
        again = copy.deepcopy(self.scan.headers[2])
        again.transaction_id, again.revision, again.lines_total = 3, 8, 0
        self.scan.headers[3] = again
        self.expect(DOUBLED, "operation 2 transactions.RecordPurchase (1 attempts, the last: ok) is stored 2 times")
        self.expect(WRONG, "header 3 is stored, but no acknowledged write made it")

    def test_a_doubled_return_is_named(self):
        self.scan.lines[10].returned_quantity = 2
        self.expect(DOUBLED, "line 10 has 2 returned units, 1 were acknowledged")

    def test_a_wrong_value_is_named(self):
        self.scan.products[1].price = 0.05
        self.expect(WRONG, "product 1 is")

    def test_an_answer_with_another_value_than_asked_for_is_named(self):
        self.priced.acknowledged.answer.product.price = 0.05
        self.scan.products[1].price = 0.05
        self.expect(WRONG, "operation 4 products.UpdateProduct (1 attempts, the last: ok) answered price 0.05")

    def test_a_wrong_total_is_named(self):
        self.scan.headers[1].lines_total = 26
        self.expect(WRONG, "header 1 has lines_total 26.0, its lines 25.0")

    def test_a_revision_that_is_given_twice_is_named(self):
        self.second.acknowledged.answer.revision = 5
        self.expect(WRONG, "sales revision 5 was given to operation 1")

    def test_a_revision_that_runs_against_time_is_named(self):
        self.first.acknowledged.answer.revision = 8
        self.expect(WRONG, "took sales revision 6, not above 8")

    def test_a_stale_read_is_named(self):
        line = self.first.acknowledged.answer.sales[0]
        answer = pb.GetTransactionResponse(transaction=pb.Transaction(transaction_id=1), sales=[line])
        read = acknowledged(9, "sales", "transactions.GetTransaction", pb.GetTransactionRequest(), answer, 10, 11)
        self.history.add(read)
        self.expect(WRONG, "saw revision 5 after 7 was acknowledged")
        read.attempts[0].start = 4.5  # While the return was under way, either state may be seen.
        self.assertEqual(self.violations(), [])

    def test_a_write_that_is_not_settled_is_named(self):
        self.priced.attempts[0].outcome = Outcome.UNKNOWN
        self.expect(WRONG, "was never settled")

    def test_a_stream_that_misses_or_invents_a_row_is_named(self):
        baskets = {}
        for header in self.scan.headers.values():
            baskets[header.transaction_id] = follower.basket(header)
        found = [str(each) for each in follower.compare(baskets, {}, self.scan)]
        self.assertEqual(len(found), 3)  # Neither basket has its lines, and the product is missing.
        self.assertIn("the stream of sales gave row 1", found[0])

    def test_a_stream_that_goes_back_is_named(self):
        stream = follower.Follower("sales", lambda *_: EndedStream(), lambda rows, change: None)
        stream.stop()
        stream.take(pb.StreamSalesResponse(revision=5, head_revision=5))
        stream.take(pb.StreamSalesResponse(revision=4, head_revision=4))
        self.assertEqual([each.kind for each in stream.violations], [WRONG, WRONG])


class EndedStream:
    def __iter__(self):
        return iter(())

    def cancel(self):
        pass


class Server:
    """Answers a repeated purchase as its caller says."""

    def __init__(self, answer):
        self.answer = answer

    def try_once(self, operation, timeout):
        operation.attempts.append(Attempt(2, 3, Outcome.OK, self.answer))
        return True


class SettleTest(unittest.TestCase):
    def settle(self, stored, replayed):
        request = rows.purchase(1, [(1, 1)], transaction_amount=0.01)
        operation = Operation(1, "sales", "transactions.RecordPurchase", request, [Attempt(0, 1, Outcome.UNKNOWN)])
        history = History()
        history.add(operation)
        before = Scan({1: request.transaction} if stored else {}, {}, {})
        return [each.kind for each in settle(history, Server(pb.RecordPurchaseResponse(replayed=replayed)), before)]

    def test_a_repeated_write_happens_once(self):
        self.assertEqual(self.settle(stored=True, replayed=True), [])
        self.assertEqual(self.settle(stored=False, replayed=False), [])

    def test_a_repeated_write_that_happens_again_is_doubled(self):
        self.assertEqual(self.settle(stored=True, replayed=False), [DOUBLED])

    def test_a_replayed_answer_without_its_effect_is_lost(self):
        self.assertEqual(self.settle(stored=False, replayed=True), [LOST])
