"""`clustrctl import --flat`: one file of order lines becomes the five kinds, row by row, and can be run again."""

import collections
import json
import os
import random
import re
import shutil
import signal
import subprocess
import unittest

from harness import environment, flat_files, pb, rows
from harness.case import ShopTest
from harness.reference import differences, served_rules, thresholds
from harness.servers import Shop, eventually

GUEST = "99999"


def state(shop):
    """What the services hold, without our ids: products, customers, and lines of orders as (order, customer, date,
    product, quantity, price, returned)."""
    products = {row.product_sku: row for row in rows.export(shop.catalog.client, "products")}
    customers = {row.customer_id: row for row in rows.export(shop.catalog.client, "customers")}
    headers = {row.transaction_id: row for row in rows.export(shop.sales.client, "transactions")}
    lines = collections.Counter()
    for row in rows.export(shop.sales.client, "sales"):
        header = headers[row.transaction_id]
        lines[
            header.external_id,
            customers[header.customer_id].external_id,
            header.purchase_date,
            products[row.product_sku].external_id,
            row.quantity,
            row.unit_price,
            row.returned_quantity,
        ] += 1
    amounts = {row.external_id: row.transaction_amount for row in headers.values()}
    return (
        {(row.external_id, row.product_name, row.price) for row in products.values()},
        {(row.external_id, row.first_name, row.last_name, row.city) for row in customers.values()},
        lines,
        amounts,
    )


def codes_of(shop):
    """The shop's own codes of its products, by our numbers."""
    return {row.product_sku: row.external_id for row in rows.export(shop.catalog.client, "products")}


class FlatTest(ShopTest):
    """Tests that each import files of their own into empty servers."""

    def setUp(self):
        self.shop = Shop().start()
        self.addCleanup(self.shop.close)

    @classmethod
    def setUpClass(cls):
        unittest.TestCase.setUpClass()

    def file(self, lines, columns=flat_files.OWN, name="orders.csv", **options):
        return flat_files.write(self.shop.folder / name, lines, columns, **options)

    def flat(self, path, *flags, code=0):
        """The answer of a flat import as JSON, and what it told on stderr."""
        done = self.ctl("--output=json", "import", f"--flat={path}", *flags, code=code)
        return json.loads(done.stdout), done.stderr

    def importing(self, path):
        """A flat import under way."""
        return subprocess.Popen(
            [
                environment.binary("clustrctl"),
                f"--catalog={self.shop.catalog.address}",
                f"--sales={self.shop.sales.address}",
                "import",
                f"--flat={path}",
            ],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )

    def reach(self, orders, importing):
        """Waits until so many orders are stored, or the import has ended."""
        eventually(
            lambda: self.status(self.sales).row_counts["transactions"] >= orders or importing.poll() is not None,
            60,
            f"{orders} orders",
        )

    def counts(self, answer):
        return {
            kind: tuple(value[f"{fate}_count"] for fate in ("created", "updated", "unchanged"))
            for kind, value in answer.items()
            if isinstance(value, dict)
        }

    def assert_again_is_unchanged(self, path, *flags, code=0):
        before = self.shop.revisions(), state(self.shop)
        again, _ = self.flat(path, *flags, code=code)
        for kind, (created, updated, _) in self.counts(again).items():
            self.assertEqual((created, updated), (0, 0), kind)
        self.assertEqual((self.shop.revisions(), state(self.shop)), before)
        return again


