"""Rows of catalog and sales are named by the shop's own ids in every call, and answers name them so."""

import threading

from grpc import StatusCode

from harness import pb, rows
from harness.case import ShopTest
from harness.client import Refusal, outcome

INVALID = (StatusCode.INVALID_ARGUMENT, "FIELD_INVALID")
MISSING = (StatusCode.FAILED_PRECONDITION, "REFERENCE_MISSING")
TAKEN = (StatusCode.ALREADY_EXISTS, "EXTERNAL_ID_EXISTS")


def product(key, **fields):
    return pb.Product(**{"external_id": key, "product_name": f"Product {key}", "price": 2.5, **fields})


def customer(key, **fields):
    return pb.Customer(**{"external_id": key, "first_name": "Ada", "last_name": key, **fields})


class ExternalIdsTest(ShopTest):
    @classmethod
    def populate(cls):
        cls.made = 0
        cls.catalog_revision = rows.import_catalog(
            cls.shop,
            [product(key) for key in ("TEA", "CUP", "POT", "JAR")],
            [customer(key) for key in ("ada", "bob", "eve")],
            rows.timeframes(3),
        )

    def fresh(self, stem):
        """A key that no other test uses."""
        type(self).made += 1
        return f"{stem}-{self.made}"

    def record(self, order, buyer, lines, **fields):
        """Records a purchase from nothing but external ids; `lines` are (line, product, quantity)."""
        fields.setdefault("min_catalog_revision", self.catalog_revision)
        return self.answer(
            self.sales.transactions.RecordPurchase,
            pb.RecordPurchaseRequest(
                transaction=pb.Transaction(
                    external_id=order, customer_external_id=buyer, purchase_date="2024-01-02"
                ),
                sales=[
                    pb.Sale(external_id=line, product_external_id=key, quantity=quantity)
                    for line, key, quantity in lines
                ],
                **fields,
            ),
        )

    def order(self, key):
        return self.answer(
            self.sales.transactions.GetTransaction, pb.GetTransactionRequest(external_id=key, include_sales=True)
        )

    # One row

    def test_each_row_of_catalog_is_read_changed_and_removed_by_its_key(self):
        key = self.fresh("mug")
        client = self.catalog.products
        made = self.answer(client.CreateProduct, pb.CreateProductRequest(product=product(key))).product
        self.assertEqual(self.answer(client.GetProduct, pb.GetProductRequest(external_id=key)).product, made)
        change = pb.UpdateProductRequest(product=pb.Product(external_id=key, price=3.0))
        changed = self.answer(client.UpdateProduct, change).product
        self.assertEqual((changed.product_sku, changed.price, changed.external_id), (made.product_sku, 3.0, key))
        self.refused(
            *(StatusCode.ABORTED, "REVISION_MISMATCH"),
            client.DeleteProduct,
            pb.DeleteProductRequest(external_id=key, revision=made.revision),
        )
        gone = self.answer(client.DeleteProduct, pb.DeleteProductRequest(external_id=key)).revision
        self.assertGreater(gone, changed.revision)
        for call, request in (
            (client.GetProduct, pb.GetProductRequest(external_id=key)),
            (client.UpdateProduct, change),
            (client.DeleteProduct, pb.DeleteProductRequest(external_id=key)),
        ):
            refusal = self.refused(StatusCode.NOT_FOUND, "PRODUCT_NOT_FOUND", call, request)
            self.assertEqual(refusal.message, f'no product with external_id "{key}"')
        again = pb.DeleteProductRequest(external_id=key, allow_missing=True)
        self.assertEqual(self.answer(client.DeleteProduct, again).revision, 0)

    def test_a_timeframe_is_named_by_its_date(self):
        client = self.catalog.timeframes
        got = self.answer(client.GetTimeframe, pb.GetTimeframeRequest(date="2024-01-03")).timeframe
        self.assertEqual((got.day, got.month, got.year), (3, 1, 2024))
        both = pb.BatchGetTimeframesRequest(dates=["2024-01-02", "2024-01-01", "2024-01-02"])
        dates = [row.date for row in self.answer(client.BatchGetTimeframes, both).timeframes]
        self.assertEqual(dates, ["2024-01-02", "2024-01-01", "2024-01-02"])
        update = pb.UpdateTimeframeRequest(timeframe=pb.Timeframe(date="2033-02-01"), allow_missing=True)
        self.assertEqual(self.answer(client.UpdateTimeframe, update).timeframe.month, 2)
        self.assertGreater(self.answer(client.DeleteTimeframe, pb.DeleteTimeframeRequest(date="2033-02-01")).revision, 0)
        self.refused(*INVALID, client.GetTimeframe, pb.GetTimeframeRequest(date="2024-02-30"), "date")
        missing = self.refused(
            StatusCode.NOT_FOUND, "TIMEFRAME_NOT_FOUND", client.GetTimeframe, pb.GetTimeframeRequest(date="2033-02-01")
        )
        self.assertEqual(missing.message, 'no timeframe with date "2033-02-01"')

    def test_both_names_neither_an_empty_and_a_too_long_one_are_refused(self):
        sku = self.answer(self.catalog.products.GetProduct, pb.GetProductRequest(external_id="TEA")).product.product_sku
        for client, verb, name, kind, key in (
            (self.catalog.products, "Product", "product_sku", pb.Product, "TEA"),
            (self.catalog.customers, "Customer", "customer_id", pb.Customer, "ada"),
            (self.sales.transactions, "Transaction", "transaction_id", pb.Transaction, "x"),
            (self.sales.sales, "Sale", "sale_id", pb.Sale, "x"),
        ):
            for call in (f"Get{verb}", f"Delete{verb}"):
                request = getattr(pb, f"{call}Request")
                method = getattr(client, call)
                both = self.refused(*INVALID, method, request(**{name: sku, "external_id": key}), "external_id")
                self.assertIn(f"external_id: names what {name} names; give one of the two", both.message)
                neither = self.refused(*INVALID, method, request(), name)
                self.assertIn("or give external_id", neither.message)
                self.refused(*INVALID, method, request(external_id="x" * 257), "external_id")
                self.refused(*INVALID, method, request(external_id="a\nb"), "external_id")
            update = getattr(pb, f"Update{verb}Request")
            row = {verb.lower(): kind(**{name: 1})}
            self.refused(*INVALID, getattr(client, f"Update{verb}"), update(**row, external_id=key), "external_id")
            empty = {verb.lower(): kind(external_id="")}
            self.refused(*INVALID, getattr(client, f"Update{verb}"), update(**empty), f"{verb.lower()}.external_id")

    def test_a_key_is_changed_by_the_key_it_has(self):
        old, new, other = self.fresh("old"), self.fresh("new"), self.fresh("other")
        client = self.catalog.customers
        made = self.answer(client.CreateCustomer, pb.CreateCustomerRequest(customer=customer(old))).customer
        self.answer(client.CreateCustomer, pb.CreateCustomerRequest(customer=customer(other)))
        rename = pb.UpdateCustomerRequest(external_id=old, customer=pb.Customer(external_id=new))
        got = self.answer(client.UpdateCustomer, rename).customer
        self.assertEqual((got.customer_id, got.external_id, got.last_name), (made.customer_id, new, old))
        self.refused(StatusCode.NOT_FOUND, "CUSTOMER_NOT_FOUND", client.UpdateCustomer, rename)
        clash = pb.UpdateCustomerRequest(external_id=new, customer=pb.Customer(external_id=other))
        self.refused(*TAKEN, client.UpdateCustomer, clash, "customer.external_id")
        # With a mask that does not name it, the key in the row is not written.
        kept = pb.UpdateCustomerRequest(external_id=new, customer=pb.Customer(external_id="z", gender="Female"))
        kept.update_mask.paths.append("gender")
        self.assertEqual(self.answer(client.UpdateCustomer, kept).customer.external_id, new)

    def test_an_update_creates_a_missing_row_with_the_key_that_named_it(self):
        client = self.catalog.products
        key, named = self.fresh("made"), self.fresh("named")
        upsert = pb.UpdateProductRequest(product=product(key), allow_missing=True)
        made = self.answer(client.UpdateProduct, upsert).product
        self.assertGreater(made.product_sku, 0)
        again = self.answer(client.UpdateProduct, upsert).product
        self.assertEqual(again, made, "the same row, unchanged")
        bare = product(key)
        bare.ClearField("external_id")
        by_name = pb.UpdateProductRequest(external_id=named, product=bare, allow_missing=True)
        self.assertEqual(self.answer(client.UpdateProduct, by_name).product.external_id, named)

    def test_a_key_is_unique_among_the_rows_that_exist(self):
        key = self.fresh("reused")
        client = self.catalog.products
        create = pb.CreateProductRequest(product=product(key))
        first = self.answer(client.CreateProduct, create).product
        self.refused(*TAKEN, client.CreateProduct, create, "product.external_id")
        self.answer(client.DeleteProduct, pb.DeleteProductRequest(external_id=key))
        second = self.answer(client.CreateProduct, create).product
        self.assertGreater(second.product_sku, first.product_sku)
        got = self.answer(client.GetProduct, pb.GetProductRequest(external_id=key)).product
        self.assertEqual(got.product_sku, second.product_sku)

    # Several rows

    def test_batch_get_answers_keys_after_ids_and_names_all_that_are_missing(self):
        client = self.catalog.products
        sku = self.answer(client.GetProduct, pb.GetProductRequest(external_id="CUP")).product.product_sku
        mixed = pb.BatchGetProductsRequest(product_skus=[sku, sku], external_ids=["POT", "TEA", "POT"])
        got = self.answer(client.BatchGetProducts, mixed).products
        self.assertEqual([row.external_id for row in got], ["CUP", "CUP", "POT", "TEA", "POT"])
        lost = pb.BatchGetProductsRequest(product_skus=[987654], external_ids=["no", "TEA", "nor"])
        refusal = self.refused(StatusCode.NOT_FOUND, "PRODUCT_NOT_FOUND", client.BatchGetProducts, lost)
        self.assertEqual(refusal.message, 'no product 987654, and none with external_id "no", "nor"')
        many = pb.BatchGetProductsRequest(external_ids=[f"no {n}" for n in range(1000)])
        refusal = self.refused(StatusCode.NOT_FOUND, "PRODUCT_NOT_FOUND", client.BatchGetProducts, many)
        self.assertIn('"no 19" and 980 more', refusal.message)
        for bad, field in (
            (pb.BatchGetProductsRequest(), "product_skus"),
            (pb.BatchGetProductsRequest(product_skus=[sku], external_ids=["TEA"] * 1000), "product_skus"),
            (pb.BatchGetProductsRequest(external_ids=["TEA"] * 10_000), "external_ids"),
            (pb.BatchGetProductsRequest(external_ids=["TEA", ""]), "external_ids[1]"),
        ):
            self.refused(*INVALID, client.BatchGetProducts, bad, field)

    # Purchases

    def test_a_purchase_is_recorded_corrected_returned_and_voided_without_an_id(self):
        order, tea, cup, pot = (self.fresh(stem) for stem in ("order", "tea", "cup", "pot"))
        got = self.record(order, "ada", [(tea, "TEA", 3), (cup, "CUP", 1)], request_id=order)
        self.assertEqual((got.transaction.external_id, got.transaction.customer_external_id), (order, "ada"))
        self.assertEqual(
            [(line.external_id, line.transaction_external_id, line.product_external_id) for line in got.sales],
            [(tea, order, "TEA"), (cup, order, "CUP")],
        )
        replayed = self.record(order, "ada", [(tea, "TEA", 3), (cup, "CUP", 1)], request_id=order)
        self.assertTrue(replayed.replayed)
        replayed.replayed = False
        self.assertEqual(replayed, got)

        client = self.sales.sales
        more = pb.Sale(external_id=pot, transaction_external_id=order, product_external_id="POT", quantity=1)
        added = self.answer(client.CreateSale, pb.CreateSaleRequest(sale=more)).sale
        self.assertEqual((added.transaction_id, added.unit_price), (got.transaction.transaction_id, 2.5))
        swap = pb.UpdateSaleRequest(sale=pb.Sale(external_id=cup, product_external_id="JAR"))
        self.assertEqual(self.answer(client.UpdateSale, swap).sale.product_external_id, "JAR")
        returned = self.answer(client.ReturnSale, pb.ReturnSaleRequest(external_id=tea, quantity=2)).sale
        self.assertEqual((returned.returned_quantity, returned.transaction_external_id), (2, order))
        self.answer(client.DeleteSale, pb.DeleteSaleRequest(external_id=pot))
        other = pb.UpdateTransactionRequest(
            transaction=pb.Transaction(external_id=order, customer_external_id="bob", channel="Store")
        )
        header = self.answer(self.sales.transactions.UpdateTransaction, other).transaction
        self.assertEqual((header.customer_external_id, header.channel), ("bob", "Store"))

        read = self.order(order)
        self.assertEqual(read.transaction, header)
        self.assertEqual([line.product_external_id for line in read.sales], ["TEA", "JAR"])
        self.assertEqual(self.answer(client.GetSale, pb.GetSaleRequest(external_id=tea)).sale, read.sales[0])
        self.assertEqual(self.answer(client.GetSale, pb.GetSaleRequest(sale_id=read.sales[0].sale_id)).sale, read.sales[0])
        both = self.answer(client.BatchGetSales, pb.BatchGetSalesRequest(external_ids=[cup, tea])).sales
        self.assertEqual([line.external_id for line in both], [cup, tea])
        headers = self.sales.transactions.BatchGetTransactions
        self.assertEqual(
            list(self.answer(headers, pb.BatchGetTransactionsRequest(external_ids=[order])).transactions), [header]
        )
        self.answer(self.sales.transactions.DeleteTransaction, pb.DeleteTransactionRequest(external_id=order))
        for call, request, reason in (
            (self.sales.transactions.GetTransaction, pb.GetTransactionRequest(external_id=order), "TRANSACTION_NOT_FOUND"),
            (client.GetSale, pb.GetSaleRequest(external_id=tea), "SALE_NOT_FOUND"),
            (client.ReturnSale, pb.ReturnSaleRequest(external_id=tea, quantity=1), "SALE_NOT_FOUND"),
        ):
            self.refused(StatusCode.NOT_FOUND, reason, call, request)

    def test_lists_are_filtered_by_key(self):
        orders = [self.fresh("listed") for _ in range(3)]
        buyer = self.fresh("buyer")
        made = self.answer(
            self.catalog.customers.CreateCustomer, pb.CreateCustomerRequest(customer=customer(buyer))
        ).customer
        for order in orders[:2]:
            self.record(order, buyer, [(None, "TEA", 1), (None, "CUP", 1)], min_catalog_revision=made.revision)
        self.record(orders[2], "ada", [(None, "CUP", 1)])

        def headers(text):
            request = pb.ListTransactionsRequest(filter=text, page_size=1)
            found = []
            while True:
                page = self.answer(self.sales.transactions.ListTransactions, request)
                found += [row.external_id for row in page.transactions]
                if not page.next_page_token:
                    return found, page.total_size
                request.page_token = page.next_page_token

        self.assertEqual(headers(f'customer_external_id = "{buyer}"'), (orders[:2], 2))
        self.assertEqual(headers('customer_external_id = "nobody"'), ([], 0))
        everyone = len(headers("")[0])
        self.assertEqual(headers('customer_external_id != "nobody"')[1], everyone)
        self.assertEqual(headers(f'NOT customer_external_id = "{buyer}"')[1], everyone - 2)

        def lines(text):
            got = self.answer(self.sales.sales.ListSales, pb.ListSalesRequest(filter=text)).sales
            return [(line.transaction_external_id, line.product_external_id) for line in got]

        self.assertEqual(lines(f'transaction_external_id = "{orders[0]}"'), [(orders[0], "TEA"), (orders[0], "CUP")])
        self.assertEqual(
            lines(f'transaction_external_id = "{orders[1]}" AND product_external_id = "CUP"'), [(orders[1], "CUP")]
        )
        exported = self.sales.sales.ExportSales(
            pb.ExportSalesRequest(filter=f'product_external_id != "CUP" AND transaction_external_id = "{orders[0]}"')
        )
        rows_of = [line for batch in exported for line in batch.sales]
        self.assertEqual([(line.transaction_external_id, line.product_external_id) for line in rows_of], [(orders[0], "TEA")])
        order_by = self.refused(
            StatusCode.INVALID_ARGUMENT,
            "FILTER_INVALID",
            self.sales.transactions.ListTransactions,
            pb.ListTransactionsRequest(filter='customer_external_id > "a"'),
        )
        self.assertIn("compare it with = or !=", order_by.message)

    def test_references_that_are_unknown_or_disagree_are_told_together(self):
        request = pb.RecordPurchaseRequest(
            transaction=pb.Transaction(customer_external_id="nobody", purchase_date="2024-01-02"),
            sales=[
                pb.Sale(product_external_id="TEA", quantity=1),
                pb.Sale(product_external_id="NIX", quantity=1),
                pb.Sale(quantity=1),
            ],
        )
        refusal = self.refused(*INVALID, self.sales.transactions.RecordPurchase, request, "sales[2].product_sku")
        self.assertIn("or give product_external_id", refusal.message)
        del request.sales[2]
        refusal = self.refused(*MISSING, self.sales.transactions.RecordPurchase, request)
        self.assertEqual(
            {(violation.field, violation.description) for violation in refusal.violations},
            {
                ("sales[1].product_external_id", 'catalog has no product with external_id "NIX"; create it first'),
                (
                    "transaction.customer_external_id",
                    'catalog has no customer with external_id "nobody"; create it first',
                ),
            },
        )
        tea = self.answer(self.catalog.products.GetProduct, pb.GetProductRequest(external_id="TEA")).product.product_sku
        cup = self.answer(self.catalog.products.GetProduct, pb.GetProductRequest(external_id="CUP")).product.product_sku
        agree = pb.RecordPurchaseRequest(
            transaction=pb.Transaction(customer_external_id="eve", purchase_date="2024-01-02"),
            sales=[pb.Sale(product_sku=tea, product_external_id="TEA", quantity=1)],
        )
        self.assertEqual(self.answer(self.sales.transactions.RecordPurchase, agree).sales[0].product_sku, tea)
        agree.sales[0].product_sku = cup
        refusal = self.refused(
            *INVALID, self.sales.transactions.RecordPurchase, agree, "sales[0].product_external_id"
        )
        self.assertIn(f'"TEA" is product {tea}, but product_sku is {cup}; give one of the two', refusal.message)
        placed = pb.RecordPurchaseRequest(
            transaction=agree.transaction,
            sales=[pb.Sale(product_external_id="TEA", transaction_external_id="x", quantity=1)],
        )
        self.refused(*INVALID, self.sales.transactions.RecordPurchase, placed, "sales[0].transaction_external_id")
        orphan = pb.Sale(transaction_external_id="never", product_external_id="TEA", quantity=1)
        self.refused(
            *MISSING, self.sales.sales.CreateSale, pb.CreateSaleRequest(sale=orphan), "sale.transaction_external_id"
        )

    def test_a_line_and_an_order_are_stored_once_under_their_keys(self):
        order, line = self.fresh("once"), self.fresh("line")
        self.record(order, "ada", [(line, "TEA", 1)])
        for again in (
            pb.Transaction(external_id=order, customer_external_id="ada", purchase_date="2024-01-02"),
            pb.Transaction(customer_external_id="ada", purchase_date="2024-01-02"),
        ):
            request = pb.RecordPurchaseRequest(
                transaction=again, sales=[pb.Sale(external_id=line, product_external_id="CUP", quantity=1)]
            )
            self.refused(*TAKEN, self.sales.transactions.RecordPurchase, request)
        twice = self.fresh("twice")
        request = pb.RecordPurchaseRequest(
            transaction=pb.Transaction(customer_external_id="ada", purchase_date="2024-01-02"),
            sales=[pb.Sale(external_id=twice, product_external_id=key, quantity=1) for key in ("TEA", "CUP")],
        )
        self.refused(*TAKEN, self.sales.transactions.RecordPurchase, request, "sales[1].external_id")
        self.refused(StatusCode.NOT_FOUND, "SALE_NOT_FOUND", self.sales.sales.GetSale, pb.GetSaleRequest(external_id=twice))

    def test_masks_name_references_by_key(self):
        order = self.fresh("masked")
        self.record(order, "ada", [(None, "TEA", 1)])
        update = self.sales.transactions.UpdateTransaction

        def change(paths, **fields):
            request = pb.UpdateTransactionRequest(transaction=pb.Transaction(external_id=order, **fields))
            request.update_mask.paths.extend(paths)
            return request

        eve = self.answer(self.catalog.customers.GetCustomer, pb.GetCustomerRequest(external_id="eve")).customer.customer_id
        got = self.answer(update, change(["customer_external_id"], customer_external_id="bob")).transaction
        self.assertEqual(got.customer_external_id, "bob")
        # A mask that names the id alone leaves the key that was read with the row aside, and the other way round.
        got = self.answer(update, change(["customer_id"], customer_id=eve, customer_external_id="bob")).transaction
        self.assertEqual(got.customer_external_id, "eve")
        got = self.answer(update, change(["customer_external_id"], customer_id=eve, customer_external_id="ada")).transaction
        self.assertEqual(got.customer_external_id, "ada")
        # A mask that names one of the two means the other where the row sets only that one.
        got = self.answer(update, change(["customer_id"], customer_external_id="bob")).transaction
        self.assertEqual(got.customer_external_id, "bob")
        got = self.answer(update, change(["customer_external_id"], customer_id=eve)).transaction
        self.assertEqual(got.customer_external_id, "eve")
        self.refused(*MISSING, update, change(["customer_id"], customer_external_id="nobody"))
        got = self.answer(update, change(["channel"], channel="Web", customer_external_id="nobody")).transaction
        self.assertEqual((got.channel, got.customer_external_id), ("Web", "eve"))
        self.refused(*INVALID, update, change([], customer_id=eve, customer_external_id="ada"), "transaction.customer_external_id")
        self.refused(*INVALID, update, change(["customer_external_id"]), "transaction.customer_id")
        self.refused(*MISSING, update, change(["*"], customer_external_id="nobody", purchase_date="2024-01-02"))

    # Imports

    def test_imports_work_from_nothing_but_keys(self):
        orders = [self.fresh("imported") for _ in range(3)]
        client = self.shop.sales.client
        headers = [
            pb.Transaction(external_id=order, customer_external_id="ada", purchase_date="2024-01-03") for order in orders
        ]
        headers.append(pb.Transaction(external_id=self.fresh("lost"), customer_external_id="nobody", purchase_date="2024-01-03"))
        summary = rows.import_rows(client, headers)
        self.assertEqual((summary.created_count, summary.failed_count), (3, 1), summary)
        self.assertEqual(summary.errors[0].violations[0].field, "customer_external_id")
        self.assertEqual(summary.errors[0].violations[0].reason, "REFERENCE_MISSING")
        lines = [
            pb.Sale(external_id=f"{order}/1", transaction_external_id=order, product_external_id="POT", quantity=2)
            for order in orders
        ]
        lines.append(pb.Sale(external_id="lost/1", transaction_external_id="lost", product_external_id="POT", quantity=2))
        lines.append(pb.Sale(external_id="lost/2", transaction_external_id=orders[0], product_external_id="NIX", quantity=2))
        summary = rows.import_rows(client, lines)
        self.assertEqual((summary.created_count, summary.failed_count), (3, 2), summary)
        self.assertEqual(
            [error.violations[0].field for error in summary.errors], ["transaction_external_id", "product_external_id"]
        )
        again = rows.import_rows(client, lines[:3])
        self.assertEqual((again.unchanged_count, again.failed_count), (3, 0), again)
        lines[0].quantity = 5
        self.assertEqual(rows.import_rows(client, lines[:1]).updated_count, 1)
        self.assertEqual(self.order(orders[0]).sales[0].quantity, 5)

    def test_files_name_references_by_key(self):
        order = self.fresh("filed")
        folder = self.shop.folder / order
        folder.mkdir()
        (folder / "transactions.csv").write_text(
            f"external_id,customer_external_id,purchase_date\n{order},eve,2024-01-03\n"
        )
        (folder / "sales.csv").write_text(
            f"external_id,transaction_external_id,product_external_id,quantity\n{order}/1,{order},JAR,4\n"
        )
        ran = self.shop.ctl("import", folder)
        self.assertEqual(ran.returncode, 0, ran.stderr + ran.stdout)
        read = self.order(order)
        self.assertEqual((read.transaction.customer_external_id, read.sales[0].product_external_id), ("eve", "JAR"))
        (folder / "sales.csv").unlink()
        (folder / "transactions.csv").unlink()
        (folder / "sales.jsonl").write_text(
            f'{{"external_id": "{order}/1", "transaction_external_id": "{order}", "product_external_id": "TEA"}}\n'
        )
        ran = self.shop.ctl("import", folder)
        self.assertEqual(ran.returncode, 0, ran.stderr + ran.stdout)
        self.assertEqual(self.order(order).sales[0].product_external_id, "TEA")

    def test_clustrctl_takes_and_prints_keys(self):
        order = self.fresh("receipt")
        bought = self.shop.ctl("purchase", "--customer=bob", "--date=2024-01-03", f"--external-id={order}", "TEA:2", "CUP")
        self.assertEqual(bought.returncode, 0, bought.stderr)
        self.assertIn(f"transaction {order} of 2024-01-03", bought.stdout)
        self.assertRegex(bought.stdout, r" TEA +2 ")
        line = self.order(order).sales[0]
        named = pb.UpdateSaleRequest(sale=pb.Sale(sale_id=line.sale_id, external_id="4711"))
        self.answer(self.sales.sales.UpdateSale, named)
        returned = self.shop.ctl("return", "@4711")
        self.assertEqual(returned.returncode, 0, returned.stderr)
        self.assertIn(f"sale @4711 of transaction {order}: 1 of 2 units of product TEA came back", returned.stdout)
        unknown = self.shop.ctl("purchase", "--customer=nobody", "TEA")
        self.assertEqual(unknown.returncode, 3, unknown.stdout)
        self.assertIn('catalog has no customer with external_id "nobody"', unknown.stderr)
        none = self.shop.ctl("purchase", "--customer=bob", "@")
        self.assertEqual(none.returncode, 2, none.stdout)
        self.assertIn("TEA", self.shop.ctl("top-products").stdout)
        self.assertIn("bob", self.shop.ctl("revenue", "customer").stdout)

    # Figures

    def test_figures_name_products_and_customers(self):
        self.record(self.fresh("sold"), "eve", [(None, "JAR", 400)])
        top = self.answer(self.sales.analytics.ListTopProducts, pb.ListTopProductsRequest(limit=1)).top_products[0]
        self.assertEqual(top.external_id, "JAR")
        request = pb.QueryRevenueRequest(dimension=pb.REVENUE_DIMENSION_CUSTOMER, limit=1)
        self.assertEqual(self.answer(self.sales.analytics.QueryRevenue, request).groups[0].customer_external_id, "eve")
        request = pb.QueryRevenueRequest(dimension=pb.REVENUE_DIMENSION_MONTH, limit=1)
        self.assertFalse(self.answer(self.sales.analytics.QueryRevenue, request).groups[0].HasField("customer_external_id"))

    # What changes meanwhile

    def test_answers_follow_a_renamed_customer(self):
        old, new, order = self.fresh("before"), self.fresh("after"), self.fresh("order")
        client = self.catalog.customers
        made = self.answer(client.CreateCustomer, pb.CreateCustomerRequest(customer=customer(old))).customer
        self.record(order, old, [(None, "TEA", 1)], min_catalog_revision=made.revision, request_id=order)
        renamed = self.answer(
            client.UpdateCustomer, pb.UpdateCustomerRequest(external_id=old, customer=pb.Customer(external_id=new))
        ).customer
        # A purchase that waits for the new name leaves the replica at it.
        self.record(self.fresh("order"), new, [(None, "TEA", 1)], min_catalog_revision=renamed.revision)
        self.assertEqual(self.order(order).transaction.customer_external_id, new)
        replayed = self.record(order, old, [(None, "TEA", 1)], min_catalog_revision=made.revision, request_id=order)
        self.assertTrue(replayed.replayed)
        self.assertEqual(replayed.transaction.customer_external_id, new)
        late = pb.RecordPurchaseRequest(
            transaction=pb.Transaction(customer_external_id=old, purchase_date="2024-01-02"),
            sales=[pb.Sale(product_external_id="TEA", quantity=1)],
        )
        self.refused(*MISSING, self.sales.transactions.RecordPurchase, late, "transaction.customer_external_id")
        self.answer(client.DeleteCustomer, pb.DeleteCustomerRequest(external_id=new))
        self.refused(*MISSING, self.sales.transactions.RecordPurchase, late)
        self.assertFalse(self.order(order).transaction.HasField("customer_external_id"))

    def test_one_of_many_creates_a_row_for_a_key(self):
        key = self.fresh("race")
        outcomes = []

        def create():
            outcomes.append(outcome(self.catalog.products.CreateProduct, pb.CreateProductRequest(product=product(key))))

        threads = [threading.Thread(target=create) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        refusals = [got for got in outcomes if isinstance(got, Refusal)]
        self.assertEqual(len(refusals), 7, outcomes)
        self.assertEqual({got.reason for got in refusals}, {"EXTERNAL_ID_EXISTS"})

    def test_keys_survive_restarts_and_catalog_may_be_away(self):
        order, line = self.fresh("durable"), self.fresh("line")
        self.record(order, "ada", [(line, "TEA", 2)])
        self.shop.sales.restart()
        self.shop.catalog.restart()
        # A reference that sales does not know is asked of catalog, so this waits until it was read.
        self.record(self.fresh("durable"), "ada", [(None, "TEA", 2)])
        self.assertEqual(self.order(order).transaction.customer_external_id, "ada")
        self.shop.catalog.stop()
        self.record(self.fresh("durable"), "ada", [(None, "TEA", 2)])
        unknown = pb.RecordPurchaseRequest(
            transaction=pb.Transaction(customer_external_id="nobody", purchase_date="2024-01-02"),
            sales=[pb.Sale(product_external_id="TEA", quantity=1)],
        )
        away = (StatusCode.UNAVAILABLE, "UPSTREAM")
        self.refused(*away, self.sales.transactions.RecordPurchase, unknown, "transaction.customer_external_id")
        self.shop.sales.restart()
        # Nothing of catalog is known now: its names are unset, what is ours is found, and a filter does not guess.
        read = self.order(order)
        self.assertFalse(read.transaction.HasField("customer_external_id"))
        self.assertEqual(read.sales[0].transaction_external_id, order)
        self.assertEqual(self.answer(self.sales.sales.GetSale, pb.GetSaleRequest(external_id=line)).sale.quantity, 2)
        by_buyer = pb.ListTransactionsRequest(filter='customer_external_id = "ada"')
        self.refused(*away, self.sales.transactions.ListTransactions, by_buyer)
        by_order = pb.ListSalesRequest(filter=f'transaction_external_id = "{order}"')
        self.assertEqual(len(self.answer(self.sales.sales.ListSales, by_order).sales), 1)
        self.answer(self.sales.sales.ReturnSale, pb.ReturnSaleRequest(external_id=line, quantity=1))
        self.shop.catalog.start()
