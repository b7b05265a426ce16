"""Files in the forms of real shops that once went wrong, imported into real servers, with what is right."""

import json
import pathlib
import re
import unittest

from harness import environment, pb
from harness.flat_case import FlatTest, state
from harness.servers import Shop

CASES = pathlib.Path(__file__).resolve().parent / "flat_cases"
SHOPIFY = (
    "--columns=order=Name,customer=Email,product=Lineitem sku,description=Lineitem name,"
    "quantity=Lineitem quantity,price=Lineitem price,date=Created at"
)


class FlatCasesTest(FlatTest):
    def load(self, case, file, *flags, code=0):
        """Imports a file of a case and checks that each of its rows has one fate. Returns the answer and stderr."""
        answer, told = self.flat(CASES / case / file, *flags, code=code)
        fates = ("stored", "unchanged", "returned", "unmatched", "refused", "skipped")
        self.assertEqual(sum(answer[f"{fate}_row_count"] for fate in fates), answer["row_count"], answer)
        return answer, told

    def lines(self):
        """The stored lines as (order, customer, day, product, quantity, price, returned)."""
        return sorted(state(self.shop)[2].elements())

    def names(self):
        return {product: name for product, name, _ in state(self.shop)[0]}

    def test_blank_rows(self):
        answer, told = self.load("blank_rows", "orders.csv")
        self.assertEqual((answer["row_count"], answer["refused_row_count"], told), (2, 0, ""))

    def test_blank_sku(self):
        _, told = self.load("blank_sku", "orders.csv")
        self.assertIn("2 rows have no product code, and the description stands in for it", told)
        self.assertEqual(
            {line[:4] for line in self.lines()},
            {
                (order, customer, day, product)
                for order, customer, day in (("1", "ann", "2026-03-01"), ("2", "bob", "2026-03-02"))
                for product in ("TEA", "Gift wrap")
            },
        )

    def test_columns_that_cannot_be_named(self):
        self.load("columns_that_cannot_be_named", "comma.csv", "--columns=price=price, net")
        self.load("columns_that_cannot_be_named", "case.csv", "--columns=price=Price")
        self.assertEqual(self.lines(), [("1", "guest", "2024-01-01", "a", 1, 2, 0)])

    def test_dates_short_year_ampm(self):
        self.load("dates_short_year_ampm", "a.csv", "--date-format=mdy")
        self.load("dates_short_year_ampm", "b.csv")
        self.assertEqual([line[2] for line in self.lines()], ["2025-08-14"] * 4)

    def test_guest_refund_next_file(self):
        self.load("guest_refund_next_file", "week1.csv")
        for registered, unchanged in ((1, 0), (0, 1)):
            answer, told = self.load("guest_refund_next_file", "week2.csv")
            self.assertEqual(self.counts(answer)["returns"], (registered, 0, unchanged), told)
            self.assertEqual(answer["extra_line_count"], 0)
            self.assertEqual(self.lines(), [("500", "guest", "2024-01-01", "mug", 2, 6, 1)])

    def test_invoice_date_day_first(self):
        self.load("invoice_date_day_first", "orders.csv")
        self.assertEqual([line[2] for line in self.lines()], ["2024-03-05", "2024-03-31", "2024-03-12"])

    def test_line_break_in_description(self):
        _, told = self.load("line_break_in_description", "orders.csv")
        self.assertEqual({line[3] for line in self.lines()}, {"mug", "pot", "jug", "cup"})
        self.assertEqual((self.names()["mug"], self.names()["cup"]), ("Mug blue", "Café cup"))
        for note in ("text had line breaks", "text was too long and was shortened", "text is not UTF-8"):
            self.assertIn(note, told)

    def test_line_break_in_ignored_column(self):
        answer, _ = self.load("line_break_in_ignored_column", "orders.csv", SHOPIFY)
        self.assertEqual(self.counts(answer)["sales"], (3, 0, 0))
        customers = {("#2001", "zoe@example.org"), ("#2002", "kim@example.org")}
        self.assertEqual({line[:2] for line in self.lines()}, customers)

    def test_line_totals(self):
        for flags in ((), ("--columns=price=total",), ("--columns=total=total",)):
            self.load("line_totals", "orders.csv", *flags)
            self.assertEqual(len(self.lines()), 2)
        summary = json.loads(self.ctl("--output=json", "summary").stdout)
        self.assertEqual(summary["revenue"], 20)

    def test_money_with_sign(self):
        self.load("money_with_sign", "etsy.csv")
        self.load("money_with_sign", "german.csv")
        self.assertEqual({line[3]: line[5] for line in self.lines()}, {"FOX": 5, "STK": 1045.99, "a": 2.55, "b": 3.39})

    def test_no_quantity_no_price(self):
        columns = "--columns=order=Transaction,product=Item,date=date_time"
        _, told = self.load("no_quantity_no_price", "orders.csv", columns, "--date-format=dmy")
        self.assertEqual([line[4:6] for line in self.lines()], [(1, 0)] * 3)
        self.assertIn("no column is the quantity, so each row is one unit", told)

    def test_null_words(self):
        _, told = self.load("null_words", "orders.csv")
        self.assertEqual({line[1] for line in self.lines()}, {"guest"})
        self.assertIn("were read as empty cells", told)

    def test_order_header_of_refused_row(self):
        answer, _ = self.load("order_header_of_refused_row", "bad.csv", code=1)
        self.assertEqual(answer["refused_row_count"], 1)
        self.assertEqual({line[1] for line in self.lines()}, {"zoe"})
        self.load("order_header_of_refused_row", "mended.csv")
        self.assertEqual(
            [(line[1], line[3], line[5]) for line in self.lines()],
            [("zoe", "cup", 3), ("zoe", "str", 4), ("zoe", "tea", 7.5)],
        )

    def test_quote_swallows_lines(self):
        answer, _ = self.load("quote_swallows_lines", "amazon.txt")
        self.assertEqual((answer["row_count"], answer["stored_row_count"]), (503, 503))
        self.assertEqual(len({line[0] for line in self.lines()}), 503)

    def test_receipt_numbers_of_two_tills(self):
        _, told = self.load("receipt_numbers_of_two_tills", "orders.csv", "--columns=order=till+receipt+date")
        self.assertEqual(len({line[0] for line in self.lines()}), 2)
        _, told = self.load("receipt_numbers_of_two_tills", "orders.csv", "--columns=order=receipt")
        self.assertIn("1 order has rows that are more than an hour apart", told)

    def test_refund_under_its_order(self):
        self.load("refund_under_its_order", "orders.csv")
        self.assertIn(("500", "ann", "2024-01-01", "mug", 2, 6, 1), self.lines())

    def test_short_rows(self):
        answer, _ = self.load("short_rows", "orders.csv")
        self.assertEqual(answer["stored_row_count"], 2)

    def test_spreadsheet_numbers(self):
        self.load("spreadsheet_numbers", "monday.csv")
        answer, _ = self.load("spreadsheet_numbers", "tuesday.csv")
        self.assertEqual(self.counts(answer)["transactions"], (0, 0, 1))
        self.assertEqual([line[::3] for line in self.lines()], [("536365", "22423", 0), ("536365", "85123", 0)])

    def test_utf16_and_other_files(self):
        self.load("utf16_and_other_files", "unicode.csv")
        self.load("utf16_and_other_files", "sep.csv")
        umlaut = f"--flat={CASES / 'utf16_and_other_files' / 'umlaut.csv'}"
        columns = "--columns=order=Auftrag,product=Artikel,quantity=Stück,price=Preis,date=Datum"
        done = self.ctl("--output=json", "import", umlaut, columns, "--validate-only", code=1)
        self.assertEqual(json.loads(done.stdout)["file"]["lines"], "1")
        self.assertIn("is already stored with the day 2024-01-31", done.stderr)
        done = self.ctl("import", f"--flat={CASES / 'utf16_and_other_files' / 'book.xlsx'}", code=3)
        self.assertRegex(done.stderr, r"book.xlsx .*workbook")

    def test_two_equal_bulk_orders(self):
        self.load("two_equal_bulk_orders", "orders.csv")
        told = self.ctl("status", "--wait", code=5).stderr
        self.assertIn("rules are answered from a support of 0.025 on, the least that fits", told)
        self.assertIn("a support of at least 0.025", self.ctl("rules", "--limit=3").stderr)
        listed = self.answer(self.bundles.rules.ListAssociationRules, pb.ListAssociationRulesRequest()).rules
        self.assertEqual(len(listed), 4)
        rule = pb.GetAssociationRuleRequest(rule_id=listed[0].rule_id)
        self.assertEqual(self.answer(self.bundles.rules.GetAssociationRule, rule).rule.rule_id, listed[0].rule_id)

    def test_voided_orders(self):
        answer, _ = self.load("voided_orders", "orders.csv", "--where=Financial Status=paid,partially_refunded")
        self.assertEqual((answer["stored_row_count"], answer["skipped_row_count"]), (1, 3))
        self.assertEqual({line[0] for line in self.lines()}, {"#1"})

    def test_voided_orders_are_skipped_unless_asked_for(self):
        for flags, stored, orders in (((), 1, {"#1"}), (("--with-cancelled",), 4, {"#1", "#2", "#3"})):
            answer, told = self.load("voided_orders", "orders.csv", *flags)
            self.assertEqual(answer["stored_row_count"] + answer["unchanged_row_count"], stored)
            self.assertEqual(answer["skipped_row_count"], 4 - stored)
            self.assertEqual({line[0] for line in self.lines()}, orders)
            self.assertEqual("--with-cancelled takes them" in told, not flags, told)

    def test_weighed_goods(self):
        self.load("weighed_goods", "orders.csv")
        self.assertEqual(
            [line[4:6] for line in self.lines() if line[3] == "apple"], [(1, 1.04), (1, 3.6)]
        )


