"""Products, customers and timeframes from a client's view: rows, pages, preconditions, retries, refusals."""

import uuid

from grpc import StatusCode

from harness import pb, rows
from harness.case import ShopTest


def new_product(**fields):
    return pb.Product(**{"product_name": "Tee", "price": 19.99, **fields})


def page(client, **fields):
    return client.products.ListProducts(pb.ListProductsRequest(**fields))


class CatalogTest(ShopTest):
    def create(self, **fields):
        return self.answer(
            self.catalog.products.CreateProduct, pb.CreateProductRequest(product=new_product(**fields))
        ).product

    def get(self, sku):
        return self.answer(self.catalog.products.GetProduct, pb.GetProductRequest(product_sku=sku)).product

    # Rows

    def test_created_row_is_read_back_as_stored(self):
        text = "Tee 'quoted' \"twice\" 😀; DROP TABLE products;-- "
        made = self.create(product_name=text, category="", price=0.1 + 0.2, unit_cost=0)
        self.assertEqual(made.product_name, text)
        self.assertEqual(made.price, 0.30)
        self.assertTrue(made.HasField("category"))
        self.assertFalse(made.HasField("brand"))
        self.assertGreater(made.revision, 0)
        self.assertEqual(self.get(made.product_sku), made)

    def test_update_changes_set_fields_and_a_mask_clears_unset_ones(self):
        made = self.create(category="Shirts", brand="Nike")
        update = self.catalog.products.UpdateProduct
        changed = self.answer(
            update, pb.UpdateProductRequest(product=pb.Product(product_sku=made.product_sku, price=5))
        ).product
        self.assertEqual((changed.price, changed.category, changed.brand), (5, "Shirts", "Nike"))
        self.assertGreater(changed.revision, made.revision)
        request = pb.UpdateProductRequest(product=pb.Product(product_sku=made.product_sku, brand="Puma"))
        request.update_mask.paths.extend(["brand", "category"])
        cleared = self.answer(update, request).product
        self.assertEqual(cleared.brand, "Puma")
        self.assertFalse(cleared.HasField("category"))
        whole = pb.UpdateProductRequest(product=new_product(product_sku=made.product_sku))
        whole.update_mask.paths.append("*")
        self.assertFalse(self.answer(update, whole).product.HasField("brand"))

    def test_update_of_a_missing_row_creates_it_only_if_allowed(self):
        request = pb.UpdateProductRequest(product=new_product(product_sku=900_000_001))
        update = self.catalog.products.UpdateProduct
        self.refused(StatusCode.NOT_FOUND, "PRODUCT_NOT_FOUND", update, request)
        request.allow_missing = True
        self.assertEqual(self.answer(update, request).product.product_sku, 900_000_001)
        self.assertGreater(self.create().product_sku, 900_000_001)

    def test_validate_only_changes_nothing(self):
        before = page(self.catalog, page_size=1).total_size
        request = pb.CreateProductRequest(product=new_product(), validate_only=True, request_id=str(uuid.uuid4()))
        self.answer(self.catalog.products.CreateProduct, request)
        self.assertEqual(page(self.catalog, page_size=1).total_size, before)
        request.validate_only = False
        self.assertFalse(self.answer(self.catalog.products.CreateProduct, request).replayed)

    def test_batch_get_keeps_order_and_repetitions(self):
        first, second = self.create().product_sku, self.create().product_sku
        wanted = [second, first, second]
        got = self.answer(self.catalog.products.BatchGetProducts, pb.BatchGetProductsRequest(product_skus=wanted))
        self.assertEqual([product.product_sku for product in got.products], wanted)

    def test_batch_get_names_the_missing_ids(self):
        there = self.create().product_sku
        missing = [there + 1_000_000 + number for number in range(25)]
        refusal = self.refused(
            StatusCode.NOT_FOUND,
            "PRODUCT_NOT_FOUND",
            self.catalog.products.BatchGetProducts,
            pb.BatchGetProductsRequest(product_skus=[there, *missing]),
        )
        self.assertIn(str(missing[19]), refusal.message)
        self.assertNotIn(str(missing[20]), refusal.message)
        self.assertIn("and 5 more", refusal.message)

    def test_deleted_id_is_never_assigned_again(self):
        made = self.create()
        delete = self.catalog.products.DeleteProduct
        removed = self.answer(delete, pb.DeleteProductRequest(product_sku=made.product_sku))
        self.assertGreater(removed.revision, made.revision)
        self.refused(
            StatusCode.NOT_FOUND,
            "PRODUCT_NOT_FOUND",
            self.catalog.products.GetProduct,
            pb.GetProductRequest(product_sku=made.product_sku),
        )
        self.refused(
            StatusCode.NOT_FOUND, "PRODUCT_NOT_FOUND", delete, pb.DeleteProductRequest(product_sku=made.product_sku)
        )
        again = self.answer(delete, pb.DeleteProductRequest(product_sku=made.product_sku, allow_missing=True))
        self.assertEqual(again.revision, removed.revision)
        never = self.answer(
            delete, pb.DeleteProductRequest(product_sku=made.product_sku + 10_000_000, allow_missing=True)
        )
        self.assertEqual(never.revision, 0)
        self.shop.catalog.restart()
        self.assertGreater(self.create().product_sku, made.product_sku)

    def test_import_can_restore_a_deleted_id(self):
        made = self.create()
        self.answer(self.catalog.products.DeleteProduct, pb.DeleteProductRequest(product_sku=made.product_sku))
        summary = rows.import_rows(self.catalog, [made])
        self.assertEqual((summary.created_count, summary.failed_count), (1, 0))
        self.assertEqual(self.get(made.product_sku).product_name, made.product_name)

    def test_stale_revision_is_aborted(self):
        made = self.create()
        update = pb.UpdateProductRequest(
            product=pb.Product(product_sku=made.product_sku, price=1, revision=made.revision)
        )
        changed = self.answer(self.catalog.products.UpdateProduct, update).product
        self.refused(StatusCode.ABORTED, "REVISION_MISMATCH", self.catalog.products.UpdateProduct, update)
        self.refused(
            StatusCode.ABORTED,
            "REVISION_MISMATCH",
            self.catalog.products.DeleteProduct,
            pb.DeleteProductRequest(product_sku=made.product_sku, revision=made.revision),
        )
        self.answer(
            self.catalog.products.DeleteProduct,
            pb.DeleteProductRequest(product_sku=made.product_sku, revision=changed.revision),
        )

    def test_ids_beyond_32_bits_are_kept_exactly(self):
        sku = 5_000_000_000
        rows.import_rows(self.catalog, rows.products(1, first=sku))
        self.assertEqual(self.get(sku).product_sku, sku)

    # Timeframes

    def test_timeframe_fills_day_month_and_year(self):
        create = self.catalog.timeframes.CreateTimeframe
        made = self.answer(create, pb.CreateTimeframeRequest(timeframe=pb.Timeframe(date="1999-12-31"))).timeframe
        self.assertEqual((made.day, made.month, made.year), (31, 12, 1999))
        leap = self.answer(create, pb.CreateTimeframeRequest(timeframe=pb.Timeframe(date="2000-02-29"))).timeframe
        self.assertEqual((leap.day, leap.month, leap.year), (29, 2, 2000))

    # Pages

    def test_pages_neither_repeat_nor_skip_rows_while_others_are_added_and_deleted(self):
        kept = [self.create().product_sku for _ in range(30)]
        doomed = [self.create().product_sku for _ in range(10)]
        answer = page(self.catalog, page_size=7)
        total = answer.total_size
        seen = [product.product_sku for product in answer.products]
        for _ in range(1000):
            if not answer.next_page_token:
                break
            if doomed:
                self.catalog.products.DeleteProduct(pb.DeleteProductRequest(product_sku=doomed.pop()))
            self.create()
            answer = page(self.catalog, page_size=7, page_token=answer.next_page_token)
            self.assertEqual(answer.total_size, total)
            seen += [product.product_sku for product in answer.products]
            if len(seen) > total:
                break
        self.assertEqual(seen, sorted(set(seen)))
        self.assertLessEqual(set(kept), set(seen))

    def test_page_size_zero_is_50_and_more_than_1000_is_1000(self):
        rows.import_rows(self.catalog, rows.products(1100, first=100_000))
        self.assertEqual(len(page(self.catalog).products), 50)
        self.assertEqual(len(page(self.catalog, page_size=5000).products), 1000)

    def test_page_size_may_change_between_pages(self):
        rows.import_rows(self.catalog, rows.products(20, first=200_000))
        first = page(self.catalog, page_size=3)
        second = page(self.catalog, page_size=5, page_token=first.next_page_token)
        together = page(self.catalog, page_size=8)
        self.assertEqual(list(first.products) + list(second.products), list(together.products))

    def test_page_tokens_survive_a_restart(self):
        rows.import_rows(self.catalog, rows.products(5, first=310_000))
        first = page(self.catalog, page_size=2)
        self.shop.catalog.restart()
        second = page(self.catalog, page_size=2, page_token=first.next_page_token)
        self.assertGreater(second.products[0].product_sku, first.products[-1].product_sku)

    # Retries

    def test_request_id_is_replayed_across_a_restart(self):
        request = pb.CreateProductRequest(product=new_product(), request_id=str(uuid.uuid4()))
        first = self.answer(self.catalog.products.CreateProduct, request)
        self.assertFalse(first.replayed)
        for restart in (False, True):
            if restart:
                self.shop.catalog.restart()
            again = self.answer(self.catalog.products.CreateProduct, request)
            self.assertTrue(again.replayed)
            self.assertEqual(again.product, first.product)

    def test_request_id_with_another_payload_is_refused(self):
        request = pb.CreateProductRequest(product=new_product(), request_id=str(uuid.uuid4()))
        self.answer(self.catalog.products.CreateProduct, request)
        request.product.price = 1
        self.refused(StatusCode.INVALID_ARGUMENT, "REQUEST_ID_REUSED", self.catalog.products.CreateProduct, request)

    def test_request_ids_are_per_method_and_remembered_only_after_success(self):
        key = str(uuid.uuid4())
        self.refused(
            StatusCode.INVALID_ARGUMENT,
            "FIELD_INVALID",
            self.catalog.products.CreateProduct,
            pb.CreateProductRequest(product=new_product(price=-1), request_id=key),
        )
        self.answer(self.catalog.products.CreateProduct, pb.CreateProductRequest(product=new_product(), request_id=key))
        made = self.answer(
            self.catalog.customers.CreateCustomer,
            pb.CreateCustomerRequest(customer=pb.Customer(first_name="Ada", last_name="L"), request_id=key),
        )
        self.assertFalse(made.replayed)

    # Refusals

    def test_violations_are_reported_together_with_details(self):
        bad = pb.CreateProductRequest(product=pb.Product(product_name=" ", price=-1, unit_cost=0.001, category="a\nb"))
        refusal = self.refused(StatusCode.INVALID_ARGUMENT, "FIELD_INVALID", self.catalog.products.CreateProduct, bad)
        self.assertLessEqual(
            {"product.product_name", "product.price", "product.unit_cost", "product.category"},
            set(refusal.fields),
            str(refusal),
        )
        self.assertEqual(refusal.status.code, StatusCode.INVALID_ARGUMENT.value[0])
        self.assertEqual(refusal.status.message, refusal.message)
        for violation in refusal.violations:
            self.assertTrue(violation.description.strip())

    def test_at_most_20_violations_are_reported_within_4_kib(self):
        wrong = pb.BatchGetProductsRequest(product_skus=[-number for number in range(1, 500)])
        refusal = self.refused(
            StatusCode.INVALID_ARGUMENT, "FIELD_INVALID", self.catalog.products.BatchGetProducts, wrong
        )
        self.assertLessEqual(len(refusal.violations), 20)
        self.assertGreater(len(refusal.violations), 1)
        self.assertIn(f"and {499 - len(refusal.violations)} more", refusal.message)
        self.assertLessEqual(len(refusal.status.SerializeToString()), 4096)

    def test_output_fields_are_ignored_on_create(self):
        made = self.answer(
            self.catalog.products.CreateProduct, pb.CreateProductRequest(product=new_product(revision=123_456_789))
        ).product
        self.assertNotEqual(made.revision, 123_456_789)

    # Imports

    def test_bad_rows_are_reported_and_the_others_are_stored(self):
        good = rows.products(3, first=400_000)
        bad = pb.Product(product_sku=400_100, product_name="", price=-2)
        without_id = new_product()
        summary = rows.import_rows(self.catalog, [good[0], bad, good[1], without_id, good[2]])
        self.assertEqual((summary.created_count, summary.failed_count), (3, 2))
        self.assertEqual([(error.row, error.id) for error in summary.errors], [(2, 400_100), (4, 0)])
        self.assertLessEqual(
            {"product_name", "price"},
            {violation.field.rpartition(".")[2] for violation in summary.errors[0].violations},
        )
        self.assertTrue(all(violation.reason for error in summary.errors for violation in error.violations))
        self.assertEqual(self.get(400_002).product_sku, 400_002)

    def test_second_import_changes_nothing(self):
        made = rows.products(50, first=410_000)
        first = rows.import_rows(self.catalog, made)
        second = rows.import_rows(self.catalog, made)
        self.assertEqual((second.created_count, second.updated_count, second.unchanged_count), (0, 0, 50))
        self.assertEqual(second.revision, first.revision)

    def test_the_later_of_two_rows_with_one_id_wins(self):
        twice = rows.products(1, first=420_000, price=1) + rows.products(1, first=420_000, price=2)
        rows.import_rows(self.catalog, twice)
        self.assertEqual(self.get(420_000).price, 2)

    def test_export_is_in_id_order_and_resumes(self):
        rows.import_rows(self.catalog, rows.products(1500, first=500_000))
        exported = [product.product_sku for product in rows.export(self.catalog, "products")]
        self.assertEqual(exported, sorted(set(exported)))
        rest = [
            product.product_sku
            for message in self.catalog.products.ExportProducts(pb.ExportProductsRequest(after_product_sku=500_700))
            for product in message.products
        ]
        self.assertEqual(rest, [sku for sku in exported if sku > 500_700])

    def test_what_changes_during_an_export_is_in_either_state_and_all_else_is_there(self):
        first, count = 600_000, 20_000
        long = "x" * 250  # So that the server cannot send everything before anybody reads.
        rows.import_rows(self.catalog, rows.products(count, first=first, brand="Old", product_name=long, category=long))
        exported = []
        stream = self.catalog.products.ExportProducts(pb.ExportProductsRequest(after_product_sku=first - 1), timeout=60)
        for message in stream:
            if not exported:  # The server is ahead of the reader, but not at the end.
                changed = range(first, first + count, 100)
                rows.import_rows(self.catalog, [pb.Product(product_sku=sku, brand="New") for sku in changed])
                deleted = range(first + 50, first + count, 100)
                for sku in deleted:
                    self.catalog.products.DeleteProduct(pb.DeleteProductRequest(product_sku=sku))
            exported += message.products
        skus = [product.product_sku for product in exported]
        self.assertEqual(skus, sorted(set(skus)))
        self.assertEqual(set(range(first, first + count)) - set(skus) - set(deleted), set())
        brands = {row.product_sku: row.brand for row in exported if row.product_sku < first + count}
        self.assertLessEqual({brands[sku] for sku in changed}, {"Old", "New"})
        self.assertEqual({brand for sku, brand in brands.items() if sku not in changed}, {"Old"})
        self.assertEqual(brands[changed[-1]], "New", "a change before the batch of its row is in the export")
