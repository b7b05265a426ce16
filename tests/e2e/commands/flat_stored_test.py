"""Files that have to do with what is stored: baskets without numbers, refunds of earlier purchases, and the profile."""

import unittest

from harness import rows
from harness.flat_case import FlatTest, state


class NumberedBasketsTest(FlatTest):
    def baskets(self, folder, text, *flags, code=0):
        path = self.shop.folder / folder / "baskets.csv"
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
        return self.ctl("import", f"--flat={path}", "--baskets", "--day=2024-04-01", *flags, code=code)

    def lines(self):
        return sorted((line[0], line[3]) for line in state(self.shop)[2].elements())

    def test_files_of_one_name_do_not_merge(self):
        self.baskets("january", "tea,mug\npot\n")
        before = self.shop.revisions(), self.lines()
        told = self.baskets("february", "tea,mug\ncup\n", code=3).stderr
        self.assertIn('1 basket is stored under the number of a row of this file, but with another content: "bask', told)
        self.assertIn("--basket-name=NAME", told)
        self.assertIn("--orders=replace", told)
        self.assertEqual((self.shop.revisions(), self.lines()), before)
        self.baskets("february", "tea,mug\ncup\n", "--validate-only", code=3)
        self.baskets("february", "tea,mug\ncup\n", "--basket-name=february")
        self.assertEqual(
            self.lines(),
            [("baskets.csv:1", "mug"), ("baskets.csv:1", "tea"), ("baskets.csv:2", "pot")]
            + [("february:1", "mug"), ("february:1", "tea"), ("february:2", "cup")],
        )

    def test_another_day_is_another_file(self):
        self.baskets("april", "tea,mug\npot\n")
        path = self.shop.folder / "april" / "baskets.csv"
        done = self.ctl("import", f"--flat={path}", "--baskets", "--day=2024-05-01", code=3)
        self.assertIn("2 baskets are stored under the numbers of rows of this file", done.stderr)

    def test_a_file_that_has_grown_adds_its_new_baskets(self):
        self.baskets("growing", "tea,mug\npot\n")
        self.baskets("growing", "tea,mug\npot\ncup,tea\n")
        self.baskets("growing", "tea,mug\npot\ncup,tea\n")
        self.assertEqual(len(self.lines()), 5)

    def test_a_corrected_file_replaces(self):
        self.baskets("corrected", "tea,mug\npot\n")
        self.baskets("corrected", "tea\npot\n", "--orders=replace")
        self.assertEqual(self.lines(), [("baskets.csv:1", "tea"), ("baskets.csv:2", "pot")])


