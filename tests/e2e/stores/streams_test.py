"""What any follower of StreamCatalog and StreamSales may rely on."""

from grpc import StatusCode

from harness import pb, rows
from harness.case import ShopTest
from harness.client import Refusal, outcome


class StreamCatalogTest(ShopTest):
    @classmethod
    def populate(cls):
        rows.import_rows(cls.shop.catalog.client, rows.products(20))
        rows.import_rows(
            cls.shop.catalog.client, rows.customers(5, email="a@b.c", dob="1990-01-01", phone="1", city="Miami")
        )

    def stream(self, **fields):
        return self.answer(self.catalog.changes.StreamCatalog, pb.StreamCatalogRequest(**fields))

    def changes(self, **fields):
        return [change for message in self.stream(**fields) for change in message.changes]

    def test_whole_stream_ends_at_the_head_with_every_row(self):
        messages = self.stream()
        self.assertEqual(messages[-1].revision, messages[-1].head_revision)
        self.assertTrue(all(message.store_id for message in messages))
        found = {
            change.product.product_sku
            for message in messages
            for change in message.changes
            if change.WhichOneof("row") == "product"
        }
        self.assertLessEqual(set(range(1, 21)), found)

    def test_deletions_are_sent_after_a_revision_but_not_from_zero(self):
        head = self.stream()[-1]
        made = self.catalog.products.CreateProduct(
            pb.CreateProductRequest(product=pb.Product(product_name="x", price=1))
        ).product
        self.catalog.products.DeleteProduct(pb.DeleteProductRequest(product_sku=made.product_sku))
        later = self.changes(after_revision=head.revision, store_id=head.store_id)
        self.assertEqual([change.WhichOneof("row") for change in later], ["deleted_product_sku"])
        self.assertEqual(later[0].deleted_product_sku, made.product_sku)
        self.assertNotIn("deleted_product_sku", {change.WhichOneof("row") for change in self.changes()})

    def test_resume_sends_only_what_changed_since(self):
        head = self.stream()[-1]
        changed = self.catalog.products.UpdateProduct(
            pb.UpdateProductRequest(product=pb.Product(product_sku=3, price=77))
        ).product
        later = self.stream(after_revision=head.revision, store_id=head.store_id)
        self.assertEqual([change.product for message in later for change in message.changes], [changed])
        self.assertEqual(later[-1].revision, changed.revision)

    def test_a_stream_from_the_head_sends_one_empty_message(self):
        head = self.stream()[-1]
        messages = self.stream(after_revision=head.revision, store_id=head.store_id)
        self.assertEqual([len(message.changes) for message in messages], [0])
        self.assertEqual(messages[0].revision, head.revision)

    def test_resume_works_across_a_restart(self):
        head = self.stream()[-1]
        self.shop.catalog.restart()
        self.catalog.products.UpdateProduct(pb.UpdateProductRequest(product=pb.Product(product_sku=4, price=5.5)))
        later = self.stream(after_revision=head.revision, store_id=head.store_id)
        self.assertEqual([change.product.product_sku for message in later for change in message.changes], [4])
        self.assertNotEqual(later[-1].store_id, head.store_id)

    def test_an_unknown_history_or_a_future_revision_is_refused(self):
        head = self.stream()[-1]
        self.refused(
            StatusCode.OUT_OF_RANGE,
            "RESUME_REFUSED",
            self.catalog.changes.StreamCatalog,
            pb.StreamCatalogRequest(after_revision=head.revision, store_id="another-store"),
        )
        self.refused(
            StatusCode.OUT_OF_RANGE,
            "RESUME_REFUSED",
            self.catalog.changes.StreamCatalog,
            pb.StreamCatalogRequest(after_revision=head.revision + 1_000_000, store_id=head.store_id),
        )

    def test_an_ended_history_is_refused_beyond_its_end(self):
        old = self.stream()[-1]
        self.shop.catalog.restart()
        changed = self.catalog.products.UpdateProduct(
            pb.UpdateProductRequest(product=pb.Product(product_sku=5, price=6.5))
        ).product
        self.refused(
            StatusCode.OUT_OF_RANGE,
            "RESUME_REFUSED",
            self.catalog.changes.StreamCatalog,
            pb.StreamCatalogRequest(after_revision=changed.revision, store_id=old.store_id),
        )

    def test_contact_details_are_left_out_unless_requested(self):
        personal = ("first_name", "last_name", "dob", "email", "phone")
        plain = [change.customer for change in self.changes() if change.WhichOneof("row") == "customer"]
        full = [
            change.customer
            for change in self.changes(include_contact_details=True)
            if change.WhichOneof("row") == "customer"
        ]
        self.assertEqual(len(plain), 5)
        for customer in plain:
            self.assertEqual([name for name in personal if getattr(customer, name)], [])
            self.assertEqual(customer.city, "Miami")
        for customer in full:
            self.assertTrue(all(getattr(customer, name) for name in personal))

    def test_each_of_many_followers_receives_a_commit(self):
        streams = [
            self.catalog.changes.StreamCatalog(pb.StreamCatalogRequest(follow=True), timeout=60) for _ in range(20)
        ]
        for stream in streams:
            until_head(stream)
        changed = self.catalog.products.UpdateProduct(
            pb.UpdateProductRequest(product=pb.Product(product_sku=6, price=8.5))
        ).product
        for stream in streams:
            message = until(stream, lambda message: message.revision >= changed.revision)
            self.assertEqual([change.product for change in message.changes], [changed])
            stream.cancel()

    def test_negative_after_revision_is_refused(self):
        self.refused(
            StatusCode.INVALID_ARGUMENT,
            "FIELD_INVALID",
            self.catalog.changes.StreamCatalog,
            pb.StreamCatalogRequest(after_revision=-1),
            field="after_revision",
        )