class FormsTest(FlatTest):
    """The files of the reader's own tests that stand for shop systems and baskets, stored by real servers."""

    FILES = environment.ROOT / "tests" / "tools" / "clustrctl" / "flat" / "files"

    def meant(self, orders):
        """The lines of an entry of expected.json as (order, customer, day, product, quantity, price)."""
        for order in orders:
            number, customer, day, lines = re.fullmatch(r"(\S+) (.*) (\d{4}-\d\d-\d\d): (.*)", order).groups()
            for product, quantity, price in re.findall(r"(?:^|, )(.+?)\*(\d+)@([\d.]+)", lines):
                yield number, "guest" if customer == "-" else customer, day, product, int(quantity), float(price)

    def test_each_form_is_stored_as_it_was_meant(self):
        for kind in ("presets", "baskets"):
            for name, entry in json.loads((self.FILES / kind / "expected.json").read_text()).items():
                if "error" in entry:
                    continue
                with self.subTest(name), Shop() as shop:
                    code = 1 if "refused" in entry else 0
                    path = self.FILES / kind / name.split("#")[0]
                    done = shop.ctl("import", f"--flat={path}", *entry.get("flags", ()))
                    self.assertEqual(done.returncode, code, done.stderr)
                    stored = sorted(line[:6] for line in state(shop)[2].elements())
                    self.assertEqual(stored, sorted(self.meant(entry["orders"])))