class OriginalOrdersTest(FlatTest):
    def test_a_returns_file_reduces_purchases_of_an_earlier_file(self):
        self.flat(self.file(self.LINES, name="january.csv"))
        path = self.shop.folder / "returns.csv"
        path.write_text(
            "Return ID,Original Order,product,quantity,price,date,customer\n"
            "R1,A1,mug,3,6.00,2024-02-01,\n"
            "R2,A2,mug,1,6.00,2024-02-02,Bob Ray\n"
            "R3,A9,mug,1,6.00,2024-02-03,ann\n"
            "R4,A1,tea,3,24.50,2024-02-03,ann\n"
        )
        answer, told = self.flat(path, "--columns=order=Return ID")
        self.assertEqual((self.counts(answer)["returns"], answer["unmatched_return_count"]), ((2, 0, 0), 2))
        self.assertIn('takes back the order "A9", which has no line of this product', told)
        self.assertIn('-3 is more than what is left of this product in the order "A1"', told)
        registered = {(key[0], key[3]): key[-1] for key in state(self.shop)[2] if key[-1] > 0}
        self.assertEqual(registered, {("A1", "mug"): 3, ("A2", "mug"): 1})
        again = self.assert_again_is_unchanged(path, "--columns=order=Return ID")
        self.assertEqual(self.counts(again)["returns"], (0, 0, 2))


    def test_the_original_order_may_be_named_without_its_hash(self):
        self.flat(self.file([("#7", *line[1:]) for line in self.LINES if line[0] == "A2"], name="january.csv"))
        path = self.shop.folder / "returns.csv"
        path.write_text("order,product,quantity,price,date,Original Order\nR1,mug,-1,6.00,2024-02-01,7\n")
        for counts in ((1, 0, 0), (0, 0, 1)):
            answer, told = self.flat(path)
            self.assertEqual(self.counts(answer)["returns"], counts, told)
        self.assertEqual([key[-1] for key in state(self.shop)[2]], [1])

    def test_a_second_file_of_returns_may_say_that_they_are_new(self):
        self.flat(self.file(self.LINES, name="january.csv"))
        header = "order,product,quantity,price,date,customer,Refund of\n"
        path = self.shop.folder / "february.csv"
        path.write_text(f"{header}R1,mug,1,6.00,2024-02-01,ann,A1\n")
        self.flat(path)
        later = self.shop.folder / "march.csv"
        later.write_text(f"{header}R2,mug,1,6.00,2024-03-01,ann,A1\nR3,tea,1,24.50,2024-03-01,ann,A1\n")
        seen, told = self.flat(later, "--validate-only")
        self.assertEqual((seen["stored"]["unchanged_return_count"], seen["stored"]["new_return_count"]), (1, 1))
        self.assertIn("if it is another one, import it with --returns=add", told)
        answer, told = self.flat(later, "--returns=add")
        self.assertEqual((self.counts(answer)["returns"], told.count("registered already")), ((2, 0, 0), 0))
        registered = sorted((key[3], key[-1]) for key in state(self.shop)[2].elements() if key[-1] > 0)
        self.assertIn(registered, ([("mug", 2), ("tea", 1)], [("mug", 1), ("mug", 1), ("tea", 1)]))
        self.assert_again_is_unchanged(later)


class UnitsThatCameBackTest(FlatTest):
    def test_a_later_export_with_more_refunded_units_registers_the_difference(self):
        path = self.shop.folder / "orders.csv"
        header = "increment_id,created_at,customer_email,sku,name,qty_ordered,qty_refunded,price\n"
        for refunded, counts in ((0, (0, 0, 0)), (1, (1, 0, 0)), (3, (1, 0, 0)), (3, (0, 0, 1))):
            path.write_text(f"{header}7,2026-03-01,zoe@x.org,TEA,Tea,4,{refunded},7.50\n")
            answer, _ = self.flat(path)
            self.assertEqual(self.counts(answer)["returns"], counts, refunded)
            self.assertEqual(answer["returned_row_count"], 0)
            self.assertEqual(answer["stored_row_count"] + answer["unchanged_row_count"], 1)
            self.assertEqual([key[4:] for key in state(self.shop)[2]], [(4, 7.5, refunded)])


    def test_units_that_are_cancelled_after_an_import_correct_their_line(self):
        path = self.shop.folder / "orders.csv"
        header = "increment_id,created_at,customer_email,sku,name,qty_ordered,qty_refunded,qty_canceled,price\n"
        rows = "7,2026-03-01,zoe@x.org,TEA,Tea,4,{},{},7.50\n8,2026-03-01,zoe@x.org,MUG,Mug,1,0,{},6\n"
        path.write_text(header + rows.format(1, 0, 0))
        self.flat(path)
        path.write_text(header + rows.format(1, 1, 1))
        answer, told = self.flat(path)
        self.assertEqual(self.counts(answer)["sales"], (0, 1, 0), told)
        self.assertIn('1 order that the file skips is stored, and still counts as a purchase: "8"', told)
        self.assertEqual(
            sorted(key[:1] + key[3:] for key in state(self.shop)[2]),
            [("7", "TEA", 3, 7.5, 1), ("8", "MUG", 1, 6, 0)],
        )
        self.assertEqual(state(self.shop)[3], {"7": 22.5, "8": 6})
        self.assert_again_is_unchanged(path)