class SmallFlatTest(FlatTest):
    LINES = [
        ("A1", "tea", "Tea pot", 2, "24.50", "2024-01-02 10:00", "ann"),
        ("A1", "mug", "Mug", 4, "6", "2024-01-02 10:00", "ann"),
        ("A1", "mug", "Mug", 4, "6", "2024-01-02 10:00", "ann"),
        ("A2", "mug", "Mug", 1, "6.00", "2024-01-03", "bob"),
        ("A3", "cup", "", 3, "0", "2024-01-03", ""),
    ]

    def test_the_five_kinds_come_from_one_file(self):
        path = self.file(self.LINES, name="orders.csv.gz")
        answer, told = self.flat(path)
        self.assertEqual(told, "")
        self.assertEqual(
            self.counts(answer),
            {
                "products": (3, 0, 0),
                "customers": (3, 0, 0),
                "timeframe": (2, 0, 0),
                "transactions": (3, 0, 0),
                "sales": (5, 0, 0),
                "returns": (0, 0, 0),
            },
        )
        products, customers, lines, amounts = state(self.shop)
        self.assertEqual(products, {("tea", "Tea pot", 24.5), ("mug", "Mug", 6), ("cup", "cup", 0)})
        self.assertEqual(
            customers, {("ann", "Customer", "ann", ""), ("bob", "Customer", "bob", ""), ("guest", "Guest", "guest", "")}
        )
        self.assertEqual(
            lines,
            {
                ("A1", "ann", "2024-01-02", "tea", 2, 24.5, 0): 1,
                ("A1", "ann", "2024-01-02", "mug", 4, 6, 0): 2,
                ("A2", "bob", "2024-01-03", "mug", 1, 6, 0): 1,
                ("A3", "guest", "2024-01-03", "cup", 3, 0, 0): 1,
            },
        )
        self.assertEqual(amounts, {"A1": 97, "A2": 6, "A3": 0})
        self.assertEqual(self.counts(self.assert_again_is_unchanged(path))["sales"], (0, 0, 5))

    def test_what_is_stored_and_not_in_the_file_stays(self):
        rows.import_rows(
            self.catalog, [pb.Product(product_sku=70, product_name="Pot", brand="B", price=1, external_id="tea")]
        )
        rows.import_rows(
            self.catalog, [pb.Customer(customer_id=80, first_name="Ann", last_name="Lee", external_id="ann")]
        )
        self.flat(self.file(self.LINES))
        product = self.catalog.products.GetProduct(pb.GetProductRequest(product_sku=70)).product
        self.assertEqual((product.product_name, product.brand, product.price), ("Tea pot", "B", 24.5))
        customer = self.catalog.customers.GetCustomer(pb.GetCustomerRequest(customer_id=80)).customer
        self.assertEqual((customer.first_name, customer.last_name), ("Ann", "Lee"))

    def test_columns_are_mapped_by_name_and_the_others_named(self):
        bad = ("x", "9", "31.12.2023 9:05", "2,5", "Rot", "Tasse", "1,10", "4711")
        good = ("y", "9", "31.12.2023", "0", "Blau", "Tasse", "1.10", "4711")
        columns = ("Zeile", "Auftrag", "Tag", "Rabatt", "Artikel", "Bezeichnung", "Preis", "Kunde")
        path = self.file([bad, good], columns, delimiter=";")
        flags = (
            "--columns=order=auftrag,date=Tag,product=Artikel,description=Bezeichnung,"
            "price=PREIS,customer=Kunde,quantity=Menge",
            "--date-format=dmy",
        )
        refused = self.ctl("import", f"--flat={path}", *flags, code=3)
        self.assertIn('there is no column "Menge" for the quantity', refused.stderr)
        self.file([(*bad, "2"), (*good, "2")], (*columns, "Menge"), delimiter=";")
        answer, told = self.flat(path, *flags, code=1)
        self.assertIn("columns without a role, ignored: Zeile, Rabatt", told)
        self.assertIn('orders.csv row 1: Preis: "1,10" is not a number; give for example 12.50', told)
        self.assertEqual(self.counts(answer)["sales"], (1, 0, 0))
        self.assertEqual(list(state(self.shop)[2]), [("9", "4711", "2023-12-31", "Blau", 2, 1.1, 0)])

    def test_a_file_that_does_not_fit_is_refused_before_anything_is_sent(self):
        before = self.shop.revisions()
        for columns, told in (
            ("order product what quantity price when who", "no column is called InvoiceDate or date"),
            ("order product Price quantity price date who", 'the columns "Price" and "price" can all be'),
        ):
            with self.subTest(told):
                done = self.ctl("import", f"--flat={self.file(self.LINES, columns.split())}", code=3)
                self.assertIn(told, done.stderr)
        self.assertIn("no such file", self.ctl("import", "--flat=nowhere.csv", code=3).stderr.lower())
        for flags, told in (
            (("--flat=x.csv", "--columns=sku=A"), '"sku" is no role'),
            (("--flat=x.csv", "--date-format=usa"), "is none of ymd, mdy and dmy"),
            (("--flat=x.csv", "--guest="), "is empty"),
            (("--flat=x.csv", "folder"), "one argument too many"),
            (("folder", "--guest=x"), "give it with --flat=FILE"),
        ):
            with self.subTest(told):
                self.assertIn(told, self.ctl("import", *flags, code=2).stderr)
        self.assertEqual(self.shop.revisions(), before)

    def test_validate_only_reads_and_sends_nothing(self):
        path = self.file(self.LINES + [("A4", "mug", "Mug", "x", "6", "2024-01-03", "bob")])
        before = self.shop.revisions()
        answer, told = self.flat(path, "--validate-only", code=1)
        self.assertEqual((answer["row_count"], answer["refused_row_count"]), (6, 1))
        self.assertIn('orders.csv row 6: quantity: "x" is not a whole number', told)
        self.assertEqual(self.shop.revisions(), before)

    def test_malformed_rows_are_refused_each_and_can_be_mended(self):
        bad = {
            3: ("A1", "mug", "Mug", "1.5", "6", "2024-01-02", "ann"),
            4: ("A1", "mug", "Mug", "0", "6", "2024-01-02", "ann"),
            5: ("A1", "mug", "Mug", "1", "-6", "2024-01-02", "ann"),
            6: ("A1", "mug", "Mug", "1", "6.005", "2024-01-02", "ann"),
            7: ("A1", "mug", "Mug", "1", "6", "2024-02-30", "ann"),
            8: ("A1", "mug", "Mug", "1", "6"),
            9: ("", "mug", "Mug", "1", "6", "2024-01-02", "ann"),
            10: ("A1", " ", "Mug", "1", "6", "2024-01-02", "ann"),
            11: ("A1", "mug", "M" * 257, "1", "6", "2024-01-02", "ann"),
            12: ("A1", "mug", "Mug", "1", "6", "2024-01-02", "bob"),
            13: ("A1", "mug", "Mug", "1000001", "6", "2024-01-02", "ann"),
            # Only sales knows that this is too much.
            14: ("A1", "mug", "Mug", "1000000", "100000", "2024-01-02", "ann"),
        }
        good = [self.LINES[0], self.LINES[3]]
        path = self.file(good + list(bad.values()))
        answer, told = self.flat(path, code=1)
        self.assertEqual(answer["refused_row_count"], len(bad))
        self.assertEqual([row["row"] for row in answer["refused_rows"]], list(bad))
        for number in bad:
            self.assertRegex(told, rf"(?m)^orders.csv row {number}: .*; .+$")
        self.assertEqual(self.counts(answer)["sales"], (2, 0, 0))
        self.assert_again_is_unchanged(path, code=1)
        mended = [("A1", "mug", "Mug", "1", "6", "2024-01-02", "ann")] * len(bad)
        answer, told = self.flat(self.file(good + mended))
        self.assertEqual(self.counts(answer)["sales"], (len(bad), 0, 2))
        self.assertEqual(self.counts(answer)["transactions"], (0, 1, 1))
        mended_state = state(self.shop)
        self.assertEqual(mended_state[3], {"A1": 49 + 6 * len(bad), "A2": 6})
        with Shop() as other:
            self.assertEqual(other.ctl("import", f"--flat={path}").returncode, 0)
            self.assertEqual(state(other), mended_state)

    def test_the_first_hundred_bad_rows_are_told_and_the_rest_counted(self):
        path = self.file([("A1", "mug", "Mug", "0", "6", "2024-01-02", "ann")] * 250 + self.LINES)
        answer, told = self.flat(path, code=1)
        self.assertEqual((answer["refused_row_count"], len(answer["refused_rows"])), (250, 100))
        self.assertIn("orders.csv: 150 more rows were refused", told)
        self.assertEqual(self.counts(answer)["sales"], (5, 0, 0))

    def test_an_order_of_more_lines_than_a_purchase_may_have_lands_whole(self):
        lines = [("BIG", f"p{number % 7}", "P", 1 + number % 5, "1.10", "2024-01-02", "ann") for number in range(1203)]
        path = self.file(lines)
        answer, _ = self.flat(path)
        self.assertEqual(self.counts(answer)["sales"], (1203, 0, 0))
        _, _, stored, amounts = state(self.shop)
        self.assertEqual(sum(stored.values()), 1203)
        self.assertEqual(amounts["BIG"], sum(110 * line[3] for line in lines) / 100)
        self.assert_again_is_unchanged(path)

    def test_an_order_has_up_to_ten_thousand_lines(self):
        line = ("A2", "mug", "Mug", 1, "6.00", "2024-01-03", "bob")
        self.flat(self.file([line]))
        (stored,) = rows.export(self.sales, "sales")
        copies = [
            pb.Sale(
                sale_id=100 + number,
                transaction_id=stored.transaction_id,
                product_sku=stored.product_sku,
                quantity=1,
                unit_price=6,
            )
            for number in range(9998)
        ]
        self.assertEqual(rows.import_rows(self.sales, copies).created_count, 9998)
        answer, told = self.flat(self.file([line] * 10_001), code=1)
        self.assertRegex(told, r"orders.csv row 10001: .*has 10000 lines, the most it can have; split the purchase")
        self.assertEqual(self.counts(answer)["sales"], (1, 0, 9999))

    def test_an_order_that_is_stored_otherwise_is_refused_and_stays(self):
        path = self.file(self.LINES)
        self.flat(path)
        before = state(self.shop)
        moved = [("A2", "mug", "Mug", 1, "6.00", "2024-01-04", "bob"), ("A3", "cup", "", 3, "0", "2024-01-03", "eve")]
        _, told = self.flat(self.file(moved), code=1)
        self.assertRegex(told, r"row 1: order: is stored as transaction \d+ of 2024-01-03, not of 2024-01-04; correct")
        self.assertRegex(told, r'row 2: order: is stored as transaction \d+ of customer \d+, not of "eve"; correct')
        self.assertEqual(state(self.shop)[2:], before[2:])

    def test_stored_lines_that_the_file_lacks_are_told_and_stay(self):
        self.flat(self.file(self.LINES))
        before = state(self.shop)
        answer, told = self.flat(self.file(self.LINES[1:]))
        self.assertEqual(answer["extra_line_count"], 1)
        self.assertRegex(told, r"lacks a line that is stored, which stays: order A1: sale \d+ of 2 units of product")
        self.assertEqual(state(self.shop), before)

    # Returns

    def test_returns_find_their_lines_and_are_registered_once(self):
        lines = self.LINES + [
            ("A4", "mug", "Mug", 6, "5.00", "2024-01-05", "ann"),
            ("C1", "mug", "Mug", -5, "6", "2024-01-06", "ann"),  # Of A4: no line at 6.00 has five.
            ("C2", "tea", "Tea pot", -2, "24.50", "2024-01-02", "ann"),  # The whole line, on the same day.
            ("A5", "cup", "Cup", 3, "2", "2024-01-07", ""),
            ("A5", "cup", "Cup", -1, "2", "2024-01-07", ""),  # In the order of a guest.
        ]
        path = self.file(lines)
        answer, told = self.flat(path)
        self.assertEqual(told, "")
        self.assertEqual(self.counts(answer)["returns"], (3, 0, 0))
        self.assertEqual(
            {key[3:]: key[0] for key in state(self.shop)[2] if key[-1] > 0},
            {("mug", 6, 5, 5): "A4", ("tea", 2, 24.5, 2): "A1", ("cup", 3, 2, 1): "A5"},
        )
        self.assertEqual(self.counts(self.assert_again_is_unchanged(path))["returns"], (0, 0, 3))
        # A line that is added later leaves what was registered where it is.
        answer, _ = self.flat(self.file(lines + [("A6", "mug", "Mug", 9, "6", "2024-01-06", "ann")]))
        self.assertEqual(self.counts(answer)["returns"], (0, 0, 3))

    def test_units_that_came_back_otherwise_are_not_registered_again(self):
        self.flat(self.file(self.LINES))
        (line,) = [row for row in rows.export(self.sales, "sales") if row.quantity == 2]
        self.ctl("return", line.sale_id)
        path = self.file(self.LINES + [("C1", "tea", "Tea pot", -2, "24.50", "2024-01-09", "ann")])
        self.assertEqual(self.counts(self.flat(path)[0])["returns"], (1, 0, 0))
        (line,) = [row for row in rows.export(self.sales, "sales") if row.quantity == 2]
        self.assertEqual(line.returned_quantity, 2)

    def test_returns_without_a_line_are_told_and_change_nothing(self):
        lines = self.LINES + [
            ("C1", "tea", "Tea pot", -3, "24.50", "2024-01-09", "ann"),
            ("C2", "tea", "Tea pot", -1, "24.50", "2024-01-01", "ann"),
            ("C3", "tea", "Tea pot", -1, "24.50", "2024-01-09", "bob"),
            ("C4", "cup", "Cup", -1, "0", "2024-01-09", ""),
        ]
        path = self.file(lines)
        answer, told = self.flat(path)
        self.assertEqual(answer["unmatched_return_count"], 4)
        self.assertEqual(answer["refused_row_count"], 0)
        for number, why in (
            (6, "-3 is more than what is left of the earlier lines"),
            (7, "-1 matches no earlier line of this product and customer"),
            (8, "-1 matches no earlier line of this product and customer"),
            (9, "-1 names no customer, and its order has no line of this product"),
        ):
            self.assertRegex(told, rf"(?m)^orders.csv row {number}: quantity: {why}.*; .+$")
        self.assertFalse([key for key in state(self.shop)[2] if key[-1] > 0])
        self.assertNotIn("C1", state(self.shop)[3])
        self.assert_again_is_unchanged(path)

    def test_returns_find_lines_of_other_files_and_are_registered_once(self):
        january = self.file(self.LINES, name="january.csv")
        back = [("C1", "mug", "Mug", -3, "6", "2024-02-09", "ann"), ("C2", "mug", "Mug", -1, "6", "2024-02-10", "bob")]
        later = [
            ("B1", "mug", "Mug", 2, "6", "2024-02-20", "ann"),
            ("B1", "tea", "Tea pot", -1, "24.50", "2024-02-20", "ann"),
        ]
        february = self.file(back + later, name="february.csv")
        self.flat(january)
        answer, _ = self.flat(february)
        self.assertEqual((self.counts(answer)["returns"], answer["unmatched_return_count"]), ((3, 0, 0), 0))
        registered = {(key[0], key[3]): key[-1] for key in state(self.shop)[2] if key[-1] > 0}
        self.assertEqual(registered, {("A1", "mug"): 3, ("A1", "tea"): 1, ("A2", "mug"): 1})
        self.assertEqual(self.counts(self.assert_again_is_unchanged(february))["returns"], (0, 0, 3))
        self.assert_again_is_unchanged(january)
        both = self.file(self.LINES + back + later, name="both.csv")
        self.assertEqual(self.counts(self.assert_again_is_unchanged(both))["returns"], (0, 0, 3))

    # Interruptions

    def test_killed_at_any_moment_and_run_again_it_is_whole(self):
        seed = int(os.environ.get("CLUSTR_SEED", random.SystemRandom().randrange(1 << 30)))
        print(f"CLUSTR_SEED={seed}", flush=True)
        chance = random.Random(seed)
        lines = []
        for order in range(3000):
            for product in chance.sample(range(50), chance.randint(1, 6)):
                cells = (f"p{product}", f"P {product}", chance.randint(1, 9), "1.25", "2024-01-02", f"c{order % 40}")
                lines.append((f"o{order}", *cells))
                if chance.random() < 0.2:
                    lines.append((f"C{order}", *cells[:2], -1, *cells[3:]))
        path = self.file(lines)
        with Shop() as whole:
            self.assertEqual(whole.ctl("import", f"--flat={path}").returncode, 0)
            wanted = state(whole)
        for target in (1, 1000, 2500):
            with self.importing(path) as importing:
                self.reach(target, importing)
                importing.send_signal(signal.SIGKILL)
            if target == 1:
                self.assertLess(self.status(self.sales).row_counts["transactions"], 3000, "killed amid the orders")
        self.ctl("import", f"--flat={path}")
        self.assertEqual(state(self.shop), wanted)
        self.assert_again_is_unchanged(path)

    def test_sales_killed_meanwhile_loses_and_doubles_nothing(self):
        lines = [
            (f"o{order}", f"p{product}", "P", 1 + product, "2", "2024-01-02", f"c{order % 9}")
            for order in range(4000)
            for product in range(3)
        ]
        path = self.file(lines)
        with self.importing(path) as importing:
            self.reach(200, importing)
            self.shop.sales.kill()
            self.shop.sales.start()
            _, told = importing.communicate(timeout=120)
        if importing.returncode != 0:  # It may give up, but not be wrong.
            self.assertIn("The import can be run again", told)
            self.ctl("import", f"--flat={path}")
        self.assertEqual(sum(state(self.shop)[2].values()), len(lines))
        self.assert_again_is_unchanged(path)

    def test_an_unreachable_service_is_named_with_the_remedy(self):
        path = self.file(self.LINES)
        self.shop.sales.stop()
        done = self.ctl("import", f"--flat={path}", code=3)
        self.assertIn("Start it with `clustr-sales", done.stderr)
        self.assertIn("The import can be run again", done.stderr)
        self.shop.sales.start()
        self.assertEqual(self.counts(self.flat(path)[0])["sales"], (5, 0, 0))

    # Imports by external_id, by a client that is not ours

    def test_rows_of_an_import_are_known_by_external_id(self):
        self.flat(self.file(self.LINES))
        (bob,) = [row for row in rows.export(self.catalog, "customers") if row.external_id == "bob"]
        headers = [
            pb.Transaction(external_id="A2", channel="Store"),
            pb.Transaction(external_id="N1", customer_id=bob.customer_id, purchase_date="2024-03-01"),
            pb.Transaction(customer_id=bob.customer_id, purchase_date="2024-03-01"),
        ]
        summary = rows.import_rows(self.sales, headers)
        self.assertEqual((summary.created_count, summary.updated_count, summary.failed_count), (1, 1, 1))
        self.assertEqual(summary.errors[0].row, 3)
        self.assertIn("give the row's id or its external_id", summary.errors[0].violations[0].description)
        again = rows.import_rows(self.sales, headers)
        self.assertEqual((again.unchanged_count, again.failed_count), (2, 1))
        stored = {row.external_id: row for row in rows.export(self.sales, "transactions")}
        self.assertEqual(stored["A2"].channel, "Store")
        self.assertEqual(sorted(stored), ["A1", "A2", "A3", "N1"])

    def test_a_folder_may_have_external_ids_in_place_of_ids(self):
        folder = self.shop.folder / "tables"
        folder.mkdir()
        (folder / "products.csv").write_text("external_id,product_name,price\ntea,Tea pot,24.5\nmug,Mug,6\n")
        (folder / "timeframe.csv").write_text("date\n2024-01-02\n")
        for counts in ((2, 0), (0, 2)):
            done = self.ctl("--output=json", "import", folder)
            summary = json.loads(done.stdout.splitlines()[0])["summary"]
            self.assertEqual((int(summary["created_count"]), int(summary["unchanged_count"])), counts)