class ReplaceTest(FlatTest):
    LINES = [
        ("A1", "mug", "Mug", 4, "6", "2024-01-02", "ann"),
        ("A1", "tea", "Tea", 1, "24.50", "2024-01-02", "ann"),
        ("A2", "mug", "Mug", 1, "6", "2024-01-03", "bob"),
    ]

    def test_corrected_lines_replace_and_missing_lines_go(self):
        self.flat(self.file(self.LINES))
        (mugs,) = [key for key in state(self.shop)[2] if key[4] == 4]
        corrected = [
            ("A1", "mug", "Mug", 40, "5.50", "2024-01-05", "eve"),
            ("A1", "cup", "Cup", 2, "3", "2024-01-05", "eve"),
            ("A3", "cup", "Cup", 2, "3", "2024-01-05", "eve"),
        ]
        answer, told = self.flat(self.file(corrected), "--orders=replace")
        self.assertEqual((answer["removed_line_count"], answer["extra_line_count"]), (1, 0), told)
        self.assertEqual(self.counts(answer)["sales"], (2, 1, 0))
        _, _, lines, amounts = state(self.shop)
        self.assertEqual(
            set(lines),
            {
                ("A1", "eve", "2024-01-05", "mug", 40, 5.5, 0),
                ("A1", "eve", "2024-01-05", "cup", 2, 3, 0),
                ("A2", "bob", "2024-01-03", "mug", 1, 6, 0),
                ("A3", "eve", "2024-01-05", "cup", 2, 3, 0),
            },
            mugs,
        )
        self.assertEqual(amounts, {"A1": 226, "A2": 6, "A3": 6})
        self.assert_again_is_unchanged(self.file(corrected), "--orders=replace")

    def test_a_refused_row_removes_nothing(self):
        self.flat(self.file(self.LINES))
        before = state(self.shop)
        bad = [self.LINES[0], ("A1", "tea", "Tea", "one", "24.50", "2024-01-02", "ann")]
        answer, told = self.flat(self.file(bad), "--orders=replace", code=1)
        self.assertEqual((answer["removed_line_count"], answer["extra_line_count"]), (0, 1), told)
        self.assertEqual(state(self.shop), before)


if __name__ == "__main__":
    unittest.main()