class AlikeCodesTest(FlatTest):
    def test_an_order_is_one_with_and_without_a_hash(self):
        rows = [line for line in self.LINES if line[0] == "A1"]
        self.flat(self.file([("#7", *line[1:]) for line in rows], name="orders.csv"))
        path = self.file([("7", *line[1:]) for line in rows], name="report.csv")
        answer, told = self.flat(path)
        self.assertEqual(self.counts(answer)["transactions"], (0, 0, 1))
        self.assertIn("1 order is stored with a hash in front of its number or without one", told)
        self.assertIn('"7 (stored as #7)"', told)
        self.assertEqual({key[0] for key in state(self.shop)[2]}, {"#7"})
        returns = self.file([("7", "mug", "Mug", -1, "6", "2024-01-09", "ann")], name="returns.csv")
        self.assertEqual(self.counts(self.flat(returns)[0])["returns"], (1, 0, 0))

    def test_a_corrected_order_of_a_person_is_one_with_and_without_a_hash(self):
        self.flat(self.file([("#7", "mug", "Mug", 4, "6", "2024-01-03", "ann")], name="january.csv"))
        path = self.file(
            [("7", "mug", "Mug", 5, "6", "2024-01-03", "ann"), ("7", "tea", "Tea", 1, "24.5", "2024-01-03", "ann")],
            name="corrected.csv",
        )
        answer, told = self.flat(path, "--orders=replace")
        self.assertEqual(self.counts(answer)["transactions"], (0, 1, 0), told)
        self.assertIn('"7 (stored as #7)"', told)
        lines = sorted((key[0], key[3], key[4]) for key in state(self.shop)[2].elements())
        self.assertEqual(lines, [("#7", "mug", 5), ("#7", "tea", 1)])
        self.assertEqual(self.counts(self.flat(path, "--orders=replace")[0])["transactions"], (0, 0, 1))

    def test_the_same_number_with_a_hash_may_be_an_order_of_another_shop(self):
        till = [("7", "mug", "Mug", 1, "6", "2024-01-03", "")]
        others = {
            "day": [("#7", "mug", "Mug", 1, "6", "2024-01-09", "")],
            "lines": [("#7", "tea", "Tea", 2, "24.5", "2024-01-03", "")],
            "customer": [("#7", "mug", "Mug", 1, "6", "2024-01-03", "eve")],
        }
        for case, flag in (("day", "add"), ("day", "replace"), ("lines", "add"), ("lines", "replace"), ("customer", "add")):
            with self.subTest(case=case, flag=flag):
                first = [(*till[0][:6], "bob")] if case == "customer" else till
                number = f"{case[0]}{flag[0]}7"
                self.flat(self.file([(number, *line[1:]) for line in first], name="till.csv"))
                path = self.file([(f"#{number}", *line[1:]) for line in others[case]], name="web.csv")
                answer, told = self.flat(path, f"--orders={flag}")
                self.assertEqual(self.counts(answer)["transactions"], (1, 0, 0), told)
                self.assertIn(f'so it is an order of its own: "#{number} (stored as {number})"', told)
                lines = [line for line in state(self.shop)[2].elements() if line[0].endswith(number)]
                self.assertEqual(sorted(line[0] for line in lines), [f"#{number}", number])
                self.assertEqual(self.flat(path, f"--orders={flag}")[1].count("stored as"), 0)


    def test_a_product_that_differs_from_a_stored_one_in_case_is_told(self):
        self.flat(self.file(self.LINES, name="january.csv"))
        path = self.file([("B1", "MUG", "Mug", 1, "6", "2024-02-03", "bob")], name="february.csv")
        for flags in (("--validate-only",), ()):
            _, told = self.flat(path, *flags)
            self.assertIn('differs from another one in case only: "MUG and the stored mug"', told)
        self.assertNotIn("in case only", self.flat(path)[1])


class UnknownCustomersTest(FlatTest):
    def test_walk_in_customers_are_the_guest(self):
        lines = [(f"A{n}", "mug", "Mug", 1, "6", "2024-01-03", "Laufkundschaft") for n in range(3)]
        _, told = self.flat(self.file([*lines, ("B1", "mug", "Mug", 1, "6", "2024-01-03", "bob")]))
        self.assertIn('the customer "Laufkundschaft" was taken for the guest', told)
        guests = {row.external_id: row.guest for row in rows.export(self.shop.catalog.client, "customers")}
        self.assertEqual(guests, {"guest": True, "bob": False})

    def test_the_flag_makes_a_code_the_guest_that_every_order_names(self):
        self.flat(self.file([("A1", "mug", "Mug", 1, "6", "2024-01-03", "0")]), "--guest=0")
        guests = {row.external_id: row.guest for row in rows.export(self.shop.catalog.client, "customers")}
        self.assertEqual(guests, {"0": True})