class DocumentedTest(FlatTest):
    def test_every_line_of_the_page_does_what_it_says(self):
        page = environment.ROOT / "docs" / "flat-import.md"
        blocks = re.findall(r"```sh\n(.*?)```\n(?:```output\n(.*?)```)?", page.read_text(encoding="utf-8"), re.S)
        self.assertGreater(len(blocks), 2)
        mark = "---- block"
        script = "set -uo pipefail\n" + "".join(f"echo '{mark}'\n{commands}" for commands, _ in blocks)
        done = subprocess.run(
            ["bash"],
            input=script,
            cwd=self.shop.folder,
            env={
                **os.environ,
                "PATH": f"{environment.BUILD / 'bin'}:{os.environ['PATH']}",
                "CLUSTR_CATALOG": self.shop.catalog.address,
                "CLUSTR_SALES": self.shop.sales.address,
            },
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=120,
            check=False,
        )
        for (commands, expected), printed in zip(blocks, done.stdout.split(mark)[1:], strict=True):
            for line in expected.splitlines():
                with self.subTest(commands=commands, line=line):
                    self.assertIn(line, printed)
                    printed = printed[printed.index(line) + len(line) :]


class OnlineRetailTest(FlatTest):
    """The lines of UCI Online Retail as one file in UCI's own form, and as the five tables: the same shop."""

    def setUp(self):
        super().setUp()
        self.data = environment.shared_data("online_retail")

    def returns(self, joined):
        """Units that come back: by sale_id, of lines whose customer bought the product once."""
        bought = collections.Counter((header["customer_id"], sale["product_sku"]) for header, sale, _ in joined)
        chance = random.Random(5)
        once = [
            (header, sale, cells)
            for header, sale, cells in joined
            if bought[header["customer_id"], sale["product_sku"]] == 1 and header["customer_id"] != GUEST
        ]
        return [
            (sale, cells, chance.choice([int(cells[3]), chance.randint(1, int(cells[3]))]))
            for _, sale, cells in chance.sample(once, 2000)
        ]

    def tables(self, folder, joined, returned):
        """The five tables with totals that follow from quantity and price, and with the returned units."""
        folder.mkdir()
        for name in ("products", "customers", "timeframe"):
            shutil.copy(self.data / f"{name}.csv.gz", folder)
        amounts = collections.Counter()
        sales = []
        for header, sale, _ in joined:
            amounts[header["transaction_id"]] += int(sale["quantity"]) * round(float(sale["unit_price"]) * 100)
            cells = [sale[name] for name in ("sale_id", "transaction_id", "product_sku", "quantity", "unit_price")]
            sales.append([*cells, returned.get(sale["sale_id"], 0)])
        headers = {header["transaction_id"]: header for header, _, _ in joined}.values()
        flat_files.write(
            folder / "transactions.csv",
            [
                [row["transaction_id"], row["customer_id"], row["time_id"], amounts[row["transaction_id"]] / 100]
                for row in headers
            ],
            ("transaction_id", "customer_id", "time_id", "transaction_amount"),
        )
        columns = ("sale_id", "transaction_id", "product_sku", "quantity", "unit_price", "returned_quantity")
        flat_files.write(folder / "sales.csv", sales, columns)

    def figures(self, shop, codes):
        revisions = shop.revisions()
        summary = shop.sales.client.analytics.GetSalesSummary(pb.GetSalesSummaryRequest())
        summary.ClearField("revision")
        request = pb.ListAssociationRulesRequest(thresholds=thresholds(min_support=0.006, min_lift=1), **revisions)
        served, provenance = served_rules(shop.bundles.client, request)
        named = {
            rule._replace(
                antecedents=tuple(sorted(codes[sku] for sku in rule.antecedents)),
                consequents=tuple(sorted(codes[sku] for sku in rule.consequents)),
            )
            for rule in served
        }
        months = pb.QueryRevenueRequest(dimension=pb.REVENUE_DIMENSION_MONTH)
        groups = shop.sales.client.analytics.QueryRevenue(months).groups
        return summary, named, provenance.basket_count, list(groups)

    def test_one_file_and_five_tables_make_the_same_shop(self):
        joined = flat_files.uci_lines(self.data, GUEST)
        returned = self.returns(joined)
        lines = [cells for _, _, cells in joined]
        lines += [["C" + cells[0], *cells[1:3], -units, *cells[4:]] for _, cells, units in returned]
        random.Random(6).shuffle(lines)
        malformed = random.Random(7).sample(range(len(lines)), 50)
        for place in sorted(malformed, reverse=True):
            lines.insert(place, ["536365", "22423", "TEA", "many", "12/1/2010 8:26", "2.55", "17850", "France"])
        path = self.file(lines, flat_files.UCI, "online_retail.csv")
        answer, told = self.flat(path, f"--guest={GUEST}", code=1)
        self.assertEqual(answer["refused_row_count"], 50, told[-2000:])
        self.assertEqual(answer["unmatched_return_count"], 0, told[-2000:])
        self.assertEqual(
            [row["row"] for row in answer["refused_rows"]],
            [number for number, line in enumerate(lines, 1) if line[3] == "many"],
        )
        self.assertEqual(self.counts(answer)["transactions"], (len({line[0] for _, _, line in joined}), 0, 0))
        self.assertEqual(self.counts(answer)["sales"], (len(joined), 0, 0))
        self.assertEqual(self.counts(answer)["returns"], (len(returned), 0, 0))
        again = self.assert_again_is_unchanged(path, f"--guest={GUEST}", code=1)
        self.assertEqual(self.counts(again)["returns"], (0, 0, len(returned)))

        ours = self.figures(self.shop, codes_of(self.shop))
        with Shop() as other:
            folder = other.folder / "tables"
            self.tables(folder, joined, {sale["sale_id"]: units for sale, _, units in returned})
            done = other.ctl("import", folder)
            self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
            theirs = self.figures(other, {sku: str(sku) for sku in codes_of(other)})
        self.assertEqual(ours[0], theirs[0])
        self.assertEqual(differences(ours[1], theirs[1]), "")
        self.assertGreater(len(ours[1]), 1000)
        self.assertEqual(ours[2:], theirs[2:])


if __name__ == "__main__":
    unittest.main()