def until(stream, condition):
    """Returns the first message that meets the condition; skips heartbeats."""
    for message in stream:
        if condition(message):
            return message
    raise AssertionError("the stream ended")


def until_head(stream):
    return until(stream, lambda message: message.revision == message.head_revision)


class StreamSalesTest(ShopTest):
    @classmethod
    def populate(cls):
        cls.catalog_revision = rows.import_catalog(cls.shop, rows.products(10), rows.customers(3), rows.timeframes(31))

    def buy(self, *skus, **fields):
        return self.answer(
            self.sales.transactions.RecordPurchase,
            rows.purchase(1, [(sku, 2) for sku in skus], min_catalog_revision=self.catalog_revision, **fields),
        )

    def stream(self, **fields):
        return self.answer(self.sales.baskets.StreamSales, pb.StreamSalesRequest(**fields))

    def test_a_follower_receives_a_purchase_with_all_its_lines(self):
        stream = self.sales.baskets.StreamSales(pb.StreamSalesRequest(follow=True), timeout=60)
        until_head(stream)
        bought = self.buy(3, 1, 3, purchase_date="2024-01-09", channel="Store", payment_type="Cash")
        message = until(stream, lambda message: message.revision >= bought.revision)
        stream.cancel()
        self.assertEqual(message.revision, bought.revision)
        self.assertEqual(len(message.changes), 1)
        basket = message.changes[0]
        self.assertEqual(
            (
                basket.transaction_id,
                basket.customer_id,
                basket.time_id,
                basket.epoch_day,
                basket.channel,
                basket.payment_type,
                list(basket.product_sku),
                list(basket.quantity),
                list(basket.unit_price_cents),
            ),
            (bought.transaction.transaction_id, 1, 9, 19731, "Store", "Cash", [3, 1, 3], [2, 2, 2], [325, 125, 325]),
        )

    def test_resume_after_a_restart_sends_only_new_baskets(self):
        self.buy(1, 2)
        head = self.stream()[-1]
        self.shop.sales.restart()
        bought = self.buy(2, 3)
        later = self.stream(after_revision=head.revision, store_id=head.store_id)
        self.assertEqual(
            [basket.transaction_id for message in later for basket in message.changes],
            [bought.transaction.transaction_id],
        )

    def test_resume_with_an_unknown_history_is_refused(self):
        head = self.stream()[-1]
        self.refused(
            StatusCode.OUT_OF_RANGE,
            "RESUME_REFUSED",
            self.sales.baskets.StreamSales,
            pb.StreamSalesRequest(after_revision=head.revision, store_id="nobody's"),
        )

    def test_messages_stay_under_one_mib_and_revisions_never_fall(self):
        transactions = [
            pb.Transaction(transaction_id=1_000_000 + number, customer_id=1, time_id=1) for number in range(4000)
        ]
        lines = [
            pb.Sale(
                sale_id=1_000_000 + 10 * number + line,
                transaction_id=1_000_000 + number,
                product_sku=line + 1,
                quantity=1,
            )
            for number in range(4000)
            for line in range(10)
        ]
        self.assertEqual(
            rows.import_rows(self.sales, transactions, 10_000, min_catalog_revision=self.catalog_revision).failed_count,
            0,
        )
        self.assertEqual(rows.import_rows(self.sales, lines, 10_000).failed_count, 0)
        messages = self.stream()
        self.assertTrue(all(message.ByteSize() < 1 << 20 for message in messages))
        revisions = [message.revision for message in messages]
        self.assertEqual(revisions, sorted(revisions))
        self.assertEqual(messages[-1].revision, messages[-1].head_revision)
        seen = [basket.transaction_id for message in messages for basket in message.changes]
        self.assertEqual(len([number for number in seen if number >= 1_000_000]), 4000)

    def test_server_drains_while_streams_are_open(self):
        stream = self.sales.baskets.StreamSales(pb.StreamSalesRequest(follow=True), timeout=60)
        until_head(stream)
        self.assertEqual(self.shop.sales.stop(), 0)
        got = outcome(lambda: list(stream))
        if isinstance(got, Refusal):
            self.assertIn(got.code, (StatusCode.UNAVAILABLE, StatusCode.CANCELLED), str(got))