class CurrencyTest(FlatTest):
    def test_each_file_tells_its_currency(self):
        path = self.shop.folder / "march.csv"
        header = "order,product,quantity,price,date,customer,Currency\n"
        for text, currency in (
            (header + "1,mug,1,6.00,2024-03-01,ann,EUR\n", "€"),
            (header + "2,mug,1,$6.00,2024-03-01,ann,\n", "$"),
        ):
            path.write_text(text)
            self.assertIn(f"the amounts are in {currency}; a shop has one currency", self.flat(path)[1])
            shown = self.flat(path, "--validate-only")[0]
            self.assertEqual(shown["file"]["currency"], currency)
        self.assertNotIn("currency", self.flat(self.file(self.LINES))[1])


class ProfileTest(FlatTest):
    def test_a_profile_says_what_is_stored_and_changes_nothing(self):
        self.flat(self.file(self.LINES))
        lines = [line for line in self.LINES if line[0] != "A3"] + [
            ("A2", "cup", "Cup", 1, "2", "2024-01-03", "bob"),
            ("A3", "cup", "", 3, "0", "2024-01-09", ""),
            ("A4", "mug", "Mug", 1, "6", "2024-01-05", "eve"),
            ("C1", "tea", "Tea pot", -1, "24.50", "2024-01-09", "ann"),
            ("C2", "tea", "Tea pot", -2, "24.50", "2024-01-10", "ann"),
            ("C3", "mug", "Mug", -1, "6", "2024-01-10", "eve"),
        ]
        path = self.file(lines, name="next.csv")
        before = self.shop.revisions(), state(self.shop)
        answer, told = self.flat(path, "--validate-only", code=1)
        self.assertEqual((self.shop.revisions(), state(self.shop)), before)
        self.assertEqual(
            answer["stored"],
            {
                "unchanged_order_count": 1,
                "changed_order_count": 1,
                "new_order_count": 1,
                "refused_order_count": 1,
                "unchanged_return_count": 0,
                "new_return_count": 2,
                "unmatched_return_count": 1,
            },
        )
        self.assertIn("order: is already stored with the day 2024-01-03, not 2024-01-09", told)
        (unmatched,) = answer["unmatched_returns"]
        self.assertIn("is more than what is left", unmatched["violations"][0]["description"])
        shown = self.ctl("import", f"--flat={path}", "--validate-only", code=1).stdout
        self.assertIn("orders: 1 unchanged, 1 to be changed, 1 new, 1 refused; returns: 0 unchanged, 2 new, 1 unmatched", shown)
        self.assertIn("UNMATCHED RETURNS", shown)
        real, _ = self.flat(path, code=1)
        self.assertEqual(self.counts(real)["returns"], (2, 0, 0))
        self.assertEqual((real["unmatched_return_count"], real["refused_row_count"]), (1, 1))

    def test_without_servers_the_profile_says_that_it_was_not_compared(self):
        path = self.file(self.LINES)
        self.shop.sales.stop()
        answer, _ = self.flat(path, "--validate-only")
        self.assertIn("not compared, since nobody answers at", answer["file"]["stored"])
        self.assertEqual(answer["row_count"], 5)
        self.shop.sales.start()


class WhereTest(FlatTest):
    def test_a_condition_that_no_row_fits_fails_and_stores_nothing(self):
        path = self.file(self.LINES)
        before = self.shop.revisions()
        done = self.ctl("import", f"--flat={path}", "--where=customer=anne", code=1)
        self.assertIn('"customer" has ann (3 rows), bob (1 row); did you mean "ann"?', done.stderr)
        self.assertEqual(self.shop.revisions(), before)


if __name__ == "__main__":
    unittest.main()
