"""Many callers send the same request ids while sales is killed and restarted: each has one effect and one answer."""

import collections
import os
import random
import threading
import time

import grpc

from harness import environment, pb, rows
from harness.case import ShopTest

REQUESTS = 1_000 if environment.LONG else 100  # of each kind
CALLERS = 8
RESTARTS = 10 if environment.LONG else 3
PATIENCE_SECONDS = 120
#: Codes of a call whose server was killed or drains; gRPC itself cancels calls that arrive at a server that shuts down.
AGAIN = (grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.DEADLINE_EXCEEDED, grpc.StatusCode.CANCELLED)


class RetriesTest(ShopTest):
    @classmethod
    def populate(cls):
        cls.seed = int(os.environ.get("CLUSTR_SEED", random.SystemRandom().randrange(1 << 30)))
        print(f"CLUSTR_SEED={cls.seed}", flush=True)
        revision = rows.import_catalog(cls.shop, rows.products(20), rows.customers(10), rows.timeframes(31))
        headers = [pb.Transaction(transaction_id=number, customer_id=1, time_id=1) for number in range(1, REQUESTS + 1)]
        rows.import_rows(cls.shop.sales.client, headers, min_catalog_revision=revision)
        lines = [
            pb.Sale(sale_id=header.transaction_id, transaction_id=header.transaction_id, product_sku=1, quantity=5)
            for header in headers
        ]
        rows.import_rows(cls.shop.sales.client, lines)
        cls.catalog_revision = revision

    def requests(self):
        """Yields (call, request) of every kind; each has an effect that would be visible if it happened twice."""
        for number in range(1, REQUESTS + 1):
            yield "transactions.RecordPurchase", rows.purchase(
                2,
                [(1, 1), (2, 1)],
                transaction_amount=number / 100,
                request_id=f"record-{number}",
                min_catalog_revision=self.catalog_revision,
            )
            yield "sales.CreateSale", pb.CreateSaleRequest(
                sale=pb.Sale(transaction_id=number, product_sku=2, quantity=1), request_id=f"create-{number}"
            )
            yield "sales.ReturnSale", pb.ReturnSaleRequest(sale_id=number, quantity=1, request_id=f"return-{number}")
            yield "transactions.UpdateTransaction", pb.UpdateTransactionRequest(
                transaction=pb.Transaction(transaction_id=number, channel=f"Channel {number}"),
                request_id=f"header-{number}",
            )
            yield "sales.UpdateSale", pb.UpdateSaleRequest(
                sale=pb.Sale(sale_id=number, unit_price=number), request_id=f"line-{number}"
            )

    def call_all(self, requests, answers, problems):
        for call, request in requests:
            service, method = call.split(".")
            end = time.monotonic() + PATIENCE_SECONDS
            while True:
                try:
                    answer = getattr(getattr(self.sales, service), method)(request, timeout=10)
                    answers[request.request_id].append(answer)
                    break
                except grpc.RpcError as error:
                    if error.code() not in AGAIN or time.monotonic() > end:
                        problems.append(f"{call}: {error.code()} {error.details()}")
                        return
                    time.sleep(0.02)

    def test_every_request_id_has_one_effect_and_one_answer(self):
        requests = list(self.requests())
        answers, problems, threads = collections.defaultdict(list), [], []
        for number in range(CALLERS):
            mine = list(requests)
            random.Random(self.seed + number).shuffle(mine)
            threads.append(threading.Thread(target=self.call_all, args=(mine, answers, problems)))
        for thread in threads:
            thread.start()
        wanted = CALLERS * len(requests)
        for number in range(1, RESTARTS + 1):
            while sum(map(len, list(answers.values()))) < wanted * number / (RESTARTS + 1) and not problems:
                time.sleep(0.01)
            self.shop.sales.kill() if number % 2 else self.shop.sales.stop()
            self.shop.sales.start()
        for thread in threads:
            thread.join(2 * PATIENCE_SECONDS)
        self.assertEqual(problems, [])
        self.check_answers(answers)
        self.check_effects(answers)

    def check_answers(self, answers):
        self.assertEqual(len(answers), 5 * REQUESTS)
        for request_id, all_of_one in answers.items():
            self.assertEqual(len(all_of_one), CALLERS, request_id)
            # The first answer may have been lost when the server was killed.
            self.assertLessEqual(sum(not answer.replayed for answer in all_of_one), 1, request_id)
            for answer in all_of_one:
                answer.replayed = False
            self.assertTrue(all(answer == all_of_one[0] for answer in all_of_one), request_id)

    def check_effects(self, answers):
        headers = {header.transaction_id: header for header in rows.export(self.sales, "transactions")}
        lines = {line.sale_id: line for line in rows.export(self.sales, "sales")}
        self.assertEqual((len(headers), len(lines)), (2 * REQUESTS, 4 * REQUESTS))
        for number in range(1, REQUESTS + 1):
            self.assertEqual((lines[number].returned_quantity, lines[number].unit_price), (1, number))
            self.assertEqual(headers[number].channel, f"Channel {number}")
            bought = answers[f"record-{number}"][0]
            self.assertEqual(headers[bought.transaction.transaction_id], bought.transaction)
            added = answers[f"create-{number}"][0].sale
            self.assertEqual(lines[added.sale_id], added)
            last = max(answers[f"{kind}-{number}"][0].sale.revision for kind in ("return", "line"))
            self.assertEqual(lines[number].revision, last)
