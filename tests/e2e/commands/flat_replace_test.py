"""`--orders=replace` and later files: what is corrected, what stays, and what is told of it."""

import unittest

from harness.flat_case import FlatTest, state

A, B = "2025-07-21", "2025-07-22"


class ReplaceTest(FlatTest):
    def text(self, rows, header="order,product,quantity,price,date,customer"):
        path = self.shop.folder / "orders.csv"
        path.write_text("\n".join([header, *rows]), encoding="utf-8")
        return path

    def load(self, *rows, code=0, replace=True, **options):
        flags = ("--orders=replace",) if replace else ()
        return self.flat(self.text([*rows, ""], **options), *flags, code=code)

    def lines(self):
        """The stored lines as (order, product, quantity, price, returned)."""
        return sorted((key[0], *key[3:]) for key in state(self.shop)[2].elements())

    def amounts(self):
        return state(self.shop)[3]


class RefusedRowTest(ReplaceTest):
    """A row that is refused withholds removals, and never turns a correction into an addition."""

    def test_an_unreadable_row_elsewhere_leaves_the_corrections_of_other_orders(self):
        for bad in (f"3,pot, red,1,5,{A},cid", f"4.71E+12,pot,1,5,{A},cid", f",pot,1,5,{A},cid"):
            with self.subTest(bad):
                self.load(f"1,mug,40,5,{A},ann", f"2,cup,4,5,{A},bob", f"3,pot,1,5,{A},cid")
                answer, told = self.load(f"1,mug,4,5,{A},ann", f"2,cup,5,5,{A},bob", bad, code=1)
                self.assertEqual(self.lines(), [("1", "mug", 4, 5, 0), ("2", "cup", 5, 5, 0), ("3", "pot", 1, 5, 0)])
                self.assertEqual(self.amounts(), {"1": 20, "2": 25, "3": 5})
                self.assertEqual(self.counts(answer)["sales"], (0, 2, 0), told)

    def test_a_refused_row_of_the_order_keeps_what_it_may_stand_for(self):
        for bad in (
            f"1,pot, red,1,5,{A},ann",
            f"1,pot,x,5,{A},ann",
            f"1,pot,-x,5,{A},ann",
            f"1,pot,1,5,{A},eve",
            "1",
            "1,",
        ):
            with self.subTest(bad):
                self.load(f"1,mug,2,5,{A},ann", f"1,pot,1,5,{A},ann")
                answer, told = self.load(f"1,mug,3,6,{A},ann", bad, code=1)
                self.assertEqual(self.lines(), [("1", "mug", 3, 6, 0), ("1", "pot", 1, 5, 0)])
                self.assertEqual(self.amounts(), {"1": 23})
                self.assertEqual((answer["extra_line_count"], answer["removed_line_count"]), (1, 0))
                self.assertRegex(told, r"lacks a stored line, which is kept: order 1, sale \d+: 1 unit of product pot\n")

    def test_a_row_that_was_cut_off_removes_nothing(self):
        self.load(f"1,mug,2,5,{A},ann", f"1,pot,1,5,{A},ann")
        before = self.lines()
        for rest in ("1", "1,", "1,pot,1,5,2025-07-2"):
            path = self.text([f"1,mug,2,5,{A},ann", rest])
            _, told = self.flat(path, "--orders=replace", code=1)
            self.assertIn("and no line break, so the file seems to be cut off here", told)
            self.assertEqual(self.lines(), before)

    def test_an_unreadable_row_that_names_its_order_withholds_the_removals_of_that_order_only(self):
        self.load(f"1,mug,2,5,{A},ann", f"1,pot,1,5,{A},ann", f"2,mug,1,5,{A},bob", f"2,pot,1,5,{A},bob")
        self.load(f"1,mug,2,5,{A},ann", f"2,mug,1,5,{A},bob", f"2,pot, red,1,5,{A},bob", code=1)
        self.assertEqual(self.lines(), [("1", "mug", 2, 5, 0), ("2", "mug", 1, 5, 0), ("2", "pot", 1, 5, 0)])


