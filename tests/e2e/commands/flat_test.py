"""`clustrctl import --flat` makes rows of all five tables from one file of order lines, and can be repeated."""

import json
import os
import re
import subprocess
import unittest

from harness import environment, pb, rows
from harness.flat_case import FlatTest, state
from harness.servers import Shop


class SmallFlatTest(FlatTest):
    def test_one_file_fills_all_five_tables(self):
        path = self.file(self.LINES, name="orders.csv.gz")
        answer, told = self.flat(path)
        self.assertEqual(told, "")
        self.assertEqual((answer["row_count"], answer["stored_row_count"]), (5, 5))
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
        guests = [c.external_id for c in self.catalog.customers.ListCustomers(pb.ListCustomersRequest(filter="guest = true")).customers]
        self.assertEqual(guests, ["guest"])
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

    def test_stored_fields_that_the_file_lacks_are_kept(self):
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

    def test_columns_are_mapped_by_name_and_ignored_ones_are_reported(self):
        bad = ("x", "9", "31.12.2023 9:05", "2,5", "Rot", "Tasse", "frei", "4711")
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
        self.assertIn("ignored columns without a role: Zeile, Rabatt", told)
        self.assertIn('orders.csv row 1: Preis: "frei" is not a number; give for example 12.50', told)
        self.assertEqual(self.counts(answer)["sales"], (1, 0, 0))
        self.assertEqual(list(state(self.shop)[2]), [("9", "4711", "2023-12-31", "Blau", 2, 1.1, 0)])

    def test_a_file_that_does_not_fit_is_refused_before_anything_is_sent(self):
        before = self.shop.revisions()
        for columns, told in (
            ("order product what quantity price when who", "no column is called InvoiceDate or date"),
            ("order product Price quantity price date who", 'the columns "Price" and "price" all fit the role price'),
        ):
            with self.subTest(told):
                done = self.ctl("import", f"--flat={self.file(self.LINES, columns.split())}", code=3)
                self.assertIn(told, done.stderr)
        self.assertIn("no such file", self.ctl("import", "--flat=nowhere.csv", code=3).stderr.lower())
        for flags, told in (
            (("--flat=x.csv", "--columns=sku=A"), '"sku" is not a role'),
            (("--flat=x.csv", "--date-format=usa"), '"usa" does not name year, month and day'),
            (("--flat=x.csv", "--time-zone=Mars"), '"Mars" is not a time zone'),
            (("--flat=x.csv", "--decimal=point,"), "is not dot or comma"),
            (("--flat=x.csv", "--orders=merge"), '"merge" is not add or replace'),
            (("--flat=x.csv", "--basket-name=x"), "say --baskets as well, or leave them out"),
            (("--flat=x.csv", "--where=paid"), "names no column and values"),
            (("--flat=x.csv", "--guest="), "is empty"),
            (("--flat=x.csv", "folder"), "one argument too many"),
            (("folder", "--guest=x"), "give it with --flat=FILE"),
        ):
            with self.subTest(told):
                self.assertIn(told, self.ctl("import", *flags, code=2).stderr)
        self.assertEqual(self.shop.revisions(), before)

    def test_a_file_in_another_currency_than_the_flag_says_is_refused(self):
        path = self.shop.folder / "orders.csv"
        header = "Order #,SKU,Qty,Unit Price (USD),Order Date\n"
        for text, currency, flags in (
            (f"{header}1001,mug,2,6.00,2024-01-02\n", "USD", ("--currency=EUR",)),
            ("Order #,SKU,Qty,Unit Price,Order Date\n1001,mug,2,$6.00,2024-01-02\n", "$", ("--currency=€", "--validate-only")),
        ):
            path.write_text(text)
            told = self.ctl("import", f"--flat={path}", *flags, code=3).stderr
            self.assertIn(
                f"orders.csv: the amounts are in {currency}, but --currency says €; import amounts in the currency of the "
                "shop, or correct --currency",
                told,
            )
        self.assertIn('"Taler" is not a known currency', self.ctl("import", f"--flat={path}", "--currency=Taler", code=2).stderr)
        answer, told = self.flat(path, "--currency=USD")
        self.assertEqual(self.counts(answer)["sales"], (1, 0, 0))
        self.assertNotIn("a shop has one currency", told)

    def test_validate_only_reads_and_sends_nothing(self):
        path = self.file(self.LINES + [("A4", "mug", "Mug", "x", "6", "2024-01-03", "bob")])
        before = self.shop.revisions()
        answer, told = self.flat(path, "--validate-only", code=1)
        self.assertEqual((answer["row_count"], answer["refused_row_count"]), (6, 1))
        self.assertIn('orders.csv row 6: quantity: "x" is not a whole number', told)
        self.assertEqual(self.shop.revisions(), before)

    def test_a_profile_shows_what_was_understood_and_one_line_for_equal_faults(self):
        bad = [("A5", "mug", "Mug", "x", "6", "2024-01-03", "bob")] * 100
        path = self.file([*self.LINES, *bad, ("A6", "mug", "Mug", "1", "6", "soon", "bob")])
        shown = self.ctl("import", f"--flat={path}", "--validate-only", code=1).stdout
        for line in (
            "rows       106",
            "orders     3",
            "days       2024-01-02 to 2024-01-03",
            'REFUSED\n100 rows, the first is row 6: quantity: "x" is not a whole number; give for example 42\n',
            '1 row, row 106: date: "soon" is not a date; give for example 2010-12-31',
            "106 rows, 101 refused; nothing was sent",
        ):
            self.assertIn(line, shown)

    def test_each_malformed_row_is_refused_and_can_be_corrected(self):
        bad = {
            3: ("A1", "mug", "Mug", "1.5.0", "6", "2024-01-02", "ann"),
            4: ("A1", "mug", "Mug", "0", "6", "2024-01-02", "ann"),
            5: ("A1", "mug", "Mug", "1", "six", "2024-01-02", "ann"),
            6: ("A1", "mug", "Mug", "1", "6.005", "2024-01-02", "ann"),
            7: ("A1", "mug", "Mug", "1", "6", "2024-02-30", "ann"),
            8: ("A1", "mug", "Mug", "1"),
            9: ("", "mug", "Mug", "1", "6", "2024-01-02", "ann"),
            10: ("A1", " ", "", "1", "6", "2024-01-02", "ann"),
            11: ("A1", "m" * 257, "Mug", "1", "6", "2024-01-02", "ann"),
            12: ("A1", "mug", "Mug", "1", "6", "2024-01-02", "bob"),
            13: ("A1", "mug", "Mug", "1000001", "6", "2024-01-02", "ann"),
            # Only sales checks the limit of a line's total.
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
        corrected = [("A1", "mug", "Mug", "1", "6", "2024-01-02", "ann")] * len(bad)
        answer, told = self.flat(self.file(good + corrected))
        self.assertEqual(self.counts(answer)["sales"], (len(bad), 0, 2))
        self.assertEqual(self.counts(answer)["transactions"], (0, 1, 1))
        corrected_state = state(self.shop)
        self.assertEqual(corrected_state[3], {"A1": 49 + 6 * len(bad), "A2": 6})
        with Shop() as other:
            self.assertEqual(other.ctl("import", f"--flat={path}").returncode, 0)
            self.assertEqual(state(other), corrected_state)

    def test_the_first_hundred_bad_rows_are_reported_and_the_rest_counted(self):
        path = self.file([("A1", "mug", "Mug", "0", "6", "2024-01-02", "ann")] * 250 + self.LINES)
        answer, told = self.flat(path, code=1)
        self.assertEqual((answer["refused_row_count"], len(answer["refused_rows"])), (250, 100))
        self.assertIn("orders.csv: 150 more rows were refused", told)
        self.assertEqual(self.counts(answer)["sales"], (5, 0, 0))

    def test_an_order_with_more_lines_than_a_purchase_may_have_is_stored_completely(self):
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
        self.assertRegex(told, r"orders.csv row 10001: .*has 10000 lines, the maximum; split the purchase")
        self.assertEqual(self.counts(answer)["sales"], (1, 0, 9999))

    def test_an_order_that_differs_from_the_stored_one_is_refused(self):
        path = self.file(self.LINES)
        self.flat(path)
        before = state(self.shop)
        moved = [("A2", "mug", "Mug", 1, "6.00", "2024-01-04", "bob"), ("A3", "cup", "", 3, "0", "2024-01-03", "eve")]
        _, told = self.flat(self.file(moved), code=1)
        stored = "order: is already stored with"
        self.assertIn(f"row 1: {stored} the day 2024-01-03, not 2024-01-04; correct", told)
        self.assertIn(f'row 2: {stored} the customer "guest", not "eve"; correct', told)
        self.assertEqual(state(self.shop)[2:], before[2:])

    def test_stored_lines_that_the_file_lacks_are_reported_and_kept(self):
        self.flat(self.file(self.LINES))
        before = state(self.shop)
        answer, told = self.flat(self.file(self.LINES[1:]))
        self.assertEqual(answer["extra_line_count"], 1)
        self.assertRegex(told, r"lacks a stored line, which is kept: order A1, sale \d+: 2 units of product")
        self.assertEqual(state(self.shop), before)

    # Imports by external_id without --flat

    def test_rows_of_an_import_are_found_by_external_id(self):
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

    def test_files_of_a_folder_may_have_external_ids_instead_of_ids(self):
        folder = self.shop.folder / "tables"
        folder.mkdir()
        (folder / "products.csv").write_text("external_id,product_name,price\ntea,Tea pot,24.5\nmug,Mug,6\n")
        (folder / "timeframe.csv").write_text("date\n2024-01-02\n")
        for counts in ((2, 0), (0, 2)):
            done = self.ctl("--output=json", "import", folder)
            summary = json.loads(done.stdout.splitlines()[0])["summary"]
            self.assertEqual((int(summary["created_count"]), int(summary["unchanged_count"])), counts)


class DocumentedTest(FlatTest):
    def test_every_command_of_the_page_prints_what_the_page_shows(self):
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


if __name__ == "__main__":
    unittest.main()