class ToldTest(ReplaceTest):
    def test_returns_that_go_with_a_removed_line_are_told(self):
        self.load(f"1,mug,2,5,{A},ann", f"R,mug,-1,5,{B},ann")
        answer, told = self.load(f"1,mug2,2,5,{A},ann")
        self.assertEqual(self.lines(), [("1", "mug2", 2, 5, 0)])
        self.assertIn('these returns went with it: "order 1: 2 of product mug, 1 returned"', told)
        self.assertIn("these returns went with it", "".join(answer["notes"]))

    def test_returns_that_the_file_lacks_stay_and_are_told(self):
        self.load(f"1,mug,5,5,{A},ann", f"R,mug,-3,5,{B},ann")
        _, told = self.load(f"1,mug,5,5,{A},ann")
        self.assertEqual(self.lines(), [("1", "mug", 5, 5, 3)])
        self.assertIn('"3 returned, 0 in the file: order 1, mug"', told)

    def test_a_quantity_below_the_returned_units_is_refused_once(self):
        self.load(f"1,mug,5,5,{A},ann", f"R,mug,-3,5,{B},ann")
        _, told = self.load(f"1,mug,2,5,{A},ann", f"R,mug,-3,5,{B},ann", code=1)
        self.assertRegex(told, r"orders.csv row 1: quantity: 2 is below the 3 units that were returned")
        self.assertEqual(self.lines(), [("1", "mug", 5, 5, 3)])

    def test_an_order_that_is_skipped_now_is_told_to_be_stored(self):
        header = "order,product,quantity,price,date,customer,status"
        self.load(f"1,mug,1,5,{A},ann,ok", header=header)
        path = self.text([f"1,mug,1,5,{A},ann,void", ""], header=header)
        _, told = self.flat(path, "--where=status=ok", "--orders=replace", code=1)
        self.assertIn('1 order that the file skips is stored, and still counts as a purchase: "1"', told)

    def test_an_order_that_differs_is_told_in_the_codes_of_the_shop(self):
        self.load(f"1,mug,1,5,{A},", f"2,mug,1,5,{A},ann")
        _, told = self.load(f"1,mug,1,5,{A},eve", f"2,mug,1,5,{B},ann", code=1, replace=False)
        self.assertIn('row 1: order: is already stored with the customer "guest", not "eve"; correct', told)
        self.assertIn(f"row 2: order: is already stored with the day {A}, not {B}; correct", told)


class LaterFileTest(ReplaceTest):
    def test_a_return_that_may_be_a_known_one_is_told(self):
        self.load(f"1,mug,3,5,{A},ann")
        self.load("R1,mug,-1,5,2025-08-05,ann")
        _, told = self.load("R2,mug,-1,5,2025-09-05,ann")
        self.assertIn('1 return was taken for one that is registered already: "row 1, 1 of product mug"', told)
        self.assertEqual(self.lines(), [("1", "mug", 3, 5, 1)])

    def test_a_negative_price_that_is_not_the_price_of_the_line_registers_no_unit(self):
        rows = (f"1,mug,1,10,{A},ann", f"1,mug,1,-2,{A},ann", f"2,card,1,50,{A},ann", f"3,card,1,-5,{B},ann")
        answer, told = self.load(*rows, replace=False)
        self.assertEqual(answer["unmatched_return_count"], 2)
        self.assertIn("row 2: price: -2.00 is not the price of an earlier line of this product", told)
        self.assertIn("row 4: price: -5.00 is not the price of an earlier line of this product", told)
        self.assertEqual(self.lines(), [("1", "mug", 1, 10, 0), ("2", "card", 1, 50, 0)])
        self.load(*rows, f"4,card,1,-50,{B},ann", replace=False)
        self.assertEqual(self.lines(), [("1", "mug", 1, 10, 0), ("2", "card", 1, 50, 1)])

    def test_an_order_over_midnight_goes_on_in_the_file_of_the_next_day(self):
        for replace in (False, True):
            self.load(f"{replace},mug,4,5,{A} 23:55,ann", replace=replace)
            self.load(f"{replace},pot,1,20,{B} 00:05,ann", replace=replace)
        self.assertEqual(self.lines(), [(order, *line) for order in ("False", "True") for line in (("mug", 4, 5, 0), ("pot", 1, 20, 0))])
        self.assertEqual({key[2] for key in state(self.shop)[2]}, {A})
        _, told = self.load(f"False,cup,1,20,{B} 09:05,ann", replace=False, code=1)
        self.assertIn(f"is already stored with the day {A}, not {B}", told)


if __name__ == "__main__":
    unittest.main()
